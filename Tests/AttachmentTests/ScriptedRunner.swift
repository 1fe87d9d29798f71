import Experiments
import Foundation
import Synchronization

/// An engine that does nothing but answer: accepts every command but those it was told to refuse.
final class ScriptedRunner: ExperimentRunner {
  let name = "scripted"
  let stream = EventStream()
  private let delivery: Task<Void, Never>
  private let commands = Mutex<[RunCommand]>([])
  private let refusals: [(command: RunCommand, reason: String)]

  init(refusing refusals: [(command: RunCommand, reason: String)] = []) {
    self.refusals = refusals
    let stream = stream
    delivery = Task { await stream.run() }
  }

  /// What it was asked, in order.
  var received: [RunCommand] { commands.withLock { $0 } }

  func subscribe(_ policy: Mailbox.Policy) async -> Mailbox { await stream.subscribe(policy) }

  func send(_ command: RunCommand) {
    commands.withLock { $0.append(command) }
    if let reason = refusals.first(where: { $0.command == command })?.reason {
      stream.send(.commandRefused(command, reason: reason))
      return
    }
    stream.send(.commandAccepted(command))
    switch command {
    case .pause: stream.send(.stateChanged(.paused))
    case .resume: stream.send(.stateChanged(.running))
    case .stop: end(.stopped)
    default: break
    }
  }

  /// Ends the run.
  func end(_ state: RunState) {
    stream.send(.runEnded(state))
    stream.finish()
  }

  func waitUntilEnded() async { await delivery.value }

  /// A step of a subnetwork.
  static func step(_ number: Int, of subnetwork: Int = 0) -> Event {
    .stepFinished(
      StepReport(
        stage: .extraction, round: 1, subnetwork: subnetwork, epoch: 1, step: number,
        plannedSteps: 1_000_000, loss: 0.5, samples: 20))
  }
}

/// The folder of a run with nothing in it, gone when its owner is.
final class Folder: Sendable {
  let path: String
  private let runs: String

  /// - Parameter length: how long the path is made, in bytes.
  init(length: Int = 0) throws {
    var path = NSTemporaryDirectory() + "rtl-" + UUID().uuidString
    root = path
    while path.utf8.count < length { path += "/" + String(repeating: "d", count: 60) }
    runs = path
    self.path = path + "/scripted"
    try FileManager.default.createDirectory(
      atPath: self.path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: self.path + "/config.resolved.yaml"))
  }

  /// The folder as a run's.
  var directory: RunDirectory {
    get throws { try RunDirectory.open("scripted", in: runs) }
  }

  private let root: String
  deinit { try? FileManager.default.removeItem(atPath: root) }
}

/// A clock that goes only when it is told to.
final class TestClock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(by duration: Duration) {
    time.withLock { $0 = $0.advanced(by: duration) }
  }
}

/// Waits until something holds; false after a minute, for other tests may keep all threads busy.
func eventually(_ condition: () async -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(60)
  while ContinuousClock.now < deadline {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return await condition()
}
