internal import Experiments
internal import TerminalUI

/// Small multiples of the collapse: a chart per subnetwork, quality and overlap against sparsity (paper
/// Fig. 2).
struct CollapseScreen: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The row of charts that is the first in sight.
  let firstRow: Int

  private let course: CollapseCourse

  /// The charts from a row on.
  init(state: WorkbenchState, firstRow: Int) {
    self.state = state
    self.firstRow = firstRow
    course = state.course
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let parts = rect.rows([.fixed(1), .rest])
    legend(look).render(into: &screen, in: parts[0], look: look)
    let grid = PanelGrid(of: state.displayOrder.count, in: parts[1])
    guard !course.rounds.isEmpty, grid.count > 0 else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: parts[1], look: look)
      return
    }
    for (place, cell) in grid.cells(from: firstRow) {
      chart(of: state.displayOrder[place], into: &screen, in: cell, look: look)
    }
  }

  // MARK: - One chart

  private func legend(_ look: Look) -> TextBlock {
    let quality = course.metric == .balancedAccuracy ? "" : " / best"
    return TextBlock(
      lines: [
        [
          Span(" \(look.glyphs.mark(0)) \(course.metric.title)\(quality)", .series(0)),
          Span(" (faint: alone)  ", .dim), Span("\(look.glyphs.mark(1)) J", .series(1)),
          Span(" (faint: chance)  ", .dim),
          Span("\(look.glyphs.mark(2)) J − layers' chance", .series(2)),
        ]
      ], wraps: false)
  }

  private func chart(of k: Int, into screen: inout Screen, in rect: Rect, look: Look) {
    let scale = scale(of: k)
    func points(_ points: [CollapseCourse.Point], times scale: Double = 1) -> [ChartPoint] {
      points.map { ChartPoint(x: $0.sparsity, y: $0.value * scale) }.sorted { $0.x < $1.x }
    }
    let (joint, before) = (course.retrained(k), course.extracted(k))
    let series = [
      ChartSeries(
        name: "", points: points(joint, times: scale), raw: points(before, times: scale),
        role: .series(0), mark: look.glyphs.mark(0), marksPoints: true),
      ChartSeries(
        name: "", points: points(course.curve(of: k, \.jaccard)),
        raw: points(course.curve(of: k, \.chance)), role: .series(1), mark: look.glyphs.mark(1)),
      ChartSeries(
        name: "",
        points: points(
          course.curve(of: k) { round in zip(round.jaccard, round.layerChance).map { $0 - $1 } }),
        role: .series(2), mark: look.glyphs.mark(2)),
    ]
    let inner = screen.box(
      rect, title: title(of: k), focused: state.selected == k, look: look)
    LineChart(
      series: series, xRange: 0...1, yRange: 0...1,
      xTitle: "sparse", emptyText: "nothing yet", labelsAtEnd: false,
      xFormat: { Figures.percent($0, 0) }
    ).render(into: &screen, in: inner, look: look)
  }

  /// What brings a score between 0 and 1: an accuracy is, decibels are shown against the best.
  private func scale(of k: Int) -> Double {
    guard course.metric != .balancedAccuracy else { return 1 }
    let best = (course.retrained(k) + course.extracted(k)).map(\.value).max() ?? 1
    return best > 0 ? 1 / best : 1
  }

  private func title(of k: Int) -> String {
    let name =
      state.shown.subnetworks.indices.contains(k)
      ? "\(state.shown.subnetworks[k].label) \(state.shown.subnetworks[k].name)" : Names.letter(k)
    let jaccard = course.curve(of: k, \.jaccard).last.map { " J \(Figures.ratio($0.value))" } ?? ""
    return name + jaccard
  }
}

extension WorkbenchState {
  /// Quality and overlap over the rounds in sight; a branch begins with those of the run that it comes
  /// from, once they were read.
  var course: CollapseCourse {
    var course = shown.course
    if let earlierCourse { course.begin(with: earlierCourse) }
    return course
  }

  /// Opens the small multiples of the collapse.
  mutating func showCollapse() -> [Effect] {
    if let index = drills.firstIndex(where: { if case .collapse = $0 { true } else { false } }) {
      drills.removeSubrange((index + 1)...)
    } else {
      drills.append(.collapse(firstRow: 0))
    }
    return runList.isAvailable ? [.readEarlierCourse(openName)] : []
  }

  /// Why they cannot be shown; `nil` if they can.
  var reasonAgainstCollapse: String? {
    if Layout.kind(for: size) < .small { return "there is no room for charts here" }
    if shown.subnetworks.count < 2 { return "one subnetwork has nothing to overlap with" }
    return shown.course.rounds.isEmpty ? "overlap is measured at the end of a round" : nil
  }

  /// Where the charts are.
  var collapseGrid: PanelGrid {
    let body = Layout(self).body.inset(1)
    return PanelGrid(
      of: shown.subnetworks.count,
      in: Rect(x: body.x, y: body.y + 1, width: body.width, height: max(0, body.height - 1)))
  }

  /// Scrolls them by rows.
  mutating func moveInCollapse(from firstRow: Int, _ command: Command) {
    drills[drills.count - 1] = .collapse(firstRow: collapseGrid.row(from: firstRow, after: command))
  }
}
