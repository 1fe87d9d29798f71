import Experiments
import Synchronization
import Testing

struct EventHistoryTests {
  private static func step(_ number: Int, of subnetwork: Int) -> Event {
    .stepFinished(
      StepReport(
        stage: .extraction, round: 1, subnetwork: subnetwork, epoch: 1, step: number,
        plannedSteps: 1_000_000, loss: 0.5, samples: 20))
  }

  private func history(steps: Int, subnetworks: Int) -> (EventHistory, lifecycle: Int) {
    var history = EventHistory()
    var (sequence, lifecycle) = (0, 0)
    for step in 0..<steps {
      for subnetwork in 0..<subnetworks {
        history.append(
          RecordedEvent(
            sequence: sequence, time: 0, event: Self.step(step, of: subnetwork)))
        sequence += 1
      }
      guard step % 100 == 0 else { continue }
      history.append(
        RecordedEvent(sequence: sequence, time: 0, event: .roundFinished(round: step)))
      sequence += 1
      lifecycle += 1
    }
    return (history, lifecycle)
  }

  @Test("few steps are all kept, in order")
  func everything() {
    let (history, _) = history(steps: 100, subnetworks: 10)
    #expect(history.events.map(\.sequence) == Array(0...1000))
  }

  @Test(
    "of many steps some of every subnetwork's stretch are kept, and the newest", arguments: [1, 10])
  func thinned(subnetworks: Int) {
    let steps = 60_000 / subnetworks
    let (history, lifecycle) = history(steps: steps, subnetworks: subnetworks)
    let events = history.events
    #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
    #expect(events.filter { !$0.event.isProgress }.count == lifecycle)
    #expect(events.count - lifecycle <= EventHistory.limit)
    let newest = steps * subnetworks + lifecycle - 1
    let tail = events.suffix(EventHistory.newest).map(\.sequence)
    #expect(tail.last == newest || events.last?.event.isProgress == false)
    #expect(tail == Array((newest - EventHistory.newest + 1)...newest))
    // No subnetwork has a gap of more than a fiftieth of the course.
    for subnetwork in 0..<subnetworks {
      let kept = events.compactMap { event -> Int? in
        guard case .stepFinished(let report) = event.event, report.subnetwork == subnetwork
        else { return nil }
        return report.step
      }
      let gaps = zip(kept, kept.dropFirst()).map { $1 - $0 }
      #expect(kept.first == 0)
      #expect((gaps.max() ?? steps) <= steps / 50, "subnetwork \(subnetwork)")
    }
  }

  private func comparison(round: Int, masks: Int) -> Event {
    let matrix = Array(repeating: Array(repeating: 0.5, count: masks), count: masks)
    return .overlapMeasured(
      OverlapReport(
        round: round, jaccard: matrix, chance: matrix, unionParameters: 1, ownership: [],
        layers: []))
  }

  @Test("comparisons beyond the limit are in the log only, and come back from there in their place")
  func comparisons() {
    // 16 masks: 4 kB a comparison.
    let all = (0..<30).map {
      RecordedEvent(
        sequence: $0, time: 0,
        event: $0.isMultiple(of: 3) ? comparison(round: $0, masks: 16) : .roundFinished(round: $0))
    }
    let asked = Asked()
    var history = EventHistory()
    history.forgets(beyond: 3 * 4096) { numbers in
      asked.note(numbers)
      return all.filter { numbers.contains($0.sequence) }
    }
    for event in all { history.append(event) }
    #expect(history.events == all)
    #expect(asked.numbers == [0, 3, 6, 9, 12, 15, 18])

    var alone = EventHistory(all)
    #expect(alone.events == all, "without a log all is kept")
    alone.forgets(beyond: 1)
    #expect(
      alone.events.map(\.sequence) == (0..<30).filter { !$0.isMultiple(of: 3) || $0 == 27 },
      "the newest stays")
  }

  /// What was asked of a log.
  private final class Asked: Sendable {
    private let state = Mutex<Set<Int>>([])
    var numbers: Set<Int> { state.withLock { $0 } }
    func note(_ numbers: Set<Int>) { state.withLock { $0.formUnion(numbers) } }
  }
}
