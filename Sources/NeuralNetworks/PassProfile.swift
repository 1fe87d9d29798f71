internal import Synchronization

/// Where the time of a network's passes goes: processor seconds by kind of step and direction, summed
/// over the workers of the pool.
public final class PassProfile: Sendable {
  /// Seconds spent on one kind of step in one direction.
  public struct Entry: Sendable, Equatable {
    /// The kind of step, such as `pointwise`, and the direction.
    public let name: String
    /// Seconds, of all workers together.
    public let seconds: Double
  }

  private let seconds = Mutex<[String: Double]>([:])

  /// An empty profile.
  public init() {}

  /// What was measured so far, the longest first.
  public var entries: [Entry] {
    seconds.withLock { seconds in
      seconds.map { Entry(name: $0.key, seconds: $0.value) }
        .sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
    }
  }

  func measure(_ step: Step, _ direction: String, _ body: () -> Void) {
    let time = ContinuousClock().measure(body) / .seconds(1)
    seconds.withLock { $0["\(step.kind) \(direction)", default: 0] += time }
  }
}
