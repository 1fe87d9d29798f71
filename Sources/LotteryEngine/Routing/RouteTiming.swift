internal import Datasets
internal import NeuralNetworks
internal import Tensors

/// How long the ways from image to decision take, carried out as they would be: images are read and
/// normalised, and those that go to the same subnetwork go together.
struct RouteTiming {
  let task: ClassificationTask
  let trainer: SubnetworkTrainer
  let candidates: [Candidate]
  /// The images of one batch.
  let samples: [Int]

  /// All subnetworks, the images read once.
  func together() throws {
    try load(samples)
    for candidate in candidates { pass(candidate) }
  }

  /// All subnetworks, the images read for each.
  func alone() throws {
    for candidate in candidates {
      try load(samples)
      pass(candidate)
    }
  }

  /// Some subnetworks for each image, by place in `samples`.
  func routed(_ subnetworks: [[Int]]) throws {
    for candidate in candidates {
      let own = samples.indices.filter { subnetworks[$0].contains(candidate.subnetwork) }
      guard !own.isEmpty else { continue }
      try load(own.map { samples[$0] })
      pass(candidate)
    }
  }

  private func load(_ samples: [Int]) throws {
    try task.load(
      unchanged: samples[...], of: task.dataset.test, into: trainer.network.input,
      pool: trainer.pool)
  }

  private func pass(_ candidate: Candidate) {
    trainer.useWeights(candidate.parameters, mask: candidate.mask)
    trainer.evaluate(statistics: candidate.statistics)
  }

  /// Rounds in which all are timed in turn.
  private static let rounds = 3

  /// The median milliseconds of several ways, taken in alternation so that what else the machine does
  /// meets them alike.
  /// - Throws: what one of them throws.
  static func medianMilliseconds(_ ways: [() throws -> Void]) throws -> [Double] {
    var failure: (any Error)?
    let works = ways.map { way in
      Work(operations: 0) {
        do { try way() } catch { failure = failure ?? error }
      }
    }
    let seconds = Work.alternate(works, rounds: rounds)
    if let failure { throw failure }
    return seconds.map { Spread($0).median * 1000 }
  }
}
