import Experiments
import Studies
import Testing

@Suite("Queue of runs") struct RunQueueTests {
  private func run(_ name: String, needs: String...) -> PlannedRun {
    PlannedRun(
      name: name, label: name, seed: 1, config: ExperimentConfig(), prerequisites: needs)
  }

  /// Asks for runs and ends each as told until nothing is left.
  private func carryOut(
    _ queue: inout RunQueue, _ ending: (String) -> RunQueue.Ending
  ) -> [String] {
    var order: [String] = []
    while case .run(let run) = queue.next(isHeld: { _ in false }) {
      order.append(run.name)
      queue.record(ending(run.name), of: run.name)
    }
    return order
  }

  @Test("runs come in their order, each after what it needs")
  func order() {
    var queue = RunQueue([run("b", needs: "c"), run("a"), run("c"), run("d", needs: "b")])
    #expect(carryOut(&queue) { _ in .finished } == ["a", "c", "b", "d"])
    #expect(queue.next { _ in false } == .done)
    #expect(queue.place(of: "c") == 3 && queue.place(of: "e") == nil)
  }

  @Test("what has finished before is not asked for")
  func finishedBefore() {
    var queue = RunQueue([run("a"), run("b", needs: "a")])
    queue.record(.finished, of: "a")
    #expect(carryOut(&queue) { _ in .finished } == ["b"])
  }

  @Test(
    "what needs a run that did not finish is skipped, the others go on",
    arguments: [RunQueue.Ending.failed("no room"), .stopped])
  func failure(_ ending: RunQueue.Ending) {
    var queue = RunQueue([
      run("a"), run("b", needs: "a"), run("c", needs: "b"), run("d"), run("e", needs: "nowhere"),
    ])
    #expect(carryOut(&queue) { $0 == "a" ? ending : .finished } == ["a", "d"])
    #expect(queue.endings["b"] == .skipped(needs: "a"))
    #expect(queue.endings["c"] == .skipped(needs: "b"))
    #expect(queue.endings["e"] == .skipped(needs: "nowhere"))
  }

  @Test("a run that another process holds is passed over, and waited for at the end")
  func held() {
    var queue = RunQueue([run("a"), run("b", needs: "a"), run("c")])
    let isHeld = { (run: PlannedRun) in run.name == "a" }
    #expect(queue.next(isHeld: isHeld) == .run(run("c")))
    queue.record(.finished, of: "c")
    #expect(queue.next(isHeld: isHeld) == .wait(for: [run("a")]))
    // The other process was killed: the run is ours now.
    #expect(queue.next { _ in false } == .run(run("a")))
    queue.record(.finished, of: "a")
    #expect(queue.next(isHeld: isHeld) == .run(run("b", needs: "a")))
  }
}
