import Experiments
import Studies
import Testing

/// When alarms are given: criteria and rule on courses made by hand.
@Suite("Collapse study") struct CollapseStudyTests {
  /// A run of two masks with these J, sparsities and scores after joint retraining, round by round.
  private func course(
    _ jaccard: [Double], sparsity: [Double], scores: [Double?], layer: [Double]? = nil,
    isBefore: Bool = false
  ) -> CollapseCourse {
    var course = CollapseCourse()
    course.take(
      .runStarted(
        RunDescription(
          runName: "run", seed: 1, model: "m", dataset: "d", subnetworks: ["a", "b"],
          layers: [LayerDescription(name: "l", weights: 1000)], prunableParameters: 1000,
          totalParameters: 1000, targets: [0.5], batchSize: 1, plannedRounds: 1,
          defaultRound: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 1), computedWith: ""))
    )
    for (index, j) in jaccard.enumerated() {
      let left = Int(((1 - sparsity[index]) * 1000).rounded())
      for k in 0..<2 {
        course.take(
          .pruned(
            PruneReport(
              round: index + 1, subnetwork: k, removed: 1, weightsLeft: left,
              sparsity: sparsity[index], maskHash: "")))
      }
      let (score, stage) = (scores[index], isBefore ? Stage.extraction : .retraining)
      if isBefore, let score { course.take(judged(stage, index + 1, score)) }
      let density = 1 - sparsity[index]
      let chance = density / (2 - density)
      let own = layer?[index] ?? j
      course.take(
        .overlapMeasured(
          OverlapReport(
            round: index + 1, jaccard: [[1, j], [j, 1]], chance: [[1, chance], [chance, 1]],
            unionParameters: 1, ownership: [],
            layers: [
              LayerOverlap(
                name: "l", sparsity: [sparsity[index], sparsity[index]],
                jaccard: [[1, own], [own, 1]], chance: [[1, chance], [chance, 1]])
            ])))
      if !isBefore, let score { course.take(judged(stage, index + 1, score)) }
    }
    return course
  }

  private func judged(_ stage: Stage, _ round: Int, _ score: Double) -> Event {
    .evaluated(
      EvaluationReport(
        stage: stage, round: round, target: nil, samples: 1,
        subnetworks: (0..<2).map {
          SubnetworkQuality(
            subnetwork: $0, loss: 0, balancedAccuracy: score, precision: 0, recall: 0, f1: 0)
        }, argmaxAccuracy: nil, unionParameters: nil))
  }

  private let sparsity = [0.2, 0.4, 0.6, 0.8, 0.9, 0.95]
  /// Falls as masks go apart, then rises by 0.01, 0.04, 0.2.
  private let jaccard = [0.9, 0.8, 0.7, 0.71, 0.74, 0.9]

  private func alarm(_ criterion: CollapseCriterion, _ limit: Double) -> Int? {
    criterion.limited(to: limit).alarm(
      of: 0, in: course(jaccard, sparsity: sparsity, scores: jaccard.map { _ in nil }))
  }

  @Test("the rise is counted from the lowest")
  func rise() {
    #expect(alarm(.rise, 0.005) == 4)
    #expect(alarm(.rise, 0.02) == 5)
    #expect(alarm(.rise, 0.1) == 6)
    #expect(alarm(.rise, 0.25) == nil)
  }

  @Test("the slope is the rise of one round over the logarithm of the densities")
  func slope() {
    // 0.01 / ln 2, 0.03 / ln 2, 0.16 / ln 2.
    #expect(alarm(.slope, 0.0144) == 4)
    #expect(alarm(.slope, 0.0145) == 5)
    #expect(alarm(.slope, 0.0433) == 6)
    #expect(alarm(.slope, 0.231) == nil)
  }

  @Test("corrected for chance, J of masks that only shrink is compared as what it is beyond it")
  func corrected() {
    let values = zip(jaccard, sparsity).map { j, s in
      let chance = (1 - s) / (1 + s)
      return (j - chance) / (1 - chance)
    }
    let lowest = values.reduce(into: [Double]()) { $0.append(min($0.last ?? .infinity, $1)) }
    for limit in [0.01, 0.05, 0.2] {
      let expected = Array(zip(values, lowest)).firstIndex { $0 - $1 >= limit }.map { $0 + 1 }
      #expect(alarm(.corrected, limit) == expected)
    }
  }

  @Test("the worst layer speaks where all weights together are silent")
  func layer() {
    let course = course(
      [0.9, 0.8, 0.7], sparsity: [0.2, 0.4, 0.6], scores: [nil, nil, nil], layer: [0.5, 0.45, 0.6])
    #expect(CollapseCriterion.layer.limited(to: 0.1).alarm(of: 0, in: course) == 3)
    #expect(CollapseCriterion.rise.alarm(of: 0, in: course) == nil)
  }

  @Test("the spectrum draws together for all masks at once")
  func spectrum() {
    // K² / Σ J²: 4 / (2 + 2 J²).
    let masks = jaccard.map { 4 / (2 + 2 * $0 * $0) }
    let fall = 1 - masks[5] / masks[2]
    #expect(alarm(.spectrum, fall - 1e-9) == 6)
    #expect(alarm(.spectrum, fall + 1e-9) == nil)
  }

  @Test("a fall is one that stays; the scores are those of joint retraining where there are three")
  func falls() {
    let rule = CollapseRule()
    func fall(_ scores: [Double?], isBefore: Bool = false) -> Int? {
      rule.fall(
        of: 0, in: course(jaccard, sparsity: sparsity, scores: scores, isBefore: isBefore))
    }
    // The best is 0.9: a quarter of 0.4 is lost below 0.8.
    #expect(fall([0.9, 0.79, 0.85, 0.9, 0.79, 0.7]) == 5, "the first one recovers")
    #expect(fall([0.9, 0.85, 0.81, 0.85, 0.81, 0.81]) == nil)
    #expect(fall([0.9, nil, 0.85, nil, nil, 0.5]) == 6)
    #expect(
      fall([0.9, 0.9, 0.9, 0.6, 0.6, 0.6], isBefore: true) == 3, "round 4 judged the masks of 3")
    // Two joint judgements are too few.
    #expect(fall([0.9, nil, nil, nil, nil, 0.5]) == nil)
  }

  @Test("alarms are true up to the horizon before the fall, false without one, late ones miss it")
  func verdicts() throws {
    let falling = course(
      jaccard, sparsity: sparsity, scores: [0.9, 0.9, 0.9, 0.9, 0.9, 0.6])
    let healthy = course(
      jaccard, sparsity: sparsity, scores: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
    func line(_ limit: Double, horizon: Int = 5) throws -> CollapseStudy.Line {
      var rule = CollapseRule()
      rule.horizon = horizon
      let study = CollapseStudy(
        [.init(run: "one", course: falling), .init(run: "two", course: healthy)],
        criteria: [.rise.limited(to: limit)], rule: rule)
      return try #require(study.lines.first)
    }
    let early = try line(0.02)
    #expect(early.subnetworks == 4 && early.falls == 2)
    #expect(early.trueAlarms == 2 && early.falseAlarms == 2 && early.missed == 0)
    #expect(early.lead?.mean == 1)
    // The healthy run counts in full, the other up to five rounds before its fall.
    #expect(abs((early.highestHealthy ?? 0) - 0.2) < 1e-9)
    let never = try line(0.5)
    #expect(never.trueAlarms == 0 && never.falseAlarms == 0 && never.missed == 2)
    #expect(never.lead == nil)
    let tooEarly = try line(0.005, horizon: 1)
    #expect(tooEarly.trueAlarms == 0 && tooEarly.falseAlarms == 4 && tooEarly.missed == 0)
  }

  @Test("limits of the command line, and what is none")
  func limits() throws {
    let criteria = try CollapseCriterion.all(limits: ["rise=0.5", "layer=0.25"])
    #expect(criteria.map(\.limit)[0] == 0.5 && criteria.map(\.limit)[3] == 0.25)
    for (text, words) in [
      ("rise", "NAME=NUMBER"), ("rize=0.01", "did you mean 'rise'?"),
      ("rise=abc", "found 'abc', expected a number above 0"), ("rise=-1", "found '-1'"),
      ("zzzzz=1", "there are rise, corrected"),
    ] {
      #expect {
        try CollapseCriterion.all(limits: [text])
      } throws: {
        "\($0)".hasPrefix("--limit \(text): ") && "\($0)".contains(words)
      }
    }
    for text in ["rise", "rize=0.1", "rise=x", "rise=0", "rise=nan", "rise=-1", "rise=1=2"] {
      #expect(throws: StudyError.self, "\(text)") {
        _ = try CollapseCriterion.all(limits: [text])
      }
    }
  }

  @Test("tables, records and picture hold every run and subnetwork")
  func report() {
    let source = CollapseStudy.Source(
      run: "one<&",
      course: course(jaccard, sparsity: sparsity, scores: [0.9, nil, 0.9, 0.9, 0.9, 0.6])
    )
    let report = CollapseReport(CollapseStudy([source]))
    for criterion in CollapseCriterion.all { #expect(report.markdown.contains(criterion.key)) }
    #expect(report.records.count == 1 + 6 * 2)
    #expect(report.records.allSatisfy { $0.count == report.records[0].count })
    #expect(report.outcomeRecords.count == 1 + 2 * 5)
    let svg = CollapseFigure(title: source.run, course: source.course).svg
    #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("one&lt;&amp;") && !svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.split(separator: ">0 %<").count == 3, "a panel per subnetwork")
  }
}
