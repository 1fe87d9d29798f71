import Experiments
import TerminalUI
import Testing
import Workbench

/// The chart pane's views against text files.
@Suite struct ChartGoldenTests {
  /// A run with a spike, a gap, a note and an alarm; the chart pane fills the screen.
  private func state(_ width: Int, _ height: Int) -> WorkbenchState {
    var run = ScriptedRun(subnetworks: 4)
    run.round(1)
    run.beginRound(2)
    for subnetwork in 0..<4 {
      run.train(.extraction, round: 2, subnetwork: subnetwork, steps: 20, planned: 60)
      for (step, loss) in [(21, 2.5), (22, .nan), (23, .nan), (24, 0)] where subnetwork == 1 {
        run.wait(0.02)
        run.send(
          .stepFinished(
            StepReport(
              stage: .extraction, round: 2, subnetwork: 1, epoch: 1, step: step, plannedSteps: 60,
              loss: loss, samples: 64)))
      }
      run.train(.extraction, round: 2, subnetwork: subnetwork, from: 25, steps: 36, planned: 60)
      run.prune(round: 2, subnetwork: subnetwork)
    }
    run.endRound(2)
    run.send(
      .noted(
        Note(
          text: "B jumps here",
          place: Note.Place(stage: .extraction, round: 2, subnetwork: 1, step: 21))))
    run.retrain(2)
    run.round(3)
    var state = Fixture.state(run, size: Size(width: width, height: height))
    state.press(.character("z"), .character("a"))
    return state
  }

  private func expect(_ state: WorkbenchState, _ name: String, look: Look = Fixture.color) throws {
    try GoldenTests().expect(render(state, size: state.size, look: look).text, name)
  }

  @Test func stackWithCursor() throws {
    var state = state(120, 40)
    state.type("tc")
    // The stage that is drawn alone is extraction; the note is at its step 81.
    state.press(.home)
    for _ in 0..<47 { state.press(.right) }
    let screen = render(state, size: state.size, look: Fixture.color)
    try GoldenTests().expect(screen.text, "charts-cursor-120x40.txt")
    try GoldenTests().expect(screen.styleText, "charts-cursor-120x40.style")
    try expect(state, "charts-cursor-120x40-ascii.txt", look: Fixture.ascii)
  }

  @Test func logarithmicOverTime() throws {
    var state = state(120, 40)
    state.type("yxxx")
    try expect(state, "charts-time-log-120x40.txt")
    state.type("s")
    state.press(.character("s"), .character("+"), .left)
    try expect(state, "charts-time-raw-held-120x40.txt")
  }

  @Test func otherMetrics() throws {
    var state = state(80, 24)
    let foreign: [ChartMetric] = [.psnr, .siSNRImprovement]
    for metric in ChartMetric.allCases.dropFirst() where !foreign.contains(metric) {
      state.type("u")
      #expect(state.lossView.metric == metric)
      try expect(state, "charts-\(metric.rawValue)-80x24.txt")
    }
    state.type("u")
    #expect(state.lossView.metric == .loss)
    state.type(":set metric psnr")
    state.press(.enter)
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("this run is judged by balanced accuracy"), "\(text)")
  }

  @Test func manySubnetworksAreReadOutBelow() throws {
    var state = Fixture.state(.midway(), size: Size(width: 80, height: 24))
    state.type("c")
    try expect(state, "charts-cursor-80x24.txt")
  }

  @Test func whileARetrainingGoesOnQualityIsThatOfExtraction() {
    var run = ScriptedRun(subnetworks: 3)
    run.round(1)
    run.retrain(1, share: 0.5)
    var state = Fixture.state(run)
    state.type("u")
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("balanced accuracy") && !text.contains("nothing was judged yet"))
    state.type("tt")
    #expect(
      render(state, size: state.size, look: Fixture.color).text.contains("nothing was judged yet"),
      "asked for, retraining is shown as it is")
  }

  @Test func noteField() throws {
    var state = Fixture.state(.midway())
    state.type("mthe loss of D")
    try expect(state, "popup-note.txt")
  }
}
