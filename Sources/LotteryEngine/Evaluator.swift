internal import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

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

  /// The logits of subnetwork k on held-out samples: `[sample][1]` for a binary task (its own
  /// unit), `[sample][class]` for a multi-class one.
  package func scores(
    _ k: Int, parameters: FloatBuffer, mask: BitVector, statistics: BatchNormStatistics,
    samples: [Int]
  ) -> [Float] {
    trainer.useWeights(parameters, mask: mask)
    var scores: [Float] = []
    scores.reserveCapacity(samples.count * task.scoresPerSample)
    var start = 0
    while start < samples.count {
      let chunk = samples[start..<min(start + trainer.network.capacity, samples.count)]
      trainer.evaluate(heldOut: chunk, statistics: statistics)
      for sample in 0..<chunk.count {
        task.appendScores(
          of: sample, subnetwork: k, network: trainer.network, to: &scores)
      }
      start += chunk.count
    }
    return scores
  }

  /// The quality of subnetwork k on held-out samples.
  package func judge(
    _ k: Int, parameters: FloatBuffer, mask: BitVector, statistics: BatchNormStatistics,
    samples: [Int]
  ) -> SubnetworkQuality {
    let scores = scores(
      k, parameters: parameters, mask: mask, statistics: statistics, samples: samples)
    return task.quality(of: scores, subnetwork: k, samples: samples)
  }

  /// All subnetworks on all held-out samples, and the argmax over their scores.
  package func judgeAll(
    parameters: FloatBuffer, masks: [BitVector], statistics: [BatchNormStatistics],
    betweenSubnetworks: () throws -> Void
  ) rethrows -> Judgement {
    let samples = task.heldOutSamples
    var scores: [[Float]] = []
    for k in masks.indices {
      try betweenSubnetworks()
      scores.append(
        self.scores(
          k, parameters: parameters, mask: masks[k], statistics: statistics[k], samples: samples))
    }
    let choices = task.argmaxClasses(scores: scores)
    let labels = samples.map { Int(task.dataset.test.labels[$0]) }
    // With a filter on the classes, samples of the others have no right answer among the K; and one
    // subnetwork alone has nothing to choose between.
    let classes = task.decidableClasses
    let decidable = classes.count < 2 ? [] : samples.indices.filter { classes.contains(labels[$0]) }
    let right = decidable.filter { choices[$0] == labels[$0] }.count
    return Judgement(
      qualities: masks.indices.map {
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
    /// The class chosen by the argmax, per sample.
    package let choices: [Int]
    /// The true class, per sample.
    package let labels: [Int]
    /// Fraction of samples whose class the argmax names.
    package let argmaxAccuracy: Double?
  }
}
