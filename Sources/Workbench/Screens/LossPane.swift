internal import Experiments
internal import TerminalUI

/// The figures of every subnetwork over the course of the run, live; the loss, if nothing else is
/// asked for.
struct LossPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  /// What is drawn and how, in words of which the first matter most.
  var subtitle: [String] {
    let view = state.lossView
    let stack = ChartStack(state, height: state.chartHeight)
    var words: [String] = []
    if view.metric != .loss { words.append(view.metric.title) }
    if stack.entries.count == 1 { words.append(stack.entries[0].stage.rawValue) }
    if view.metric == .loss { words.append(view.smoothing.label) }
    if view.isLogarithmic, view.metric.canBeLogarithmic { words.append("log y") }
    if view.axis != .step { words.append("by \(view.axis.rawValue)") }
    let lane = state.activeLane
    if let window = view.windows[lane], let whole = state.wholeRange(of: lane) {
      let part = "1/\(Int(window.magnification(of: whole).rounded()))"
      let stage = lane == .both ? "" : " of \(lane == .retraining ? "retraining" : "extraction")"
      words.append((window.held == nil ? "last \(part)" : "\(part), held") + stage)
    }
    return words
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let stack = ChartStack(state, height: rect.height)
    let readOut = ReadOut(state: state, stack: stack, size: rect.size)
    let parts = rect.rows([.rest, .fixed(readOut.height)])
    let rects = parts[0].rows(stack.entries.map { .fill($0.weight) })
    var charts: [LineChart] = []
    var bodies: [Rect] = []
    for (index, entry) in stack.entries.enumerated() {
      // A heading where there is more than one.
      let body = stack.entries.count > 1 ? rects[index].inset(top: 1) : rects[index]
      bodies.append(body)
      charts.append(chart(entry, at: index, of: stack, size: body.size, look: look))
    }
    // Above one another, so that one x is one column in all of them.
    let columns = zip(charts, bodies).compactMap { $0.columns(in: $1) }
    for (index, entry) in stack.entries.enumerated() {
      if columns.count > 1 {
        charts[index].axisColumns = columns.map(\.axis).max()
        charts[index].labelColumns = columns.map(\.labels).max()
      }
      charts[index].render(into: &screen, in: bodies[index], look: look)
      if stack.entries.count > 1 {
        screen.put(" \(heading(entry, of: stack))", in: rects[index].row(0), style: look[.label])
      }
    }
    readOut.render(into: &screen, in: parts[1], look: look)
  }

  private func heading(_ entry: ChartStack.Entry, of stack: ChartStack) -> String {
    let stage = entry.stage == .retraining ? "joint retraining" : "extraction"
    let isLossAlone = stack.entries.allSatisfy { $0.metric == .loss }
    return isLossAlone ? stage : "\(entry.metric.title) · \(stage)"
  }

  private func chart(
    _ entry: ChartStack.Entry, at index: Int, of stack: ChartStack, size: Size, look: Look
  ) -> LineChart {
    let view = state.lossView
    let lane = view.lane(of: entry.stage)
    let range = state.visibleRange(of: lane)
    let isLogarithmic = view.isLogarithmic && entry.metric.canBeLogarithmic
    var chart = LineChart(
      series: range.map { curves(entry, in: $0, size: size, look: look) } ?? [], xRange: range,
      yScale: isLogarithmic ? .logarithmic : .linear, markers: markers(in: entry.stage),
      xTitle: view.axis.rawValue, cursor: view.cursors[lane], emptyText: emptyText(of: entry))
    chart.showsXAxis = stack.isLast(index, in: view)
    chart.showsLetters = stack.isFirst(index)
    if view.axis == .time, let range {
      let span = range.upperBound - range.lowerBound
      chart.xUnit = span > 3 * 3600 ? 3600 : span > 180 ? 60 : 1
      chart.xFormat = { Figures.clock($0) }
    }
    return chart
  }

  private func emptyText(of entry: ChartStack.Entry) -> String {
    guard entry.metric.isPossible(judgedBy: state.shown.judgedBy) else {
      return "this run is judged by \(state.shown.metric.title)"
    }
    if entry.stage == .retraining, state.shown.furthestStep(in: .retraining) == 0 {
      return "no joint retraining yet"
    }
    switch entry.metric {
    case .loss: return "no step yet"
    case .balancedAccuracy, .f1, .precision, .recall, .psnr, .siSNRImprovement:
      return "nothing was judged yet"
    case .jaccard, .excess: return "no masks were compared yet"
    case .sparsity: return "nothing was pruned yet"
    case .speed: return "no speed was measured yet"
    }
  }
}
