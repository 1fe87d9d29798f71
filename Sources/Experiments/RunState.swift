/// The state of a run as the engine itself reports it.
public enum RunState: String, Sendable, Codable, CaseIterable {
  /// Preparing data and θ₀.
  case preparing
  /// Training, pruning, evaluating.
  case running
  /// Asked to pause; the engine has not yet reached a place where it can.
  case pausing
  /// Standing still between two batches; resumes with the same bits.
  case paused
  /// The planned work is done; the engine waits for another order (interactive runs only).
  case waiting
  /// Asked to end; finishing what was asked to be finished.
  case stopping
  /// Ended by a person before the planned work was done.
  case stopped
  /// Ended with the planned work done.
  case finished
  /// Ended by an error.
  case failed

  /// Whether the engine has ended for good.
  public var isFinal: Bool { self == .stopped || self == .finished || self == .failed }

  /// The word for a person, who is told of a run without an end that it is `interrupted` where no engine
  /// holds it.
  public func word(isHeld: Bool) -> String { isFinal || isHeld ? rawValue : "interrupted" }
}

/// The stages of a run.
public enum Stage: String, Sendable, Codable, CaseIterable {
  /// Algorithm 1: train, prune, rewind, per subnetwork.
  case extraction
  /// Algorithm 2: joint retraining.
  case retraining
}
