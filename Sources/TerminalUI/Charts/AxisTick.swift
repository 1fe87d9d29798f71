internal import Foundation

/// A value on an axis and its text.
public struct AxisTick: Hashable, Sendable {
  /// Where.
  public let value: Double
  /// Its text, as short as its neighbours allow.
  public let label: String

  /// Values at 1, 2 or 5 times a power of ten, about `count` of them inside `range`.
  public static func linear(in range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    let span = range.upperBound - range.lowerBound
    guard count > 0, span > 0, span.isFinite else { return [] }
    let step = niceStep(span / Double(count))
    guard step > 0, step.isFinite else { return [] }
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { index in
      let value = index * step
      return AxisTick(value: value, label: label(value, step: step))
    }
  }

  /// Powers of ten inside `range`; with little room every second, third, … of them, and in a narrow
  /// range 1, 2 and 5 times each.
  public static func logarithmic(in range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    guard count > 0, range.lowerBound > 0, range.upperBound.isFinite else { return [] }
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    let every = max(1, (high - low + count - 1) / count)
    let factors: [Double] = high - low <= max(1, count / 3) ? [1, 2, 5] : [1]
    var ticks: [AxisTick] = []
    for exponent in stride(from: low, through: high, by: every) {
      for factor in factors {
        let value = factor * pow(10, Double(exponent))
        guard range.contains(value) else { continue }
        ticks.append(AxisTick(value: value, label: short(value)))
      }
    }
    return ticks
  }

  /// A number in at most three or four significant digits: `0.412`, `41.3k`, `1.2e-5`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return "--" }
    let size = abs(value)
    if size == 0 { return "0" }
    if size < 1e-3 || size >= 1e15 { return exponent(value) }
    for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")] where size >= unit {
      let scaled = value / (name == "k" ? 1e3 : unit)
      return trimmed(scaled, decimals: abs(scaled) >= 100 ? 0 : 1) + name
    }
    return trimmed(value, decimals: size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4)
  }

  private static func label(_ value: Double, step: Double) -> String {
    let size = abs(value)
    if step >= 1000 || size >= 1e4 {
      for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
      where step >= unit / 1000 && size >= unit && unit < 1e15 {
        let decimals = max(0, -Int((log10(step / unit) + 1e-9).rounded(.down)))
        if decimals <= 2 { return trimmed(value / unit, decimals: decimals) + name }
      }
    }
    if step < 1e-4 || size >= 1e15 { return size < step / 2 ? "0" : exponent(value) }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return size < step / 2 ? "0" : fixed(value, decimals: decimals)
  }

  private static func niceStep(_ raw: Double) -> Double {
    guard raw > 0, raw.isFinite else { return 0 }
    let power = pow(10, log10(raw).rounded(.down))
    let factor = raw / power
    return power * (factor <= 1.000001 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  private static func trimmed(_ value: Double, decimals: Int) -> String {
    var text = fixed(value, decimals: decimals)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  private static func exponent(_ value: Double) -> String {
    let text = String(format: "%.1e", value)
    guard let index = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<index])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    return mantissa + "e" + String(Int(text[text.index(after: index)...]) ?? 0)
  }
}
