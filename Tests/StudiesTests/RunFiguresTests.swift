import Experiments
import Studies
import Testing

@Suite("Figures of a run") struct RunFiguresTests {
  private func isNear(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) < 1e-9 } ?? false
  }

  @Test("quality is the mean over the subnetworks, sizes are counted from the masks")
  func quality() throws {
    var log = Recording.begun()
    log.step(.extraction, round: 1, subnetwork: 0, step: 1, of: 1, after: 10)
    log.overlap(round: 1, ownership: [100, 200, 700], jaccard: 0.7)
    // Judged in extraction: no line of the table.
    log.add(
      .evaluated(
        EvaluationReport(
          stage: .extraction, round: 1, target: nil, samples: 1, subnetworks: [],
          argmaxAccuracy: nil, unionParameters: nil)))
    log.evaluation(round: 1, target: nil, [0.1, 0.1], union: 900)
    log.evaluation(round: 1, target: 0.25, [0.8, 0.6], union: 900, after: 10)
    let figures = log.figures
    #expect(figures.targets.count == 1 && figures.computedWith == "AVX")
    let at = try #require(figures.targets[0.25])
    #expect(isNear(at.balancedAccuracy, 0.7) && isNear(at.precision, 0.35))
    #expect(isNear(at.recall, 0.175) && isNear(at.f1, 0.0875))
    #expect(at.unionParameters == 900 && at.allParameters == 200 + 2 * 700)
    #expect(at.meanJaccard == 0.7 && at.argmaxAccuracy == 0.5)
    #expect(isNear(at.hours, 20 / 3600) && isNear(at.samplesPerSecond, 0.5))
  }

  @Test("without a comparison of the masks they are as large as they were pruned, or dense")
  func sizes() throws {
    var log = Recording.begun(subnetworks: 3)
    log.add(
      .pruned(
        PruneReport(
          round: 1, subnetwork: 1, removed: 400, weightsLeft: 600, sparsity: 0.4, maskHash: "")))
    log.evaluation(round: 1, target: 0.25, [0.8, 0.6, 0.7], union: 1000)
    let at = try #require(log.figures.targets[0.25])
    #expect(at.allParameters == 2600 && at.meanJaccard == nil)
    // A single mask has no overlap.
    var single = Recording.begun(subnetworks: 1)
    single.overlap(round: 1, ownership: [250, 750], jaccard: 1)
    single.evaluation(round: 1, target: 0.25, [0.7], union: 750)
    let one = try #require(single.figures.targets[0.25])
    #expect(one.meanJaccard == nil && one.allParameters == 750)
  }

  @Test("pauses and the time until a resume are no work")
  func activeTime() throws {
    var log = Recording.begun()
    log.step(.extraction, round: 1, subnetwork: 0, step: 1, of: 9, after: 10)
    log.add(.commandAccepted(.pause), after: 1)
    log.add(.stateChanged(.pausing))
    log.add(.stateChanged(.paused), after: 2)
    log.add(.message(.info, "good morning"), after: 5000)
    log.add(.stateChanged(.running), after: 5000)
    log.step(.extraction, round: 1, subnetwork: 0, step: 2, of: 9, after: 10)
    // Stopped, and resumed the next day.
    log.add(.stateChanged(.stopped), after: 1)
    log.add(.runEnded(.stopped))
    log.add(.message(.info, "resumed"), after: 90_000)
    log.add(.stateChanged(.running), after: 1)
    log.step(.extraction, round: 1, subnetwork: 0, step: 3, of: 9, after: 10)
    // Killed: the log was cut where a checkpoint was, and goes on later.
    log.add(.message(.warning, "the bits may differ"), after: 70_000)
    log.add(.message(.info, "resumed"))
    log.add(.stateChanged(.running), after: 1)
    log.step(.extraction, round: 1, subnetwork: 0, step: 4, of: 9, after: 10)
    // A message while it works is work.
    log.add(.message(.info, "saved"), after: 4)
    log.evaluation(round: 1, target: 0.25, [0.7, 0.7], union: 1000, after: 2)
    let at = try #require(log.figures.targets[0.25])
    #expect(isNear(at.hours * 3600, 10 + 1 + 2 + 10 + 1 + 10 + 10 + 4 + 2), "\(at.hours * 3600)")
  }
}
