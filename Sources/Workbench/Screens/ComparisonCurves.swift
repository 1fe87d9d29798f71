internal import Experiments
internal import TerminalUI

/// The figures of a comparison as curves over sparsity, and the ranges that all of them share.
struct ComparisonCurves {
  /// The runs.
  let comparison: Comparison
  /// What tells curves apart without colour.
  let look: Look
  /// What the runs are called at the ends of their curves.
  private let labels: [String]

  /// The curves of a comparison.
  init(comparison: Comparison, look: Look) {
    self.comparison = comparison
    self.look = look
    labels = comparison.shortNames(in: Self.labelWidth).map {
      DisplayText.shortenedInMiddle($0, to: Self.labelWidth, ellipsis: look.glyphs.ellipsis)
    }
  }

  /// A label leaves the curve the room.
  private static let labelWidth = 10

  /// The curves of every run.
  func all(_ metric: ComparedMetric) -> [ChartSeries] {
    comparison.runs.indices.flatMap { curves(metric, of: $0) }
  }

  /// The curve of a run, or one for each of its subnetworks; none of a run that is judged by something
  /// else.
  ///
  /// What is judged twice, after joint retraining and before, is never joined by a line: a run that has
  /// not retrained yet shows what it has.
  func curves(_ metric: ComparedMetric, of index: Int) -> [ChartSeries] {
    let run = comparison.runs[index]
    guard metric != .quality || comparison.isCharted(run) else { return [] }
    let hasFigures =
      metric == .overlap || run.rounds.contains { metric.figure(of: $0, nil) != nil }
    let subnetworks: [Int?] =
      comparison.isPerSubnetwork ? run.subnetworks.indices.map { $0 } : [nil]
    return subnetworks.map { subnetwork in
      let background = points(of: run, subnetwork, metric.background)
      return ChartSeries(
        name: subnetwork.map(Names.letter) ?? labels[index],
        points: hasFigures ? points(of: run, subnetwork, metric.figure) : background,
        raw: hasFigures ? background : [], role: .series(index), mark: look.glyphs.mark(index))
    }
  }

  private func points(
    of run: ComparedRun, _ subnetwork: Int?, _ figure: (ComparedRun.Round, Int?) -> Double?
  ) -> [ChartPoint] {
    run.rounds.compactMap { round in
      guard let y = figure(round, subnetwork), y.isFinite else { return nil }
      let own = subnetwork.flatMap {
        round.sparsity.indices.contains($0) ? round.sparsity[$0] : nil
      }
      return ChartPoint(x: own ?? round.meanSparsity, y: y)
    }.sorted { $0.x < $1.x }
  }

  /// A chart of some of the curves.
  func chart(_ metric: ComparedMetric, _ series: [ChartSeries]) -> LineChart {
    LineChart(
      series: series, yRange: metric == .overlap ? 0...1 : nil,
      yScale: metric == .loss && comparison.isLogarithmic ? .logarithmic : .linear,
      xTitle: "sparse", emptyText: metric == .overlap ? "no overlap yet" : "nothing judged yet",
      xFormat: { Figures.percent($0, 0) })
  }

  /// What the charts of a metric are called, with what lies behind the curves.
  func title(_ metric: ComparedMetric) -> String {
    let shown = comparison.runs.filter(comparison.isCharted).count
    let isOfAll = metric != .quality || shown == comparison.runs.count
    return "\(name(metric)) · \(background(metric))"
      + (isOfAll ? "" : " · \(shown) of \(comparison.runs.count) runs")
  }

  /// What a metric is called, with its unit.
  func name(_ metric: ComparedMetric) -> String {
    switch metric {
    case .overlap: return "J"
    case .loss: return "held-out loss"
    case .quality:
      let charted = comparison.charted
      return charted.title + (charted.unit.isEmpty ? "" : " in\(charted.unit)")
    }
  }

  /// What lies behind the curves of a metric.
  func background(_ metric: ComparedMetric) -> String {
    metric == .overlap ? "faint: chance" : "faint: before retraining"
  }

  /// The newest figure of a run in words; `nil` while there is none.
  func newest(_ metric: ComparedMetric, of index: Int) -> String? {
    let run = comparison.runs[index]
    guard metric != .quality || comparison.isCharted(run) else { return nil }
    let figures = run.rounds.compactMap { metric.figure(of: $0, nil) }
    let alone = metric == .overlap ? [] : run.rounds.compactMap { metric.background(of: $0, nil) }
    guard let value = figures.last ?? alone.last else { return nil }
    return switch metric {
    case .quality: Figures.ratio(value, comparison.charted.decimals) + comparison.charted.unit
    case .overlap: Figures.ratio(value)
    case .loss: Figures.loss(value)
    }
  }

  /// The ranges that hold all points of some curves; `nil` while there is none that can be drawn.
  func ranges(
    of series: [ChartSeries], _ metric: ComparedMetric
  ) -> (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    let hasPlace: (ChartPoint) -> Bool =
      metric == .loss && comparison.isLogarithmic ? { $0.y > 0 } : { _ in true }
    let points = series.flatMap { $0.points + $0.raw }.filter(hasPlace)
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
      let low = points.map(\.y).min(), let high = points.map(\.y).max(), left <= right, low <= high
    else { return nil }
    return (left...right, low...high)
  }
}
