import Experiments
import LotteryEngine
import Testing

struct ScheduleTests {
  @Test("rounds land on every target and never remove more than asked")
  func landsOnTargets() {
    for pruneCount in [1, 100, 4096, 31_458, 200_000] {
      var config = ExperimentConfig()
      config.extraction.pruneCount = pruneCount
      let schedule = PruningSchedule(config, prunableCount: 125_832)
      var removed = 0
      var reached: [Double] = []
      var rounds = 0
      while let count = schedule.nextCount(removed: removed) {
        #expect(count >= 1 && count <= pruneCount)
        if let target = schedule.targetReached(from: removed, to: removed + count) {
          reached.append(target)
          #expect(removed + count == schedule.removed(at: target))
        }
        removed += count
        rounds += 1
      }
      #expect(reached == [0.25, 0.5, 0.75])
      #expect(removed == 94_374)
      #expect(rounds == schedule.plannedRounds)
    }
  }

  @Test("the paper's GhostNet needs 24 rounds of 4,096")
  func paperSchedule() {
    #expect(PruningSchedule(ExperimentConfig(), prunableCount: 125_832).plannedRounds == 24)
  }

  @Test("metrics follow their definitions, also where nothing was predicted")
  func confusion() {
    var counts = BinaryConfusion()
    for _ in 0..<3 { counts.count(predicted: true, actual: true) }
    counts.count(predicted: false, actual: true)
    for _ in 0..<2 { counts.count(predicted: true, actual: false) }
    for _ in 0..<6 { counts.count(predicted: false, actual: false) }
    #expect(counts.recall == 0.75)
    #expect(counts.specificity == 0.75)
    #expect(counts.precision == 0.6)
    #expect(counts.balancedAccuracy == 0.75)
    #expect(abs(counts.f1 - 2 * 0.6 * 0.75 / 1.35) < 1e-12)
    #expect(BinaryConfusion().precision == 0)
    #expect(BinaryConfusion().f1 == 0)
  }
}
