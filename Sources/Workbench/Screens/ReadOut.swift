internal import Experiments
internal import TerminalUI

/// The lines below the charts while there is a cursor: where it stands, what a person said there, and
/// the values of curves whose names have no room beside the chart.
struct ReadOut: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The charts above.
  let stack: ChartStack
  private let rows: [[Span]]

  /// The lines for a pane of this size.
  init(state: WorkbenchState, stack: ChartStack, size: Size) {
    self.state = state
    self.stack = stack
    let view = state.lossView
    guard size.height >= 6,
      let entry = stack.entries.first(where: { view.cursors[view.lane(of: $0.stage)] != nil }),
      let cursor = view.cursors[view.lane(of: entry.stage)],
      let subnetwork = Self.reference(for: entry.stage, at: cursor, in: state)
    else {
      rows = []
      return
    }
    var rows = [
      Self.place(cursor, on: view.axis, of: subnetwork, stage: entry.stage)
        + Self.words(near: cursor, in: state, stage: entry.stage)
    ]
    let heights = Extent.lengths(of: stack.entries.map { .fill($0.weight) }, in: size.height - 1)
    for (index, entry) in stack.entries.enumerated() {
      guard let cursor = view.cursors[view.lane(of: entry.stage)] else { continue }
      // With an axis and a heading this many names find room beside the chart.
      let names = size.width >= 36 ? heights[index] - (stack.entries.count > 1 ? 3 : 2) : 0
      guard names < state.shown.subnetworks.count else { continue }
      let values = Self.values(entry, at: cursor, in: state)
      rows += Self.wrapped(
        values, title: stack.entries.count > 1 ? entry.metric.title : "", width: size.width)
    }
    self.rows = Array(rows.prefix(max(1, size.height - 6)))
  }

  /// The lines that it takes.
  var height: Int { rows.count }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    for (index, row) in rows.enumerated() where index < rect.height {
      screen.put(row, in: rect.row(index), look: look)
    }
  }

  /// By which subnetwork a place is told on the other axes: the selected one, or the furthest; in time
  /// the one that had taken the newest step by then.
  private static func reference(
    for stage: Stage, at cursor: Double, in state: WorkbenchState
  ) -> SubnetworkModel? {
    if let selected = state.selected, state.shown.subnetworks.indices.contains(selected) {
      return state.shown.subnetworks[selected]
    }
    guard state.lossView.axis == .time else {
      return state.shown.subnetworks.max {
        $0.progress(in: stage).totalSteps < $1.progress(in: stage).totalSteps
      }
    }
    return state.shown.subnetworks.map { subnetwork in
      let progress = subnetwork.progress(in: stage)
      let step = progress.step(at: cursor, on: .time)
      return (subnetwork, step > 0 ? progress.position(of: step, on: .time) : -1)
    }.max { $0.1 < $1.1 }?.0
  }

  private static func place(
    _ cursor: Double, on axis: ChartAxis, of subnetwork: SubnetworkModel, stage: Stage
  ) -> [Span] {
    let progress = subnetwork.progress(in: stage)
    let step = progress.step(at: cursor, on: axis)
    let round = progress.segmentIndex(of: step).map { progress.segments[$0].round } ?? 0
    let epoch = Figures.fixed(progress.position(of: step, on: .epoch), 1)
    let steps = Figures.grouped(Int(min(step.rounded(), 1e15)))
    let seconds = axis == .time ? cursor : progress.position(of: step, on: .time)
    let text =
      " step \(steps)\(axis == .time ? " of \(subnetwork.letter)" : "") · round \(round)"
      + " · epoch \(epoch) · \(Figures.clock(seconds))"
    return [Span(text, .strong)]
  }

  /// The notes whose lines are about where the cursor is.
  private static func words(
    near cursor: Double, in state: WorkbenchState, stage: Stage
  ) -> [Span] {
    let view = state.lossView
    guard let range = state.visibleRange(of: view.lane(of: stage)),
      let progress = state.furthestProgress(in: stage)
    else { return [] }
    let column = (range.upperBound - range.lowerBound) / 80
    return state.shown.markers.filter { $0.stage == stage }.flatMap { marker -> [Span] in
      guard case .note(let text) = marker.kind else { return [] }
      let place =
        view.axis == .time
        ? marker.seconds : progress.position(of: Double(marker.step), on: view.axis)
      return abs(place - cursor) <= column ? [Span("  n ", .accent), Span(text, .text)] : []
    }
  }

  private static func values(
    _ entry: ChartStack.Entry, at cursor: Double, in state: WorkbenchState
  ) -> [[Span]] {
    state.shown.subnetworks.enumerated().map { index, subnetwork in
      let value = LossPane.value(
        subnetwork.progress(in: entry.stage), entry.metric, state.lossView, at: cursor)
      return [
        Span(" \(subnetwork.label) ", .series(index)),
        Span(value.map { AxisTick.short($0) } ?? Figures.unknown, .text),
      ]
    }
  }

  /// The values in as many lines as they need, at most three.
  private static func wrapped(_ values: [[Span]], title: String, width: Int) -> [[Span]] {
    var lines: [[Span]] = [title.isEmpty ? [] : [Span(" \(title)", .label)]]
    var used = DisplayText.width(title) + (title.isEmpty ? 0 : 1)
    for value in values {
      let needed = value.width
      if used + needed > width, !(lines.last ?? []).isEmpty {
        guard lines.count < 3 else { break }
        lines.append([])
        used = 0
      }
      lines[lines.count - 1] += value
      used += needed
    }
    return lines
  }
}
