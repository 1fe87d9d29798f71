import Experiments
import TerminalUI
import Testing
import Workbench

/// Runs that are judged by something else than balanced accuracy, alone and beside others.
@Suite struct QualityTests {
  /// Two rounds of a run that shows a picture: 20 and 22 dB of each region, 21.5 dB over all.
  private static func picture(_ name: String = "picture") -> [RecordedEvent] {
    var run = ScriptedRun(subnetworks: 2)
    for round in 1...2 {
      run.beginRound(round)
      for k in 0..<2 {
        run.prune(round: round, subnetwork: k)
        run.send(.evaluated(report(.extraction, round: round, [quality(k, 20 + 2 * Double(k))])))
      }
      run.endRound(round)
    }
    var joint = report(.retraining, round: 2, [quality(0, 20), quality(1, 24)])
    joint.overall = QualityScore(.psnr, 21.5)
    run.send(.evaluated(joint))
    return run.events.filter { event in
      // The scripted pruning judges as a classifier.
      guard case .evaluated(let report) = event.event else { return true }
      return report.subnetworks.allSatisfy { $0.score.metric == .psnr }
    }
  }

  private static func quality(_ k: Int, _ decibels: Double) -> SubnetworkQuality {
    SubnetworkQuality(subnetwork: k, loss: 0.01, score: QualityScore(.psnr, decibels))
  }

  private static func report(
    _ stage: Stage, round: Int, _ qualities: [SubnetworkQuality]
  ) -> EvaluationReport {
    EvaluationReport(
      stage: stage, round: round, target: stage == .retraining ? 0.25 : nil, samples: 100,
      subnetworks: qualities, argmaxAccuracy: nil, unionParameters: nil)
  }

  private static func compared(_ name: String) -> ComparedRun {
    var run = ComparedRun(name: name)
    for event in picture() { run.apply(event) }
    return run
  }

  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  private func table(_ state: WorkbenchState) -> [[String]] {
    ExportText.of(state, as: .csv, look: Fixture.color).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("the list of runs says what is in its column; mixed runs have their unit with each figure")
  func list() {
    func listing(_ name: String, _ quality: QualityScore?) -> RunListing {
      var run = Shelf.listing(name, .finished, quality: nil)
      run.quality = quality
      return run
    }
    let pictures = [listing("a", QualityScore(.psnr, 23.414)), listing("b", nil)]
    let alone = text(Shelf.state(pictures))
    #expect(alone.contains("PSNR dB") && alone.contains("23.41") && !alone.contains("bal sparse"))
    let mixed = pictures + [listing("c", QualityScore(.balancedAccuracy, 0.714))]
    let both = text(Shelf.state(mixed))
    for words in ["quality", "23.41 dB", ".714"] { #expect(both.contains(words), "\(both)") }
    let records = table(Shelf.state(mixed))
    #expect(
      records[0].dropFirst(4).prefix(3) == ["balanced_accuracy", "psnr", "mean_jaccard"],
      "\(records[0])")
    #expect(records[1].dropFirst(4).prefix(2) == ["", "23.414"])
    #expect(records[3].dropFirst(4).prefix(2) == ["0.714", ""])
  }

  @Test("rounds, the list to go back to, and the exports of a picture's run speak of dB")
  func rounds() throws {
    var state = WorkbenchState(
      runName: "demo", hasRunsFolder: true, now: ScriptedRun.start,
      size: Size(width: 120, height: 40))
    _ = update(&state, .events(Self.picture()))
    state.type("5")
    if state.runList.isShown { state.type("R") }
    let shown = text(state)
    // Two decimals; after joint retraining the picture as a whole.
    for words in ["PSNR dB", "21.00", "21.50"] { #expect(shown.contains(words), "\(shown)") }
    #expect(table(state)[0].contains("retrained_psnr"))
    #expect(table(state)[2].suffix(3).prefix(2) == ["21.0", "21.5"], "\(table(state))")
    let chooser = RoundChooser(state.run)
    #expect(chooser.metric == .psnr)
    #expect(chooser.rows.first?.quality == 21 && chooser.rows.first?.joint == 21.5)
    // Metrics that a picture's run cannot have are left out.
    let next = ChartMetric.loss.next(judgedBy: state.run.judgedBy)
    #expect(next == .jaccard && ChartMetric.speed.next(judgedBy: state.run.judgedBy) == .psnr)
    state.type("2")
    let subnetworks = table(state)
    #expect(subnetworks[0].dropFirst(4).prefix(2) == ["psnr", "best_psnr"])
    #expect(subnetworks[1].dropFirst(4).prefix(3) == ["20.0", "20.0", ""], "\(subnetworks[1])")
  }

  @Test("a comparison has a line for each metric, and one axis has one unit")
  func comparison() throws {
    var state = Shelf.state()
    _ = update(
      &state, .compared([Self.compared("first"), Self.compared("second")]))
    let same = text(state)
    for words in ["PSNR in dB · faint: before retraining", "PSNR dB over all", "21.50 (+.00)"] {
      #expect(same.contains(words), "\(words)\n\(same)")
    }
    #expect(!same.contains("balanced accuracy") && !same.contains("F1"))
    #expect(table(state)[0].dropFirst(4).prefix(2) == ["psnr", "retrained_psnr"])
    #expect(table(state)[2].dropFirst(4).prefix(2) == ["21.0", "21.5"])
    state.press(.escape)
    _ = update(&state, .compared([Fixture.compared("classes", 2), Self.compared("picture")]))
    let mixed = text(state)
    for words in ["balanced accuracy · faint: before retraining · 1 of 2 runs", "PSNR dB", "F1"] {
      #expect(mixed.contains(words), "\(words)\n\(mixed)")
    }
    let records = table(state)
    #expect(
      records[0].dropFirst(4).prefix(4) == [
        "balanced_accuracy", "retrained_balanced_accuracy", "psnr", "retrained_psnr",
      ])
    #expect(records.allSatisfy { $0.count == records[0].count })
    let last = try #require(records.last)
    #expect(last.dropFirst(4).prefix(4) == ["", "", "21.0", "21.5"])
  }

  @Test("what was judged before and after joint retraining is not joined by one line")
  func twoJudgements() throws {
    let comparison = Comparison(runs: [Fixture.compared("a", 3), Fixture.compared("b", 3)])
    let run = try #require(comparison.runs.first)
    #expect(run.rounds.count == 3 && run.rounds.count { !$0.retrained.isEmpty } == 1)
    var state = Shelf.state()
    _ = update(&state, .compared(comparison.runs))
    let screen = render(state, size: state.size, look: Fixture.color)
    let joint = try #require(RoundRecord.mean(run.rounds[1].retrained))
    // The curve's last figure is the retraining's, not that of a later round before its rewind.
    #expect(screen.text.contains(Figures.fixed(joint, 4).prefix(5)), "\(screen.text)")
  }

  @Test("figures whose difference has no room beside them have it below; nothing is cut off")
  func manyRuns() {
    var state = Shelf.state()
    _ = update(&state, .compared((0..<5).map { Fixture.compared("run \($0)", 2 + $0) }))
    let five = text(state)
    #expect(five.contains("figures · below: to run 0") && five.contains("+0.0%"), "\(five)")
    #expect(!five.contains("(+"), "\(five)")
    state.press(.escape)
    _ = update(&state, .resize(Size(width: 200, height: 60)))
    _ = update(&state, .compared((0..<3).map { Fixture.compared("run \($0)", 2 + $0) }))
    let three = text(state)
    #expect(three.contains("figures · in brackets: to run 0"), "\(three)")
    #expect(three.contains("(+0.0%)"), "\(three)")
  }

  @Test("a run that was cut off is told so in a comparison, too")
  func interrupted() {
    var state = Shelf.state()
    _ = update(&state, .compared([Fixture.compared("alpha", 2), Fixture.compared("gamma", 2)]))
    let line = state.comparison?.figures.first
    #expect(line?.values == ["finished", "interrupted"])
  }
}
