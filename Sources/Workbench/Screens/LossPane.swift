internal import Experiments
internal import TerminalUI

/// The loss of every subnetwork, live; extraction and retraining apart.
struct LossPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  /// Rows from which both stages have a chart of their own.
  private static let rowsForBoth = 18

  /// The stage of the only chart; `nil` where there are two.
  private func stage(height: Int) -> Stage? {
    if let stage = state.lossView.stage { return stage }
    let hasRetraining = state.shown.furthestStep(in: .retraining) > 0
    if hasRetraining, height >= Self.rowsForBoth { return nil }
    return hasRetraining && state.shown.stage == .retraining ? .retraining : .extraction
  }

  /// What is drawn and how, in a few words, for a pane of so many rows.
  func subtitle(height: Int) -> String {
    let view = state.lossView
    var words: [String] = []
    if let stage = stage(height: height) { words.append(stage.rawValue) }
    words.append(view.smoothing.label)
    if view.isLogarithmic { words.append("log y") }
    if view.windowHalvings > 0 { words.append("last 1/\(1 << view.windowHalvings)") }
    return words.joined(separator: " · ")
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let stage = stage(height: rect.height) else {
      let parts = rect.rows([.fill(1), .fill(1)])
      chart(of: .extraction, into: &screen, in: parts[0], look: look, heading: "extraction")
      chart(of: .retraining, into: &screen, in: parts[1], look: look, heading: "joint retraining")
      return
    }
    chart(of: stage, into: &screen, in: rect, look: look, heading: nil)
  }

  private func chart(
    of stage: Stage, into screen: inout Screen, in rect: Rect, look: Look, heading: String?
  ) {
    var body = rect
    if let heading {
      screen.put(" \(heading)", in: rect.row(0), style: look[.label])
      body = rect.inset(top: 1)
    }
    let run = state.shown
    let view = state.lossView
    let last = lastPosition(in: stage)
    let window = last / Double(1 << view.windowHalvings)
    let range = (last - window)...max(last, last - window + 1e-9)
    let buckets = max(8, body.width)
    // The selected curve comes last and lies on top.
    let order =
      run.subnetworks.indices.filter { $0 != state.selected }
      + (state.selected.map { run.subnetworks.indices.contains($0) ? [$0] : [] } ?? [])
    let series = order.map { index -> ChartSeries in
      let subnetwork = run.subnetworks[index]
      let progress = subnetwork.progress(in: stage)
      let isDimmed = state.selected != nil && state.selected != index
      let showsRaw =
        view.smoothing != .none && (state.selected == index || run.subnetworks.count <= 2)
      return ChartSeries(
        name: subnetwork.label,
        points: points(of: progress, smoothing: view.smoothing, buckets: buckets),
        raw: showsRaw ? points(of: progress, smoothing: .none, buckets: buckets) : [],
        role: isDimmed ? .dim : .series(index), mark: look.glyphs.mark(index))
    }
    let isSteps = view.axis == .step
    LineChart(
      series: series, xRange: last > 0 ? range : nil,
      yScale: view.isLogarithmic ? .logarithmic : .linear, markers: markers(in: stage),
      xTitle: isSteps ? "step" : "round",
      emptyText: stage == .retraining ? "no joint retraining yet" : "no step yet"
    ).render(into: &screen, in: body, look: look)
  }

  private func lastPosition(in stage: Stage) -> Double {
    let positions = state.shown.subnetworks.map { subnetwork -> Double in
      let progress = subnetwork.progress(in: stage)
      return position(of: Double(progress.totalSteps), progress)
    }
    return positions.max() ?? 0
  }

  private func points(
    of progress: StageProgress, smoothing: Smoothing, buckets: Int
  ) -> [ChartPoint] {
    let history = progress.histories[smoothing.rawValue]
    let halvings = state.lossView.windowHalvings
    let points: [ChartPoint]
    if halvings > 0, state.lossView.axis == .step {
      let last = Double(progress.totalSteps)
      points = history.points(in: (last - last / Double(1 << halvings))...last, buckets: buckets)
    } else {
      points = history.points(buckets: buckets << halvings)
    }
    guard state.lossView.axis == .round else { return points }
    return points.map { ChartPoint(x: position(of: $0.x, progress), y: $0.y) }
  }

  private func position(of step: Double, _ progress: StageProgress) -> Double {
    state.lossView.axis == .step ? step : progress.roundPosition(of: step)
  }

  private func markers(in stage: Stage) -> [ChartMarker] {
    state.shown.markers.filter { $0.stage == stage }.compactMap { marker in
      let place: Double
      if state.lossView.axis == .step {
        place = Double(marker.step)
      } else {
        let progress = state.shown.subnetworks.map { $0.progress(in: stage) }
          .max { $0.totalSteps < $1.totalSteps }
        place = progress?.roundPosition(of: Double(marker.step)) ?? 0
      }
      switch marker.kind {
      case .rewind: return ChartMarker(x: place, letter: "r", role: .marker)
      case .target: return ChartMarker(x: place, letter: "T", role: .target)
      case .pause: return ChartMarker(x: place, letter: "p", role: .marker)
      case .retraining: return ChartMarker(x: place, letter: "j", role: .marker)
      case .alarm(.warning): return ChartMarker(x: place, letter: "!", role: .warning)
      case .alarm(.critical): return ChartMarker(x: place, letter: "X", role: .critical)
      }
    }
  }
}
