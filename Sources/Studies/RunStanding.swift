public import Experiments

/// How a planned run stands on disk.
public enum RunStanding: Sendable, Equatable {
  /// There is no such run.
  case absent
  /// Another process works on it.
  case held(by: String)
  /// It was begun, its plan is not done, and nobody works on it.
  case unfinished(RunState, rounds: Int)
  /// Its plan is done.
  case finished

  /// The standing of the run of a name.
  public static func of(_ name: String, in runsFolder: String) -> RunStanding {
    guard let directory = try? RunDirectory.open(name, in: runsFolder, suggests: false) else {
      return .absent
    }
    if let holder = RunLock.holder(of: directory) { return .held(by: holder.description) }
    // A run that was killed before it reported anything has no summary.
    guard let summary = try? directory.summary() else { return .unfinished(.preparing, rounds: 0) }
    return summary.state == .finished
      ? .finished : .unfinished(summary.state, rounds: summary.rounds)
  }

  /// The standing in words, as the gap of a table is explained; `nil` of a run that has finished.
  public var gap: String? {
    switch self {
    case .absent: "not begun"
    case .held(let holder): "not finished: \(holder) works on it"
    case .unfinished(let state, let rounds):
      state == .failed
        ? "failed after round \(rounds)" : "not finished: interrupted after round \(rounds)"
    case .finished: nil
    }
  }
}
