import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// What colour says is said without it, too.
@Suite struct WithoutColorTests {
  static let sizes = [(120, 40), (80, 24), (60, 15), (20, 3), (1, 1)]
    .map { Size(width: $0.0, height: $0.1) }

  private func text(_ events: [Event], _ size: Size) -> String {
    var run = ScriptedRun.midway()
    for event in events { run.send(event) }
    var state = Fixture.state(run, size: size)
    _ = update(&state, .tick(run.time + 60))
    return render(state, size: size, look: Fixture.ascii).text
  }

  @Test("each state of a run has its own text", arguments: sizes)
  func states(_ size: Size) {
    let states: [RunState] = [.running, .paused, .waiting, .failed]
    let texts = states.map { text([.stateChanged($0)], size) }
    #expect(Set(texts).count == states.count, "\(texts)")
  }

  @Test(
    "a warning and an error differ from each other and from nothing", arguments: sizes.dropLast(2))
  func levels(_ size: Size) {
    let marked = [MessageLevel.warning, .error].map { text([.message($0, "look here")], size) }
    let plain = text([], size)
    #expect(Set(marked + [plain]).count == 3, "\(marked)")
  }

  @Test("a quality that has fallen from its best has a mark")
  func fallenQuality() {
    func report(_ accuracy: Double) -> Event {
      .evaluated(
        EvaluationReport(
          stage: .extraction, round: 4, target: nil, samples: 100,
          subnetworks: [
            SubnetworkQuality(
              subnetwork: 0, loss: 1, balancedAccuracy: accuracy, precision: accuracy,
              recall: accuracy,
              f1: accuracy)
          ], argmaxAccuracy: nil, unionParameters: nil))
    }
    let size = Size(width: 120, height: 40)
    let (high, low) = (text([report(0.9)], size), text([report(0.9), report(0.5)], size))
    #expect(high.contains("0.900") || high.contains(".900"))
    #expect(low.contains("<.500") || low.contains("<0.500"), "\(low)")
  }
}
