internal import Foundation

/// Shares as people read them: `25 %`, `12.5 %`.
enum Percent {
  static func text(_ share: Double) -> String {
    let value = share * 100
    return abs(value - value.rounded()) < 1e-9
      ? "\(Int(value.rounded())) %" : String(format: "%.1f %%", value)
  }
}
