internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Rows from which both stages have charts of their own.
  private static let rowsForBoth = 18

  /// The stages that charts are drawn of in a pane with so many rows inside.
  func chartStages(height: Int) -> [Stage] {
    if lossView.metric.isOfMasks { return [.extraction] }
    if let stage = lossView.stage { return [stage] }
    guard shown.furthestStep(in: .retraining) > 0 else { return [.extraction] }
    if height >= Self.rowsForBoth { return [.extraction, .retraining] }
    // Nothing is judged while a retraining goes on; what extraction came to says more than that.
    return [hasValues(of: lossView.metric, in: shown.stage) ? shown.stage : .extraction]
  }

  /// Whether some subnetwork has a value of a metric.
  func hasValues(of metric: ChartMetric, in stage: Stage) -> Bool {
    shown.subnetworks.contains { $0.progress(in: stage).history(of: metric)?.isEmpty == false }
  }

  /// The rows inside the pane of the charts; 0 while it has no place.
  var chartHeight: Int {
    guard let placement = Layout(self).panes.first(where: { $0.pane == .loss }) else { return 0 }
    return placement.rect.height - (placement.isFramed ? 2 : 0)
  }

  /// The axis that the keys act on: that of the stage the run is in, if it is drawn.
  var activeLane: ChartLane {
    let stages = chartStages(height: chartHeight)
    let stage = stages.contains(shown.stage) ? shown.stage : stages.first ?? .extraction
    return lossView.lane(of: stage)
  }

  /// All of an axis; `nil` while there is nothing on it.
  func wholeRange(of lane: ChartLane) -> ClosedRange<Double>? {
    if lossView.axis == .time {
      let end = shown.elapsed(at: shown.lastTime)
      return end > 0 ? 0...end : nil
    }
    let stages: [Stage] =
      switch lane {
      case .extraction: [.extraction]
      case .retraining: [.retraining]
      case .both: [.extraction, .retraining]
      }
    let end =
      shown.subnetworks.flatMap { subnetwork in
        stages.map { stage in
          let progress = subnetwork.progress(in: stage)
          return progress.position(of: Double(progress.totalSteps), on: lossView.axis)
        }
      }.max() ?? 0
    guard end > 0 else { return nil }
    // A branch begins with a later round, and there is nothing before it.
    let rounds = shown.subnetworks.flatMap { subnetwork in
      stages.flatMap { subnetwork.progress(in: $0).segments.prefix(1).map(\.round) }
    }
    let start = lossView.axis == .round ? Double(rounds.min() ?? 1) - 1 : 0
    return start < end ? start...end : 0...end
  }

  /// The part of an axis in sight; `nil` while there is nothing on it.
  func visibleRange(of lane: ChartLane) -> ClosedRange<Double>? {
    wholeRange(of: lane).map { (lossView.windows[lane] ?? ChartWindow()).range(of: $0) }
  }

  /// The subnetwork that got furthest in a stage; by it a place on one axis is told on the others.
  func furthestProgress(in stage: Stage) -> StageProgress? {
    shown.subnetworks.map { $0.progress(in: stage) }.max { $0.totalSteps < $1.totalSteps }
  }

  /// Changes the part of the active axis in sight; says so where nothing can be changed.
  private mutating func changeWindow(
    _ advice: String, _ change: (inout ChartWindow, ClosedRange<Double>) -> Bool
  ) {
    let lane = activeLane
    guard let whole = wholeRange(of: lane) else { return say("there is no curve yet", .detail) }
    var window = lossView.windows[lane] ?? ChartWindow()
    if change(&window, whole) {
      // All of it is what there is without saying.
      lossView.windows[lane] = window == ChartWindow() ? nil : window
    } else {
      say(advice, .detail)
    }
  }

  /// Halves or doubles the part of the axis in sight, about the cursor if there is one.
  mutating func zoomCharts(in isIn: Bool) {
    let cursor = lossView.cursors[activeLane]
    changeWindow(isIn ? "closer than this there is nothing" : "all of it is in sight") {
      $0.zoom(in: isIn, around: cursor, whole: $1)
    }
  }

  /// Moves the cursor by a column or, without one, the part in sight by a quarter.
  mutating func moveInCharts(by direction: Double) {
    let lane = activeLane
    guard let cursor = lossView.cursors[lane] else {
      return changeWindow(
        lossView.windows[lane] == nil
          ? "all of it is in sight: \(label(of: .zoomIn)) zooms in" : "this is its end"
      ) { $0.pan(by: direction / 4, whole: $1) }
    }
    guard let visible = visibleRange(of: lane) else { return }
    // Beside the plot stand the figures of the axis and the names.
    let columns = max(10, (Layout(self).rect(of: .loss)?.width ?? 0) - 16)
    let column = (visible.upperBound - visible.lowerBound) / Double(columns)
    placeCursor(at: cursor + direction * column)
  }

  /// Goes to one end of the axis.
  mutating func goInCharts(toEnd: Bool) {
    let lane = activeLane
    guard let whole = wholeRange(of: lane) else { return }
    if lossView.cursors[lane] != nil {
      placeCursor(at: toEnd ? whole.upperBound : whole.lowerBound)
      return
    }
    changeWindow("") { window, whole in
      if toEnd { window.goToEnd(of: whole) } else { window.goToStart(of: whole) }
      return true
    }
  }

  /// Switches the cursor on at the newest point in sight, or off.
  mutating func toggleCursor() {
    guard lossView.cursors.isEmpty else {
      lossView.cursors = [:]
      if notice?.text == cursorAdvice { notice = nil }
      return
    }
    let lane = activeLane
    guard let visible = visibleRange(of: lane) else { return say("there is no curve yet", .detail) }
    lossView.cursors[lane] = visible.upperBound
    say(cursorAdvice, .detail)
  }

  private var cursorAdvice: String {
    "\(label(of: .left)) \(label(of: .right)) move the cursor: \(label(of: .cursor)) takes it away"
  }

  private mutating func placeCursor(at place: Double) {
    let lane = activeLane
    guard let whole = wholeRange(of: lane) else { return }
    let place = min(max(place, whole.lowerBound), whole.upperBound)
    lossView.cursors[lane] = place
    lossView.windows[lane]?.reveal(place, whole: whole)
  }
}
