package import Experiments

/// Charts that have one x axis: steps and epochs each stage counts by itself, rounds and time are the
/// same for both.
package enum ChartLane: Sendable, Hashable {
  case extraction, retraining, both
}

/// How the charts are drawn.
package struct LossView: Sendable, Equatable {
  /// What is drawn.
  package var metric = ChartMetric.loss
  /// Whether y is logarithmic, where that makes sense.
  package var isLogarithmic = false
  /// What runs along x.
  package private(set) var axis = ChartAxis.step
  /// The only stage that is drawn; `nil` is both, or the present one.
  package var stage: Stage?
  /// How far the loss is smoothed.
  package var smoothing = Smoothing.light
  /// The part of each x axis in sight; all of it where nothing else is said.
  package var windows: [ChartLane: ChartWindow] = [:]
  /// Where the curves are read out; the axes without one have no cursor.
  package var cursors: [ChartLane: Double] = [:]

  /// Everything of the loss, over steps.
  package init() {}

  /// The axis that a stage's chart has.
  package func lane(of stage: Stage) -> ChartLane {
    axis.isShared ? .both : stage == .retraining ? .retraining : .extraction
  }

  /// Takes the next axis.
  package mutating func nextAxis() { use(axis.next) }

  /// Takes an axis; what was in sight on another means nothing on it.
  package mutating func use(_ axis: ChartAxis) {
    guard axis != self.axis else { return }
    self.axis = axis
    resetView()
  }

  /// Shows all of every axis, without a cursor.
  package mutating func resetView() {
    windows = [:]
    cursors = [:]
  }
}
