/// Planned runs in the order they are to be carried out, one after the other, and how each ended.
///
/// It decides and does nothing: who carries the runs out asks for the next one and says how it ended.
public struct RunQueue: Sendable {
  /// How a run of the queue ended.
  public enum Ending: Sendable, Equatable {
    /// Its plan is done, now or already before.
    case finished
    /// Somebody ended it before its plan was done.
    case stopped
    /// It could not begin or go on, and why.
    case failed(String)
    /// It was not begun, as a run that it needs did not finish.
    case skipped(needs: String)
  }

  /// What is to be done next.
  public enum Step: Sendable, Equatable {
    /// Carry out this run.
    case run(PlannedRun)
    /// Nothing can be begun before one of these runs ends, which other processes hold.
    case wait(for: [PlannedRun])
    /// Every run has ended.
    case done
  }

  /// The runs, in their order.
  public let runs: [PlannedRun]
  /// How the runs ended that have, by name.
  public private(set) var endings: [String: Ending] = [:]

  /// A queue in which nothing has happened.
  public init(_ runs: [PlannedRun]) {
    self.runs = runs
  }

  /// The place of a run in the queue, from 1.
  public func place(of name: String) -> Int? {
    runs.firstIndex { $0.name == name }.map { $0 + 1 }
  }

  /// Says how a run ended.
  public mutating func record(_ ending: Ending, of name: String) {
    endings[name] = ending
  }

  /// The first run that has not ended, has everything it needs, and is held by nobody else.
  /// - Parameter isHeld: whether another process works on a run at this moment.
  public mutating func next(isHeld: (PlannedRun) -> Bool) -> Step {
    var held: [PlannedRun] = []
    for run in runs where endings[run.name] == nil {
      if let missing = run.prerequisites.first(where: isOutOfReach) {
        endings[run.name] = .skipped(needs: missing)
      } else if run.prerequisites.allSatisfy({ endings[$0] == .finished }) {
        guard isHeld(run) else { return .run(run) }
        held.append(run)
      }
    }
    return held.isEmpty ? .done : .wait(for: held)
  }

  /// Whether a run will not finish in this queue.
  private func isOutOfReach(_ name: String) -> Bool {
    guard let ending = endings[name] else { return !runs.contains { $0.name == name } }
    return ending != .finished
  }
}
