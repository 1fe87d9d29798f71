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
      let progress = Self.reference(for: entry.stage, in: state)
    else {
      rows = []
      return
    }
    let step = progress.step(at: cursor, on: view.axis)
    var rows = [
      Self.place(step, of: progress, stage: entry.stage)
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

  /// By which subnetwork a place is told on the other axes: the selected one, or the furthest.
  private static func reference(for stage: Stage, in state: WorkbenchState) -> StageProgress? {
    if let selected = state.selected, state.shown.subnetworks.indices.contains(selected) {
      return state.shown.subnetworks[selected].progress(in: stage)
    }
    return state.furthestProgress(in: stage)
  }

  private static func place(_ step: Double, of progress: StageProgress, stage: Stage) -> [Span] {
    let round = progress.segmentIndex(of: step).map { progress.segments[$0].round } ?? 0
    let epoch = progress.position(of: step, on: .epoch)
    let text =
      " step \(Figures.grouped(Int(min(step.rounded(), 1e15)))) · round \(round)"
      + " · epoch \(Figures.fixed(epoch, 1))"
      + " · \(Figures.clock(progress.position(of: step, on: .time)))"
    return [Span(text, .strong)]
  }

  /// The notes and alarms whose lines are about where the cursor is.
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
        Span(value.map(AxisTick.short) ?? Figures.unknown, .text),
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
