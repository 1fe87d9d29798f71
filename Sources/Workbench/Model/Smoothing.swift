/// The levels of smoothing of a curve.
package enum Smoothing: Int, Sendable, CaseIterable {
  case none, light, strong

  /// The weight of the past in the moving average, per step.
  package var factor: Double {
    switch self {
    case .none: 0
    case .light: 0.9
    case .strong: 0.98
    }
  }

  /// What the pane's title says of it.
  package var label: String {
    switch self {
    case .none: "raw"
    case .light: "ema .90"
    case .strong: "ema .98"
    }
  }

  /// The next level, around.
  package var next: Smoothing { Smoothing(rawValue: rawValue + 1) ?? .none }
}
