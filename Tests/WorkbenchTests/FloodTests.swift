import Experiments
import Foundation
import Synchronization
import TerminalUI
import Testing
import Workbench

/// Far more events than any engine sends.
@Suite(.timeLimit(.minutes(2))) @MainActor struct FloodTests {
  /// Sends steps without pause, and a message after each thousand, until it is told to end.
  final class Flood: ExperimentRunner {
    let name = "flood"
    private let mailboxes = Mutex<[Mailbox]>([])

    func subscribe(_ policy: Mailbox.Policy) async -> Mailbox {
      let mailbox = Mailbox(policy)
      mailboxes.withLock { $0.append(mailbox) }
      return mailbox
    }

    func send(_ command: RunCommand) {}
    func waitUntilEnded() async {}

    /// A hundredth of a second's worth of 10⁵ events a second, so many times; slower where the machine is.
    func pour(rounds: Int) async {
      var sequence = 0
      func deliver(_ event: Event) {
        let recorded = RecordedEvent(
          sequence: sequence, time: ScriptedRun.start + Double(sequence) * 1e-5, event: event)
        sequence += 1
        for mailbox in mailboxes.withLock({ $0 }) { mailbox.deliver(recorded) }
      }
      while mailboxes.withLock({ $0.isEmpty }) { try? await Task.sleep(for: .milliseconds(1)) }
      deliver(.runStarted(ScriptedRun().description))
      deliver(.stateChanged(.running))
      let begin = ContinuousClock.now
      for round in 1...rounds {
        let due = begin + .milliseconds(Int(Double(sequence) / 100))
        if due > .now { try? await Task.sleep(until: due) }
        for _ in 0..<1000 {
          deliver(
            .stepFinished(
              StepReport(
                stage: .extraction, round: round, subnetwork: sequence % 10, epoch: 1,
                step: 1 + sequence / 10, plannedSteps: 10_000_000, loss: 0.5, samples: 64)))
        }
        deliver(.roundFinished(round: round))
      }
      deliver(.runEnded(.finished))
    }
  }

  /// Counts frames and keeps only the newest.
  final class CountingTerminal: Terminal {
    var size = Size(width: 120, height: 40)
    let capabilities = TerminalCapabilities()
    var keys: [Key] = []
    private(set) var frames = 0
    private(set) var screen: Screen?

    func show(_ screen: Screen) {
      frames += 1
      self.screen = screen
    }
    func nextKey() -> Key? { keys.isEmpty ? nil : keys.removeFirst() }
    func setMouse(_ on: Bool) {}
    func ring() {}
    func suspend() {}
    func restore() {}
  }

  @Test func framesStayFewAndNothingOfTheLifecycleIsLost() async throws {
    let terminal = CountingTerminal()
    let flood = Flood()
    let workbench = Workbench(terminal: terminal, runner: flood)
    let running = Task { await workbench.run() }
    let begin = ContinuousClock.now
    let rounds = 400
    await Task.detached { await flood.pour(rounds: rounds) }.value
    for _ in 0..<1200 where terminal.screen?.text.contains("run finished: q leaves") != true {
      try await Task.sleep(for: .milliseconds(50))
    }
    let seconds = begin.duration(to: .now) / .seconds(1)
    let frames = terminal.frames
    let text = terminal.screen?.text ?? ""
    #expect(text.contains("run finished: q leaves"), "the last event has come")
    // The first frame and the one that a notice's end asks for come besides.
    #expect(Double(frames) <= seconds * 10 + 2, "\(frames) frames in \(seconds) s")
    #expect(frames >= 2)
    terminal.keys = [.character("q")]
    let outcome = await running.value
    let summary = outcome.summary.first ?? ""
    #expect(summary.contains("\(rounds) of \(rounds) rounds"), "\(summary)")
  }
}
