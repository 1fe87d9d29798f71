package import Experiments

/// How the quality of several runs stands in a column, each judged by a metric of its own.
package struct QualityColumns: Sendable, Equatable {
  /// The metrics that occur, in the order of the catalogue's columns; balanced accuracy where nothing
  /// was judged yet.
  package let metrics: [QualityMetric]

  /// The columns for runs; `nil` for one that was not judged.
  package init(_ metrics: [QualityMetric?]) {
    let occurring = QualityMetric.allCases.filter { metrics.contains($0) }
    self.metrics = occurring.isEmpty ? [.balancedAccuracy] : occurring
  }

  /// The head of the one column that a narrow table has: what it is, with its unit, if all are the same.
  package var head: String {
    metrics.count == 1 ? EventText.head(of: metrics[0]) + metrics[0].unit : "quality"
  }

  /// The room that the column needs.
  package var width: Int {
    metrics.count > 1 ? 9 : metrics == [.balancedAccuracy] ? 4 : max(6, head.count)
  }

  /// A figure; its unit stands with it where it is not in the head.
  package func text(_ score: QualityScore) -> String {
    Figures.ratio(score.value, score.metric.decimals) + (metrics.count > 1 ? score.metric.unit : "")
  }
}
