import Experiments
import Testing

/// Quality and overlap over the rounds, from events.
struct CollapseCourseTests {
  private func facts(_ names: [String], layers: [Int]) -> Event {
    .runStarted(
      RunDescription(
        runName: "run", seed: 1, model: "m", dataset: "d", subnetworks: names,
        layers: layers.enumerated().map { LayerDescription(name: "l\($0)", weights: $1) },
        prunableParameters: layers.reduce(0, +), totalParameters: 100, targets: [0.5], batchSize: 1,
        plannedRounds: 2,
        defaultRound: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 1), computedWith: ""))
  }

  private func matrix(_ count: Int, _ value: Double) -> [[Double]] {
    (0..<count).map { i in (0..<count).map { i == $0 ? 1 : value } }
  }

  private func overlap(
    _ round: Int, count: Int, _ j: Double, chance: Double = 0.3, layers: [[Double]] = []
  ) -> Event {
    .overlapMeasured(
      OverlapReport(
        round: round, jaccard: matrix(count, j), chance: matrix(count, chance),
        unionParameters: 1, ownership: [],
        layers: layers.enumerated().map { index, sparsity in
          LayerOverlap(
            name: "l\(index)", sparsity: sparsity, jaccard: matrix(count, j / 2),
            chance: matrix(count, chance))
        }))
  }

  private func judged(
    _ stage: Stage, round: Int, _ scores: [Double], target: Double? = nil
  ) -> Event {
    .evaluated(
      EvaluationReport(
        stage: stage, round: round, target: target, samples: 1,
        subnetworks: scores.enumerated().map { k, score in
          SubnetworkQuality(
            subnetwork: k, loss: 0, balancedAccuracy: score, precision: 0, recall: 0, f1: 0)
        }, argmaxAccuracy: nil, unionParameters: nil))
  }

  private func pruned(_ round: Int, _ left: [Int]) -> [Event] {
    left.enumerated().map { k, left in
      .pruned(
        PruneReport(
          round: round, subnetwork: k, removed: 1, weightsLeft: left, sparsity: 0, maskHash: ""))
    }
  }

  private func course(_ events: [Event]) -> CollapseCourse {
    events.reduce(into: CollapseCourse()) { $0.take($1) }
  }

  @Test("scores before the rewind belong to the masks that the round found")
  func sparsities() {
    let course = course(
      [facts(["a", "b"], layers: [60, 40]), judged(.extraction, round: 1, [0.9, 0.8])]
        + pruned(1, [75, 50]) + [
          overlap(1, count: 2, 0.6), judged(.retraining, round: 1, [0.85, 0.75], target: 0.25),
          judged(.extraction, round: 2, [0.7, 0.6]),
        ] + pruned(2, [50, 25]) + [overlap(2, count: 2, 0.5)])
    #expect(course.rounds.map(\.sparsity) == [[0.25, 0.5], [0.5, 0.75]])
    #expect(
      course.extracted(1) == [.init(sparsity: 0, value: 0.8), .init(sparsity: 0.5, value: 0.6)])
    #expect(course.retrained(0) == [.init(sparsity: 0.25, value: 0.85)])
    #expect(course.curve(of: 1, \.jaccard).map(\.value) == [0.6, 0.5])
    #expect(course.rounds[0].target == 0.25 && course.rounds[1].target == nil)
  }

  @Test("chance layer by layer is that of random masks with the layers' densities")
  func layerChance() {
    // 60 weights of which both keep half, 40 of which one keeps all and the other none.
    let course = course(
      [facts(["a", "b"], layers: [60, 40])] + pruned(1, [70, 30])
        + [overlap(1, count: 2, 0.4, layers: [[0.5, 0.5], [0, 1]])])
    let expected = (60 * 0.25) / (60 * 0.75 + 40)
    #expect(course.rounds[0].layerChance.allSatisfy { abs($0 - expected) < 1e-12 })
    #expect(course.rounds[0].emptyLayers == [0, 1])
    #expect(course.rounds[0].layers == [[0.2, 0.2], [0.2, 0.2]])
    // As dense in every layer as over all, it is the plain chance.
    let even = self.course(
      [facts(["a", "b"], layers: [60, 40])]
        + [overlap(1, count: 2, 0.4, layers: [[0.5, 0.5], [0.5, 0.5]])])
    #expect(even.rounds[0].layerChance.allSatisfy { abs($0 - 0.25 / 0.75) < 1e-12 })
  }

  @Test("the effective number of masks goes from K to one")
  func effectiveMasks() {
    for (j, expected) in [(0.0, 4.0), (1, 1), (0.5, 16 / (4 + 12 * 0.25))] {
      let course = course([facts(["a", "b", "c", "d"], layers: [1]), overlap(1, count: 4, j)])
      #expect(abs(course.rounds[0].effectiveMasks - expected) < 1e-12)
    }
  }

  @Test("a round that comes again takes the place of those from it on")
  func again() {
    let course = course([
      facts(["a", "b"], layers: [1]), overlap(1, count: 2, 0.9), overlap(2, count: 2, 0.8),
      overlap(3, count: 2, 0.7), overlap(2, count: 2, 0.6),
    ])
    #expect(course.rounds.map(\.round) == [1, 2])
    #expect(course.rounds[1].jaccard == [0.6, 0.6])
  }

  @Test("a branch has the rounds before it of the run that it comes from")
  func branch() {
    let names = facts(["a", "b"], layers: [60, 40])
    let whole = course(
      [names] + pruned(1, [75, 75]) + [overlap(1, count: 2, 0.6)]
        + [judged(.extraction, round: 2, [0.9, 0.8])] + pruned(2, [50, 50])
        + [overlap(2, count: 2, 0.5), judged(.retraining, round: 2, [0.7, 0.6], target: 0.5)]
        + pruned(3, [25, 25]) + [overlap(3, count: 2, 0.9)])
    func branch(_ names: Event, _ j: Double) -> CollapseCourse {
      course(
        [names] + pruned(2, [50, 50]) + [overlap(2, count: 2, j)] + pruned(3, [40, 40])
          + [overlap(3, count: 2, 0.45)])
    }
    var same = branch(names, 0.5)
    same.begin(with: whole)
    #expect(same.rounds.map(\.round) == [1, 2, 3])
    #expect(same.records[..<4] == whole.records[..<4])
    #expect(same.rounds[2].jaccard == [0.45, 0.45])
    // Other masks or other names: the run is not the one that it was.
    for stranger in [branch(names, 0.55), branch(facts(["a", "c"], layers: [60, 40]), 0.5)] {
      var course = stranger
      course.begin(with: whole)
      #expect(course.records == stranger.records && course.rounds.count == 2)
    }
    // Scores of its own go before those of the other run.
    var judgedAgain = branch(names, 0.5)
    judgedAgain.take(judged(.retraining, round: 2, [0.75, 0.65], target: 0.5))
    judgedAgain.begin(with: whole)
    #expect(judgedAgain.rounds[1].retrained == [0: 0.75, 1: 0.65])
    #expect(judgedAgain.rounds[1].extracted == [0: 0.9, 1: 0.8])
  }

  @Test("one mask has no overlap, and a log of any length of nonsense does not trap")
  func single() {
    let one = course([
      facts(["all"], layers: [1]), overlap(1, count: 1, 1, layers: [[0.5]]),
      judged(.retraining, round: 1, [.nan]), judged(.retraining, round: 9, [0.5]),
    ])
    #expect(one.rounds[0].jaccard[0].isNaN && one.curve(of: 0, \.jaccard).isEmpty)
    #expect(one.rounds[0].retrained.isEmpty && one.records.count == 1)
    // Matrices that are no squares, layers of other lengths, more judged than there are.
    let odd = course([
      facts(["a", "b"], layers: []),
      .overlapMeasured(
        OverlapReport(
          round: 1, jaccard: [[1], [0.5, 1]], chance: [], unionParameters: 0,
          ownership: [],
          layers: [LayerOverlap(name: "x", sparsity: [0.5], jaccard: [[1]], chance: [])])),
      judged(.retraining, round: 1, [0.5, 0.5, 0.5]),
    ])
    #expect(odd.records.count == 2 && odd.rounds[0].layerChance.allSatisfy(\.isNaN))
  }
}
