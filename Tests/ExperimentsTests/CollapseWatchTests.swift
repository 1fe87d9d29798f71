import Experiments
import Testing

/// The rules of the collapse watch, and its hysteresis.
struct CollapseWatchTests {
  private var watch = CollapseWatch(WatchConfig())

  /// A comparison of three masks with the same J for all pairs.
  private func overlap(
    _ jaccard: Double, round: Int, empty: [Int] = [], reached: [Bool]? = nil, count: Int = 3
  ) -> Event {
    let matrix = (0..<count).map { i in (0..<count).map { $0 == i ? 1 : jaccard } }
    return .overlapMeasured(
      OverlapReport(
        round: round, jaccard: matrix, chance: matrix.map { $0.map { $0 / 2 } },
        unionParameters: 10, ownership: [],
        layers: [
          LayerOverlap(
            name: "deep", sparsity: (0..<count).map { empty.contains($0) ? 1 : 0.9 },
            jaccard: matrix, chance: matrix)
        ], inputReachesOutput: reached))
  }

  private func quality(_ accuracy: Double, _ stage: Stage, round: Int, of k: Int = 0) -> Event {
    .evaluated(
      EvaluationReport(
        stage: stage, round: round, target: nil, samples: 10,
        subnetworks: [
          SubnetworkQuality(
            subnetwork: k, loss: 1, balancedAccuracy: accuracy, precision: 0, recall: 0, f1: 0)
        ], argmaxAccuracy: nil, unionParameters: nil))
  }

  /// The levels of what an event brings, `nil` where an alarm is cleared.
  private mutating func levels(_ event: Event) -> [Alarm.Level?] {
    watch.take(event).compactMap { answer in
      switch answer {
      case .alarmRaised(let alarm): .some(alarm.level)
      case .alarmCleared: .some(nil)
      default: nil
      }
    }
  }

  @Test("a score in decibels has limits of its own, and its alarm names it")
  mutating func decibels() {
    func score(_ value: Double, round: Int) -> Event {
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: round, target: nil, samples: 10,
          subnetworks: [
            SubnetworkQuality(subnetwork: 0, loss: 1, score: QualityScore(.psnr, value))
          ], argmaxAccuracy: nil, unionParameters: nil))
    }
    #expect(levels(score(30, round: 1)) == [])
    #expect(levels(score(25, round: 2)) == [])
    let raised = watch.take(score(23.5, round: 3))
    guard case .alarmRaised(let alarm)? = raised.first else {
      Issue.record("no alarm")
      return
    }
    #expect(alarm.level == .warning && alarm.metric == .psnr && alarm.limit == 6)
    #expect(alarm.reason == "PSNR 23.500 dB, 6.500 below its best, limit 6.000")
    #expect(levels(score(17, round: 4)) == [.critical])
    #expect(levels(score(29, round: 5)) == [nil])
  }

  @Test("overlap that falls is healthy whatever its excess; overlap that rises is not")
  mutating func overlapRises() {
    for (round, jaccard) in [0.95, 0.9, 0.8, 0.6, 0.5].enumerated() {
      #expect(levels(overlap(jaccard, round: round + 1)) == [])
    }
    #expect(levels(overlap(0.515, round: 6)) == [])
    let raised = watch.take(overlap(0.53, round: 7))
    #expect(raised.count == 3, "one for each mask")
    guard case .alarmRaised(let alarm)? = raised.first else {
      Issue.record("no alarm")
      return
    }
    #expect(alarm.kind == .overlap && alarm.level == .warning && alarm.round == 7)
    #expect(abs(alarm.value - 0.03) < 1e-12 && alarm.limit == 0.02 && alarm.reference == 0.5)
    #expect(
      alarm.reason == "J 0.530, 0.030 above its lowest, limit 0.020; J − chance 0.265")
    #expect(levels(overlap(0.56, round: 8)) == [.critical, .critical, .critical])
  }

  @Test("an alarm begins at its limit and goes back only a quarter below it")
  mutating func hysteresis() {
    _ = watch.take(overlap(0.5, round: 1, count: 2))
    func at(_ rise: Double) -> Event { overlap(0.5 + rise, round: 2, count: 2) }
    #expect(levels(at(0.0199)) == [])
    #expect(levels(at(0.0201)) == [.warning, .warning])
    #expect(levels(at(0.016)) == [], "below the limit, but not clearly")
    #expect(levels(at(0.025)) == [], "raised once")
    #expect(levels(at(0.051)) == [.critical, .critical])
    #expect(levels(at(0.04)) == [])
    #expect(levels(at(0.037)) == [.warning, .warning], "back by one level")
    #expect(levels(at(0.014)) == [nil, nil])
    #expect(watch.alarms.isEmpty)
    #expect(levels(at(0.016)) == [], "it begins at the limit again")
  }

  @Test("accuracy is measured against a subnetwork's own best, in each stage by itself")
  mutating func qualityFalls() {
    #expect(levels(quality(0.9, .retraining, round: 4)) == [])
    #expect(levels(quality(0.6, .extraction, round: 5)) == [], "another stage")
    #expect(levels(quality(0.6, .retraining, round: 8, of: 1)) == [], "another subnetwork")
    #expect(levels(quality(0.69, .retraining, round: 8)) == [.warning])
    #expect(levels(quality(0.55, .retraining, round: 12)) == [.critical])
    #expect(watch.alarms.map(\.kind) == [.quality])
    #expect(
      watch.alarms.first?.reason == "balanced accuracy 0.550, 0.350 below its best, limit 0.300")
    #expect(levels(quality(0.88, .retraining, round: 13)) == [nil])
    #expect(levels(quality(.nan, .retraining, round: 14)) == [])
  }

  @Test("before a rewind a fall counts when it shows twice running")
  mutating func qualityOfRounds() {
    for (round, accuracy) in [0.9, 0.5, 0.88, 0.58].enumerated() {
      #expect(levels(quality(accuracy, .extraction, round: round + 1)) == [])
    }
    #expect(levels(quality(0.57, .extraction, round: 5)) == [.critical])
  }

  @Test("an empty layer and a loss that is not finite are critical at once")
  mutating func atOnce() {
    #expect(levels(overlap(0.5, round: 3, empty: [1])) == [.critical])
    #expect(watch.alarms.first?.reason == "no weights left in deep")
    #expect(watch.alarms.first?.subnetwork == 1)
    #expect(levels(overlap(0.5, round: 4, empty: [1])) == [])
    func epoch(_ loss: Double) -> Event {
      .epochFinished(
        EpochReport(stage: .extraction, round: 4, subnetwork: 2, epoch: 1, meanLoss: loss))
    }
    #expect(levels(epoch(0.5)) == [])
    #expect(levels(epoch(.nan)) == [.critical])
    #expect(watch.alarms.last?.reason == "loss is NaN")
    #expect(levels(epoch(.infinity)) == [])
    #expect(levels(epoch(0.4)) == [nil])
  }

  @Test("an empty layer that the input gets around is a warning")
  mutating func goneAround() {
    #expect(levels(overlap(0.5, round: 3, empty: [1], reached: [true, true, true])) == [.warning])
    #expect(
      watch.alarms.first?.reason == "no weights left in deep, a shortcut goes around")
    #expect(
      levels(overlap(0.5, round: 4, empty: [1], reached: [true, false, true])) == [.critical])
    #expect(watch.alarms.first?.reason == "no weights left in deep")
    #expect(levels(overlap(0.5, round: 5, reached: [true, true, true])) == [nil])
  }

  @Test("masks that come to be of the same size are not more alike for that")
  mutating func sizes() {
    func pruned(_ k: Int, to left: Int) -> Event {
      .pruned(
        PruneReport(
          round: 1, subnetwork: k, removed: 1, weightsLeft: left, sparsity: 0.5, maskHash: ""))
    }
    for (k, left) in [1000, 995].enumerated() { _ = watch.take(pruned(k, to: left)) }
    // The smaller lies wholly in the larger: J is the ratio of their sizes.
    #expect(levels(overlap(0.995, round: 1, count: 2)) == [])
    _ = watch.take(pruned(0, to: 996))
    #expect(levels(overlap(995.0 / 996, round: 2, count: 2)) == [])
    // Until they are of one size they are not compared, whatever J does.
    _ = watch.take(pruned(1, to: 400))
    #expect(levels(overlap(0.2, round: 3, count: 2)) == [])
    #expect(levels(overlap(0.4, round: 4, count: 2)) == [])
    _ = watch.take(pruned(0, to: 400))
    #expect(levels(overlap(0.8, round: 5, count: 2)) == [])
    #expect(levels(overlap(0.9, round: 6, count: 2)) == [.critical, .critical])
  }

  @Test("a mask that is frozen while the others go on raises nothing, and changes no other's alarm")
  mutating func frozen() {
    func report(_ round: Int, _ pair: Double, _ frozen: Double) -> Event {
      let matrix = [[1, pair, frozen], [pair, 1, frozen], [frozen, frozen, 1]]
      return .overlapMeasured(
        OverlapReport(
          round: round, jaccard: matrix, chance: matrix, unionParameters: 1, ownership: [],
          layers: []))
    }
    func prune(to left: [Int]) {
      for (k, left) in left.enumerated() {
        _ = watch.take(
          .pruned(
            PruneReport(
              round: 1, subnetwork: k, removed: 1, weightsLeft: left, sparsity: 0.5, maskHash: "")))
      }
    }
    prune(to: [90, 90, 90])
    #expect(levels(report(1, 0.9, 0.9)) == [])
    // The third stays; the others shrink into it.
    for (round, left, frozen) in [(2, 80, 0.86), (3, 70, 0.76), (4, 60, 0.66), (5, 50, 0.555)] {
      prune(to: [left, left, 90])
      #expect(levels(report(round, 0.9 - Double(round) / 100, frozen)) == [])
    }
    // The two that go on are judged by each other alone.
    prune(to: [45, 45, 90])
    #expect(levels(report(6, 0.88, 0.5)) == [.warning, .warning])
    // Let go, it catches up.
    prune(to: [45, 45, 45])
    #expect(levels(report(7, 0.88, 0.87)) == [])
  }

  @Test("one subnetwork alone is like nobody")
  mutating func alone() {
    for jaccard in [0.1, 0.9] { #expect(levels(overlap(jaccard, round: 1, count: 1)) == []) }
  }

  @Test("the fold of a log is the watch that wrote it; a branch goes on from its memory")
  mutating func memory() {
    let events = [
      overlap(0.6, round: 1), quality(0.9, .retraining, round: 1), overlap(0.7, round: 2),
      quality(0.5, .retraining, round: 2),
    ]
    var log: [Event] = []
    for event in events {
      log.append(event)
      log += watch.take(event)
    }
    #expect(watch.alarms.count == 4)
    var again = CollapseWatch(WatchConfig())
    for event in log { _ = again.take(event) }
    #expect(again == watch)
    var branch = CollapseWatch(WatchConfig(), memory: watch.memory)
    #expect(branch.alarms.isEmpty)
    #expect(branch.take(overlap(0.7, round: 2)).count == 3)
  }
}
