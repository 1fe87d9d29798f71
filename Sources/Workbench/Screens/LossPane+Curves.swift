internal import Experiments
internal import TerminalUI

extension LossPane {
  /// The most subnetworks whose raw curves may lie behind all smoothed ones without hiding them.
  private static let mostRawCurves = 4

  /// The curves of all subnetworks in a part of the axis; the selected one comes last, on top.
  func curves(
    _ entry: ChartStack.Entry, in range: ClosedRange<Double>, size: Size, look: Look
  ) -> [ChartSeries] {
    let run = state.shown
    let view = state.lossView
    let cursor = view.cursors[view.lane(of: entry.stage)]
    let buckets = max(8, size.width)
    let selected = state.selected.flatMap { run.subnetworks.indices.contains($0) ? $0 : nil }
    let order = run.subnetworks.indices.filter { $0 != selected } + (selected.map { [$0] } ?? [])
    return order.map { index -> ChartSeries in
      let progress = run.subnetworks[index].progress(in: entry.stage)
      func points(_ smoothing: Smoothing) -> [ChartPoint] {
        Self.points(
          progress, entry.metric, smoothing, on: view.axis, in: range, buckets: buckets)
      }
      let showsRaw =
        entry.metric == .loss && view.smoothing != .none
        && (selected.map { $0 == index }
          ?? (run.subnetworks.count <= 2
            || (run.subnetworks.count <= Self.mostRawCurves && size.height >= 12)))
      let curve = points(view.smoothing)
      var series = ChartSeries(
        name: run.subnetworks[index].label, points: curve, raw: showsRaw ? points(.none) : [],
        role: selected != nil && selected != index ? .dim : .series(index),
        mark: look.glyphs.mark(index),
        marksPoints: !entry.metric.isPerStep && curve.count <= max(2, size.width / 4))
      series.readOut = cursor.flatMap { Self.value(progress, entry.metric, view, at: $0) }
      return series
    }
  }

  /// The points of a curve in a part of an axis, as many as there are columns to show them.
  static func points(
    _ progress: StageProgress, _ metric: ChartMetric, _ smoothing: Smoothing, on axis: ChartAxis,
    in range: ClosedRange<Double>, buckets: Int
  ) -> [ChartPoint] {
    if axis == .time, let history = progress.timedHistory(of: metric) {
      return history.points(in: range, buckets: buckets)
    }
    guard let history = progress.history(of: metric, smoothing: smoothing) else { return [] }
    let first = progress.step(at: range.lowerBound, on: axis)
    let last = max(first, progress.step(at: range.upperBound, on: axis))
    let points = history.points(in: first...last, buckets: buckets)
    guard axis != .step else { return points }
    var placed: [ChartPoint] = []
    placed.reserveCapacity(points.count)
    var segment: Int?
    for point in points {
      let next = progress.segmentIndex(of: point.x)
      // Between two stretches a subnetwork had its rest: nothing joins them in time, nor over rounds
      // that were left out.
      if metric.isPerStep, let segment, let next, next != segment,
        axis == .time || progress.segments[next].round != progress.segments[segment].round + 1
      {
        placed.append(.lift)
      }
      segment = next
      placed.append(ChartPoint(x: progress.position(of: point.x, on: axis), y: point.y))
    }
    return placed
  }

  /// The value of a curve at a place on the axis, or the last before it; `nil` before the first.
  static func value(
    _ progress: StageProgress, _ metric: ChartMetric, _ view: LossView, at place: Double
  ) -> Double? {
    if view.axis == .time, let history = progress.timedHistory(of: metric) {
      return history.point(atOrBefore: place)?.y
    }
    return progress.history(of: metric, smoothing: view.smoothing)?
      .point(atOrBefore: progress.step(at: place, on: view.axis) + 1e-6)?.y
  }

  /// What happened when in a stage; the rarest first, as there may not be room for all letters.
  func markers(in stage: Stage) -> [ChartMarker] {
    let progress = state.furthestProgress(in: stage)
    let markers = state.shown.markers.filter { $0.stage == stage }
    let ordered = (0...RunMarker.Kind.lowestRank).flatMap { rank in
      markers.filter { $0.kind.rank == rank }
    }
    return ordered.map { marker in
      let place =
        state.lossView.axis == .time
        ? marker.seconds
        : progress?.position(of: Double(marker.step), on: state.lossView.axis) ?? 0
      return switch marker.kind {
      case .prune: ChartMarker(x: place, letter: "P", role: .marker)
      case .rewind: ChartMarker(x: place, letter: "r", role: .marker)
      case .target: ChartMarker(x: place, letter: "T", role: .target)
      case .pause: ChartMarker(x: place, letter: "p", role: .marker)
      case .retraining: ChartMarker(x: place, letter: "j", role: .marker)
      case .alarm(.warning): ChartMarker(x: place, letter: "!", role: .warning)
      case .alarm(.critical): ChartMarker(x: place, letter: "X", role: .critical)
      case .note: ChartMarker(x: place, letter: "n", role: .accent)
      }
    }
  }
}
