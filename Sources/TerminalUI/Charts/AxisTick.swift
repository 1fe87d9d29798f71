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
    let size = max(abs(range.lowerBound), abs(range.upperBound))
    // Closer together than this, neighbours would be the same number.
    guard count > 0, span > size * 1e-10, span.isFinite else { return [] }
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

  /// Powers of ten inside `range`; with little room every second, third, … of them, in a narrow range
  /// 1, 2 and 5 times each or even 1 to 9 times, and in one too narrow for those the ticks of a linear
  /// axis.
  public static func logarithmic(in range: ClosedRange<Double>, about count: Int) -> [AxisTick] {
    guard count > 0, range.lowerBound > 0, range.upperBound.isFinite else { return [] }
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    let every = max(1, (high - low + count - 1) / count)
    var best: [AxisTick] = []
    for factors: [Double] in [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]] {
      let ticks = stride(from: low, through: high, by: every).flatMap { exponent in
        factors.map { $0 * pow(10, Double(exponent)) }.filter(range.contains)
      }
      // The decades stand whatever happens; what is between them only where there is room.
      if ticks.count > max(count, best.count) && !best.isEmpty { break }
      best = ticks.map { AxisTick(value: $0, label: short($0)) }
      if best.count >= min(3, count) { break }
    }
    guard best.count < 2, count >= 2 else { return best }
    return linear(in: range, about: count)
  }

  /// The values 2, 3, … 9 times a power of ten inside `range`: the minor ticks of a logarithmic axis.
  public static func steps(in range: ClosedRange<Double>) -> [Double] {
    guard range.lowerBound > 0, range.upperBound.isFinite else { return [] }
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    guard high - low <= 30 else { return [] }
    return (low...high).flatMap { exponent in
      (2...9).map { Double($0) * pow(10, Double(exponent)) }.filter(range.contains)
    }
  }

  /// A number in at most three or four significant digits: `0.412`, `41.3k`, `1.2e-5`.
  /// - Parameter keepingZeros: `0.4100` for `0.41`, so that a figure that changes keeps its width.
  public static func short(_ value: Double, keepingZeros: Bool = false) -> String {
    func text(_ value: Double, _ decimals: Int) -> String {
      keepingZeros ? fixed(value, decimals: decimals) : trimmed(value, decimals: decimals)
    }
    guard value.isFinite else { return "--" }
    let size = abs(value)
    if size == 0 { return "0" }
    if size < 1e-3 || size >= 1e15 { return exponent(value) }
    for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")] where size >= unit {
      let scaled = value / (name == "k" ? 1e3 : unit)
      return text(scaled, abs(scaled) >= 100 ? 0 : 1) + name
    }
    return text(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4)
  }

  private static func label(_ value: Double, step: Double) -> String {
    let size = abs(value)
    if size < 1e15, step >= 1000 || size >= 1e4 {
      for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
      where step >= unit / 1000 && size >= unit && unit < 1e15 {
        let decimals = max(0, -Int((log10(step / unit) + 1e-9).rounded(.down)))
        if decimals <= 2 { return trimmed(value / unit, decimals: decimals) + name }
      }
    }
    if size < step / 2 { return "0" }
    if step < 1e-4 || size >= 1e15 {
      let digits = Int((log10(size) + 1e-9).rounded(.down) - (log10(step) + 1e-9).rounded(.down))
      return exponent(value, decimals: min(max(digits, 0), 10))
    }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return fixed(value, decimals: decimals)
  }

  private static func niceStep(_ raw: Double) -> Double {
    guard raw > 0, raw.isFinite else { return 0 }
    let power = pow(10, log10(raw).rounded(.down))
    let factor = raw / power
    return power * (factor <= 1.000001 ? 1 : factor <= 2.000001 ? 2 : factor <= 5.000001 ? 5 : 10)
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

  private static func exponent(_ value: Double, decimals: Int = 1) -> String {
    let text = String(format: "%.\(decimals)e", value)
    guard let index = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<index])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    return mantissa + "e" + String(Int(text[text.index(after: index)...]) ?? 0)
  }
}
