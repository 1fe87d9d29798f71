package import Foundation
package import NeuralNetworks
package import Tensors

/// Everything that the next step of a training depends on, copied: θ, Adam's moments and counts, running
/// statistics, the place in the epoch, the stream of the augmentation.
///
/// The mini-batches are not here: those of an epoch follow from the seed and (stage, round, k, epoch),
/// so the place in the epoch is enough.
package struct TrainingState: Sendable, Equatable {
  /// The place of the next step.
  package struct Place: Sendable, Codable, Equatable {
    /// From 1; one more than there are once all steps are taken.
    package var epoch = 1
    /// Steps taken in this epoch: mini-batches in extraction, k-th steps of all subnetworks in
    /// retraining.
    package var step = 0
    /// Sum of the losses of this epoch so far, per subnetwork (one in extraction).
    package var lossSums: [Double]
    /// The stream of the augmentation; `nil` before the epoch's first step.
    package var random: [UInt64]?

    package init(epoch: Int = 1, lossSums: [Double]) {
      self.epoch = epoch
      self.lossSums = lossSums
    }
  }

  /// Running statistics of one owner.
  package struct Statistics: Sendable, Equatable {
    package var mean: Data
    package var variance: Data
    package var batches: Int
  }

  /// θ and its optimizer.
  package struct Model: Sendable, Equatable {
    package var parameters: Data
    package var firstMoments: Data
    package var secondMoments: Data
    package var stepCounts: [Int]
    /// Empty unless Adam counts per weight.
    package var weightCounts: [Int32]

    fileprivate init(_ learner: Learner) {
      parameters = learner.parameters.bytes
      firstMoments = learner.optimizer.firstMoments.bytes
      secondMoments = learner.optimizer.secondMoments.bytes
      stepCounts = learner.optimizer.stepCounts
      weightCounts = learner.optimizer.weightCounts
    }

    /// A model that was read.
    init(
      parameters: Data, firstMoments: Data, secondMoments: Data, stepCounts: [Int],
      weightCounts: [Int32]
    ) {
      self.parameters = parameters
      self.firstMoments = firstMoments
      self.secondMoments = secondMoments
      self.stepCounts = stepCounts
      self.weightCounts = weightCounts
    }

    fileprivate func restore(_ learner: Learner) {
      learner.parameters.copy(bytes: parameters)
      learner.optimizer.firstMoments.copy(bytes: firstMoments)
      learner.optimizer.secondMoments.copy(bytes: secondMoments)
      learner.optimizer.stepCounts = stepCounts
      learner.optimizer.weightCounts = weightCounts
    }
  }

  package var place: Place
  /// One per owner: a subnetwork, or all together.
  package var models: [Model]
  /// One per owner: a subnetwork, or all together.
  package var statistics: [Statistics]
  /// What the criterion of the pruning has gathered in this epoch, if it gathers something.
  package var sensitivities: Data?

  /// A copy of a training as it stands between two steps.
  package init(
    place: Place, learners: [Learner], statistics: [BatchNormStatistics],
    sensitivities: FloatBuffer? = nil
  ) {
    self.place = place
    models = learners.map(Model.init)
    self.statistics = statistics.map {
      Statistics(mean: $0.mean.bytes, variance: $0.variance.bytes, batches: $0.batches)
    }
    self.sensitivities = sensitivities?.bytes
  }

  /// A state that was read.
  init(place: Place, models: [Model], statistics: [Statistics], sensitivities: Data?) {
    self.place = place
    self.models = models
    self.statistics = statistics
    self.sensitivities = sensitivities
  }

  /// Puts the state back into what a stage trains with; the sizes were checked when it was read.
  package func restore(
    _ learners: [Learner], statistics: [BatchNormStatistics], sensitivities: FloatBuffer? = nil
  ) {
    if let kept = self.sensitivities { sensitivities?.copy(bytes: kept) }
    for (learner, model) in zip(learners, models) { model.restore(learner) }
    for (own, kept) in zip(statistics, self.statistics) {
      own.mean.copy(bytes: kept.mean)
      own.variance.copy(bytes: kept.variance)
      own.batches = kept.batches
    }
  }
}

extension FloatBuffer {
  /// All values, copied as they lie in memory (little-endian on every machine this runs on).
  fileprivate var bytes: Data {
    Data(bytes: pointer, count: count * MemoryLayout<Float>.stride)
  }

  /// Takes over the values of as many bytes.
  fileprivate func copy(bytes: Data) {
    precondition(bytes.count == count * MemoryLayout<Float>.stride, "state of another network")
    bytes.copyBytes(to: UnsafeMutableRawBufferPointer(start: pointer, count: bytes.count))
  }
}

extension RandomStream {
  /// The stream's position as a list, for a checkpoint.
  var words: [UInt64] { [state.0, state.1, state.2, state.3] }

  /// The stream at a stored position; `nil` if that is not four words.
  init?(state words: [UInt64]) {
    guard words.count == 4 else { return nil }
    self.init(state: (words[0], words[1], words[2], words[3]))
  }
}
