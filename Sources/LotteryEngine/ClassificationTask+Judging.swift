internal import Datasets
package import Experiments

extension ClassificationTask {
  /// On held-out samples: some of them at the end of an extraction, all after retraining.
  package func judge(
    _ candidates: [Candidate], after stage: Stage, round: Int, with trainer: SubnetworkTrainer,
    beforeEach: () throws -> Void
  ) throws -> Verdict? {
    let evaluator = Evaluator(task: self, trainer: trainer)
    guard stage == .retraining else {
      guard config.evaluation.roundSamples > 0 else { return nil }
      let samples = roundSamples
      let qualities = try candidates.map { candidate in
        try evaluator.judge(candidate, samples: samples, beforeEach: beforeEach)
      }
      return Verdict(qualities: qualities, samples: samples.count, table: { "" })
    }
    let judgement = try evaluator.judgeAll(candidates, beforeEach: beforeEach)
    return Verdict(
      qualities: judgement.qualities, samples: judgement.labels.count,
      argmaxAccuracy: judgement.argmaxAccuracy, table: { table(judgement) })
  }

  /// A line per held-out sample: its class, what the argmax chose, all scores.
  private func table(_ judgement: Evaluator.Judgement) -> String {
    var lines = [CSV.line(["sample", "label", "argmax"] + scoreNames)]
    let classes = dataset.classNames
    let perSample = scoresPerSample
    for sample in judgement.labels.indices {
      let scores = judgement.scores.flatMap { $0[sample * perSample..<(sample + 1) * perSample] }
      lines.append(
        CSV.line(
          [
            "\(sample)", classes[judgement.labels[sample]], scoreNames[judgement.choices[sample]],
          ] + scores.map { "\($0)" }))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
