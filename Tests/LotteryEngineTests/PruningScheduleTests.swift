import Experiments
import Foundation
import LotteryEngine
import Testing

/// Schedules that are no constant count: exact, on every target, from wherever a run stands.
struct PruningScheduleTests {
  private let folder = RunFolder()

  private func schedule(
    _ kind: ExtractionConfig.Schedule, rounds: Int? = nil, share: Double = 1,
    targets: [Double] = [0.25, 0.5, 0.75], count: Int = 125_832, pruneCount: Int = 4096
  ) -> PruningSchedule {
    var config = ExperimentConfig()
    config.extraction.schedule = kind
    config.extraction.rounds = rounds
    config.extraction.largestShare = share
    config.extraction.targets = targets
    config.extraction.pruneCount = pruneCount
    return PruningSchedule(config, prunableCount: count)
  }

  /// What the rounds remove from a dense mask.
  private func counts(_ schedule: PruningSchedule) -> [Int] {
    var (removed, counts) = (0, [Int]())
    while let count = schedule.nextCount(removed: removed), counts.count < 10_000 {
      counts.append(count)
      removed += count
    }
    return counts
  }

  private func removed(_ schedule: PruningSchedule) -> [Int] {
    counts(schedule).reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
  }

  @Test(
    "every schedule meets every target exactly, in the rounds it was given",
    arguments: ExtractionConfig.Schedule.allCases)
  func meetsTargets(kind: ExtractionConfig.Schedule) {
    for rounds in [1, 2, 3, 7, 24, 100] {
      let schedule = schedule(kind, rounds: kind.hasRounds ? rounds : nil)
      let places = removed(schedule)
      for target in [0.25, 0.5, 0.75] { #expect(places.contains(schedule.removed(at: target))) }
      #expect(places.last == 94_374)
      #expect(counts(schedule).allSatisfy { $0 > 0 })
      #expect(schedule.plannedRounds == places.count)
      // The last of a hundred cubic rounds would remove a tenth of a weight: there is none.
      let isFine = kind == .cubic && rounds == 100
      if kind.hasRounds { #expect(isFine ? places.count < rounds : places.count == max(3, rounds)) }
    }
  }

  @Test("constant takes as many rounds as ever, and is what the others are measured by")
  func defaults() {
    #expect(counts(schedule(.constant)).count == 24)
    #expect(counts(schedule(.geometric)).count == 24)
    #expect(counts(schedule(.cubic)).count == 24)
    #expect(counts(schedule(.oneShot)) == [31_458, 31_458, 31_458])
  }

  @Test("geometric removes equal shares, cubic ever less")
  func formulas() {
    let geometric = removed(schedule(.geometric, rounds: 10, targets: [0.9], count: 100_000))
    for (i, place) in geometric.enumerated() {
      #expect(place == Int((100_000 * (1 - pow(0.1, Double(i + 1) / 10))).rounded()))
    }
    let cubic = removed(schedule(.cubic, rounds: 10, targets: [0.9], count: 100_000))
    for (i, place) in cubic.enumerated() {
      #expect(place == Int((90_000 * (1 - pow(1 - Double(i + 1) / 10, 3))).rounded()))
    }
    let steps = counts(schedule(.cubic, rounds: 10, targets: [0.9], count: 100_000))
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("no planned round takes a larger share of a mask than is allowed")
  func largestShare() {
    for kind in ExtractionConfig.Schedule.allCases {
      let schedule = schedule(kind, share: 0.2, targets: [0.5, 0.99], count: 10_000)
      var left = 10_000
      for count in counts(schedule) {
        #expect(count <= left / 5)
        left -= count
      }
      #expect(left == 100)
    }
  }

  @Test("a network of a few weights has rounds that remove some")
  func tiny() {
    let schedule = schedule(.cubic, rounds: 50, targets: [0.5], count: 20)
    #expect(counts(schedule).reduce(0, +) == 10 && counts(schedule).allSatisfy { $0 > 0 })
  }

  @Test("a prune count that a person sets goes before the schedule, for one mask or all")
  func byHand() {
    let schedule = schedule(.geometric, rounds: 10, targets: [0.75], count: 100_000)
    let first = schedule.nextCount(removed: 0)
    var standing = StandingSettings(
      RoundSettings(pruneCount: 4096, epochs: 1, learningRate: 0.1))
    #expect(schedule.plan(standing, removed: [0, 0])?.settings.pruneCount == first)
    standing.apply(SettingsChange(pruneCount: 1000), to: 1)
    let plan = schedule.plan(standing, removed: [0, 0])
    #expect(plan?[0]?.pruneCount == first && plan?[1]?.pruneCount == 1000)
    // From where the hand has left it, the schedule goes on to its next stop.
    standing.apply(SettingsChange(pruneCount: 4096), to: 1)
    let next = schedule.plan(standing, removed: [1000, 1000])
    #expect(next?[0]?.pruneCount == (first ?? 0) - 1000 && next?[1] == next?[0])
  }

  @Test("a branch of a cubic run goes on as its parent did")
  func branch() async throws {
    let config = RunFolder.config {
      $0.extraction.schedule = .cubic
      $0.extraction.rounds = 4
      $0.extraction.epochsPerRound = 1
      $0.retraining.epochs = 1
    }
    try await folder.finished(config, name: "parent")
    #expect(try folder.directory("parent").maskRounds() == [0, 1, 2, 3, 4])
    let runner = try await EngineRunner.branch(
      "parent", round: 2, changes: [], runsFolder: folder.path, name: "branch", threads: 2,
      isInteractive: false)
    await runner.waitUntilEnded()
    let parent = try folder.results("parent")
    for (file, data) in try folder.results("branch") { #expect(data == parent[file], "\(file)") }
    #expect(try folder.directory("branch").resolvedConfig().extraction.rounds == 4)
  }

  @Test("rounds for a schedule that has no number of them are refused")
  func contradiction() {
    for (kind, isFine) in [("constant", false), ("one_shot", false), ("cubic", true)] {
      let text = "extraction: {schedule: \(kind), rounds: 5}\n"
      let config = try? ExperimentConfig.parse(yaml: text, file: "c.yaml", overrides: [])
      #expect((config != nil) == isFine)
    }
  }
}
