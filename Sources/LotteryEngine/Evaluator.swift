package import Datasets
package import Experiments
internal import NeuralNetworks
internal import Tensors

/// Judges subnetworks on held-out data.
///
/// The oracle setting (paper §4): subnetwork k decides for every held-out sample whether it belongs
/// to its subset, at the threshold 0 of its logit, which balanced training makes the even odds.
package struct Evaluator {
  private let task: ClassificationTask
  private let trainer: SubnetworkTrainer

  package init(task: ClassificationTask, trainer: SubnetworkTrainer) {
    self.task = task
    self.trainer = trainer
  }

  /// The logits of subnetworks on some samples, each `[sample][1]` for a binary task (its own
  /// unit), `[sample][class]` for a multi-class one. Images are read and normalised once for all.
  /// - Parameters:
  ///   - images: what the samples are of; `nil` is the held-out ones.
  ///   - beforeEach: called before each subnetwork's turn with some samples.
  /// - Throws: `DatasetError` if an image can no longer be read, what `beforeEach` throws.
  package func scores(
    _ candidates: [Candidate], of images: LabeledImages? = nil, samples: [Int],
    beforeEach: () throws -> Void = {}
  ) throws -> [[Float]] {
    var scores = [[Float]](repeating: [], count: candidates.count)
    for index in scores.indices {
      scores[index].reserveCapacity(samples.count * task.scoresPerSample)
    }
    var start = 0
    while start < samples.count {
      let chunk = samples[start..<min(start + trainer.network.capacity, samples.count)]
      try task.load(
        unchanged: chunk, of: images ?? task.dataset.test, into: trainer.network.input,
        pool: trainer.pool)
      for (index, candidate) in candidates.enumerated() {
        try beforeEach()
        trainer.useWeights(candidate.parameters, mask: candidate.mask)
        trainer.evaluate(statistics: candidate.statistics)
        for sample in 0..<chunk.count {
          task.appendScores(
            of: sample, subnetwork: candidate.subnetwork, network: trainer.network,
            to: &scores[index])
        }
      }
      start += chunk.count
    }
    return scores
  }

  /// The quality of a subnetwork on held-out samples.
  /// - Parameter beforeEach: called before its turn with some of them; what it throws ends the judging.
  /// - Throws: `DatasetError` if an image can no longer be read.
  package func judge(
    _ candidate: Candidate, samples: [Int], beforeEach: () throws -> Void = {}
  ) throws -> SubnetworkQuality {
    let scores = try scores([candidate], samples: samples, beforeEach: beforeEach)
    return task.quality(of: scores[0], subnetwork: candidate.subnetwork, samples: samples)
  }

  /// All subnetworks on all held-out samples, and the argmax over their scores.
  /// - Parameters:
  ///   - candidates: all of them, in their order.
  ///   - beforeEach: called before each subnetwork's turn with some samples; what it throws ends the
  ///     judging.
  /// - Throws: `DatasetError` if an image can no longer be read.
  package func judgeAll(
    _ candidates: [Candidate], beforeEach: () throws -> Void
  ) throws -> Judgement {
    let samples = task.heldOutSamples
    let scores = try scores(candidates, samples: samples, beforeEach: beforeEach)
    let choices = task.argmaxChoices(scores: scores)
    let labels = samples.map { Int(task.dataset.test.labels[$0]) }
    // With a filter on the classes, samples of the others have no right answer among the K; and one
    // subnetwork alone has nothing to choose between.
    let rightChoices = task.rightChoices
    let decidable =
      Set(rightChoices.values).count < 2
      ? [] : samples.indices.filter { rightChoices[labels[$0]] != nil }
    let right = decidable.filter { choices[$0] == rightChoices[labels[$0]] }.count
    return Judgement(
      qualities: candidates.indices.map {
        task.quality(of: scores[$0], subnetwork: $0, samples: samples)
      },
      scores: scores, choices: choices, labels: labels,
      argmaxAccuracy: decidable.isEmpty ? nil : Double(right) / Double(decidable.count))
  }

  /// The result of judging all subnetworks.
  package struct Judgement {
    /// One per subnetwork.
    package let qualities: [SubnetworkQuality]
    /// `[subnetwork][sample × scoresPerSample]`.
    package let scores: [[Float]]
    /// What the argmax chose, per sample: an index into the task's `scoreNames`.
    package let choices: [Int]
    /// The true class, per sample.
    package let labels: [Int]
    /// Fraction of samples for which the argmax is right, among those that belong to a subset.
    package let argmaxAccuracy: Double?
  }
}
