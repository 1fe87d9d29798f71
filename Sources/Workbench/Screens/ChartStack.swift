internal import Experiments

/// Which charts the pane has, from top to bottom.
struct ChartStack {
  /// One of them.
  struct Entry: Equatable {
    /// What it draws.
    var metric: ChartMetric
    /// Of which stage.
    var stage: Stage
    /// Its share of the rows.
    var weight: Int
  }

  /// The charts; at least one.
  let entries: [Entry]

  /// The charts for a pane with so many rows inside.
  ///
  /// Where the loss leaves room, quality and excess overlap stand below it on the same x axis, as soon
  /// as there is a value.
  init(_ state: WorkbenchState, height: Int) {
    let stages = state.chartStages(height: height)
    let metric = state.lossView.metric
    guard metric == .loss else {
      entries = stages.map { Entry(metric: metric, stage: $0, weight: 1) }
      return
    }
    let quality = ChartMetric(state.shown.metric)
    let companions: [ChartMetric] =
      switch (stages.count, height) {
      case (1, 32...), (2, 36...): [quality, .excess]
      case (1, 21...), (2, 27...): [quality]
      default: []
      }
    entries = stages.enumerated().flatMap { index, stage in
      [Entry(metric: .loss, stage: stage, weight: 4)]
        // A second stage has its loss alone: the first one's companions say more.
        + (index > 0 ? [] : companions).filter { state.hasValues(of: $0, in: stage) }
        .map { Entry(metric: $0, stage: stage, weight: 3) }
    }
  }

  /// Whether a chart is the first of its stage, so that the letters of its markers stand there.
  func isFirst(_ index: Int) -> Bool {
    index == 0 || entries[index - 1].stage != entries[index].stage
  }

  /// Whether a chart is the last of those on its axis that stand together.
  func isLast(_ index: Int, in view: LossView) -> Bool {
    index == entries.count - 1
      || view.lane(of: entries[index + 1].stage) != view.lane(of: entries[index].stage)
  }
}
