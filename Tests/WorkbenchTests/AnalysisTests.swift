import Experiments
import TerminalUI
import Testing
import Workbench

/// What calibration and routing found, over the panes.
@Suite struct AnalysisTests {
  private static func figures(_ value: Double) -> CalibrationReport.Figures {
    CalibrationReport.Figures(
      precision: value, recall: 1 - value, f1: value, balancedAccuracy: 0.75,
      calibrationError: value / 2, loss: value)
  }

  static let calibration = CalibrationReport(
    run: "demo", split: .testHalf, calibrationSamples: 500, judgedSamples: 500, wantedRecall: nil,
    decision: .membership,
    targets: [0.25, 0.5].enumerated().map { index, target in
      CalibrationReport.Target(
        round: 2 * index + 2, target: target,
        subnetworks: ["disc", "stripes", "cross"].enumerated().map { k, name in
          CalibrationReport.Subnetwork(
            name: name, temperature: 1.25 + Double(k), shift: -2.2, threshold: 0.2,
            before: figures(0.2 + 0.1 * Double(k)), after: figures(0.5),
            errorByTemperatureAlone: nil, reliabilityBefore: [], reliabilityAfter: [])
        })
    })

  static let routing = RoutingReport(
    run: "demo", baseline: "single", split: .testHalf, judgedSamples: 500, decision: .membership,
    threads: 2,
    gate: .init(
      parameters: 24_000, trainingSamples: 4_500, epochs: 5, multiplyAdds: 700_000, topOne: 0.5,
      topTwo: 0.7),
    targets: [
      .init(
        round: 2, target: 0.25,
        routes: RoutingReport.Route.Kind.allCases.enumerated().map { index, kind in
          .init(
            kind: kind, accuracy: 0.8 - 0.1 * Double(index),
            multiplyAdds: Double(1_000_000 * (index + 1)), millisecondsPerImage: 0.05)
        },
        sharing: .init(
          sharesWeights: true, layers: [.init(name: "a", separate: 100, union: 40, exact: 90)],
          millisecondsAlone: 1, millisecondsTogether: 0.9))
    ])

  private func state(
    _ analysis: RunAnalysis?, size: Size = Size(width: 80, height: 24)
  ) -> WorkbenchState {
    var state = WorkbenchState(
      runName: "demo", hasRunsFolder: true, now: ScriptedRun.start, size: size)
    _ = update(&state, .events(ScriptedRun.midway(subnetworks: 3).events))
    #expect(state.type("K") == [.readAnalysis("demo")])
    if let analysis { _ = update(&state, .analysis(.success(analysis), of: "demo")) }
    return state
  }

  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  @Test(arguments: [(80, 24), (120, 40)]) func golden(_ width: Int, _ height: Int) throws {
    let golden = GoldenTests()
    let size = Size(width: width, height: height)
    var state = state(
      RunAnalysis(calibration: Self.calibration, routing: Self.routing), size: size)
    try golden.expect(text(state), "calibration-\(width)x\(height).txt")
    state.type("K")
    try golden.expect(text(state), "routing-\(width)x\(height).txt")
  }

  @Test("the last target first; sideways to the others; the key goes to the other page and back")
  func pages() {
    var state = state(RunAnalysis(calibration: Self.calibration, routing: Self.routing))
    #expect(text(state).contains("Calibration · after round 4"))
    state.press(.left)
    #expect(text(state).contains("Calibration · after round 2"))
    state.press(.left)
    #expect(text(state).contains("target 25.0%, 1 of 2"), "\(text(state))")
    state.press(.right)
    #expect(text(state).contains("2 of 2"))
    #expect(state.type("K").isEmpty)
    #expect(text(state).contains("Routing · after round 2") && text(state).contains("single"))
    state.type("K")
    #expect(text(state).contains("nothing yet: rtl predict demo IMAGE… finds it out"))
    state.type("K")
    #expect(text(state).contains("Calibration"))
    state.press(.escape)
    #expect(state.drills.isEmpty)
  }

  @Test("predictions: the first images first, as many as fit, and all of them exported")
  func predictions() {
    let report = PredictionReport(
      run: "demo", round: 4, target: 0.5, isCalibrated: false,
      predictions: (1...20).map {
        ImagePrediction(
          file: "pictures/\($0).png", decision: $0 == 20 ? "cross" : "disc", subnetwork: "disc",
          score: 0.625, isAccepted: $0 % 2 == 0)
      })
    var state = state(RunAnalysis(predictions: report))
    #expect(text(state).contains("Predictions · after round 4"), "\(text(state))")
    #expect(text(state).contains(" 1.png") && text(state).contains("16.png"))
    #expect(text(state).contains("image 1 to 16 of 20") && text(state).contains("not calibrated"))
    state.press(.left)
    #expect(text(state).contains("image 1 to 16 of 20"))
    state.press(.right)
    #expect(text(state).contains("image 17 to 20 of 20") && text(state).contains("cross"))
    let csv = ExportText.of(state, as: .csv, look: Fixture.color).split(separator: "\r\n")
    #expect(csv.count == 21 && csv[1] == "pictures/1.png,disc,disc,0.625,no")
    state.type("KKK")
    #expect(text(state).contains("image 1 to 16 of 20"))
  }

  @Test("what is not there yet is said, with the command that finds it out")
  func missing() {
    #expect(text(state(nil)).contains("reading"))
    let nothing = state(RunAnalysis())
    #expect(text(nothing).contains("nothing yet: rtl calibrate demo finds it out"))
    let aside = text(state(RunAnalysis(setsImagesAside: false)))
    #expect(aside.contains("rtl calibrate demo --split test-half finds it out"), "\(aside)")
    // The page that has something comes first.
    #expect(text(state(RunAnalysis(routing: Self.routing))).contains("gate, likeliest"))
  }

  @Test("a figure of many digits is shown whole where there is room")
  func longFigures() {
    var calibration = Self.calibration
    calibration.targets[1].subnetworks[0].temperature = 1234.5
    calibration.targets[1].subnetworks[0].before.precision = 1
    calibration.targets[1].subnetworks[0].after.precision = 1
    let shown = text(
      state(RunAnalysis(calibration: calibration), size: Size(width: 120, height: 40)))
    #expect(shown.contains("1234.50") && shown.contains("1.00→1.00"), "\(shown)")
  }

  @Test("an answer about another run, a failure, and a place without runs")
  func others() {
    var state = state(nil)
    _ = update(&state, .analysis(.success(RunAnalysis(calibration: Self.calibration)), of: "other"))
    #expect(state.analysis == nil)
    let problem = RunQueryError(column: nil, description: "calibration.json: damaged")
    #expect(update(&state, .analysis(.failure(problem), of: "demo")) == [.ring])
    #expect(state.drills.isEmpty && state.notice?.text == "calibration.json: damaged")
    var alone = Fixture.state(.midway())
    #expect(alone.type("K").isEmpty)
    #expect(alone.notice?.text == "there is no runs folder here")
  }

  @Test("exported are all targets of the page")
  func export() {
    var state = state(RunAnalysis(calibration: Self.calibration, routing: Self.routing))
    let csv = ExportText.of(state, as: .csv, look: Fixture.color)
    #expect(csv.split(separator: "\r\n").count == 7)
    #expect(csv.contains("4,0.5,cross,3.25,-2.2,0.2,0.4"), "\(csv)")
    state.type("K")
    let routes = ExportText.of(state, as: .csv, look: Fixture.color)
    #expect(routes.contains("2,0.25,single,"))
    #expect(ExportText.of(state, as: .text, look: Fixture.color).contains("gate, two likeliest"))
  }

  @Test("it fits into every size", arguments: [(60, 15), (30, 15), (200, 60), (100, 5), (20, 3)])
  func sizes(_ size: (Int, Int)) {
    var state = WorkbenchState(
      runName: "demo", hasRunsFolder: true, now: ScriptedRun.start,
      size: Size(width: size.0, height: size.1))
    state.type("K")
    _ = update(&state, .analysis(.success(RunAnalysis(calibration: Self.calibration)), of: "demo"))
    #expect(render(state, size: state.size, look: Fixture.mono).lines.count == size.1)
  }
}
