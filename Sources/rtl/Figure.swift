import Experiments
import Foundation

/// Numbers as people read them; "–" where there is none.
enum Figure {
  static func decimal(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    // What rounds to zero has no sign.
    let text = String(format: "%.3f", value)
    return text == "-0.000" ? "0.000" : text
  }

  /// So many of something: `1 epoch`, `2 epochs`.
  static func count(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)" + (number == 1 ? "" : "s")
  }

  /// A score with its words: `PSNR 23.410 dB`.
  static func score(_ score: QualityScore) -> String {
    "\(score.metric.title) \(decimal(score.value))\(score.metric.unit)"
  }

  /// Scores as a column: its head says what they are, and the figures have their unit where they are of
  /// several metrics.
  static func column(_ scores: [QualityScore?]) -> (head: String, figures: [String]) {
    let metrics = Set(scores.compactMap { $0?.metric })
    let only = metrics.count < 2 ? metrics.first ?? .balancedAccuracy : nil
    let head = only.map { $0 == .balancedAccuracy ? "bal. acc." : $0.title + $0.unit } ?? "quality"
    return (
      head,
      scores.map { score in
        decimal(score?.value) + (only == nil ? score?.metric.unit ?? "" : "")
      }
    )
  }

  static func percent(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.1f %%", value * 100)
  }

  static func duration(_ seconds: Double) -> String {
    // A summary may hold anything; a year is as long as a run is told in full.
    guard seconds.isFinite, abs(seconds) < 366 * 86400 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d:%02d min", whole / 60, whole % 60) }
    return String(format: "%d:%02d h", whole / 3600, whole / 60 % 60)
  }

  /// The mean; `nil` of nothing.
  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
