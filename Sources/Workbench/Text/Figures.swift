/// Numbers as people read them; pure, without a locale.
package enum Figures {
  /// What stands for a figure that is not known.
  package static let unknown = "–"

  /// A number with so many decimals: `1.25`; `–` where it is not finite.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return unknown }
    var scale = 1.0
    for _ in 0..<max(0, decimals) { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e18 else { return unknown }
    let whole = Int(scaled)
    let divisor = Int(scale)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(whole) }
    let fraction = String(whole % divisor)
    return sign + String(whole / divisor) + "."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A figure in 0…1 without its leading zero: `.78`, `1.0`, `-.05`; always a fixed width for one sign.
  package static func ratio(_ value: Double, _ decimals: Int = 2) -> String {
    guard value.isFinite else { return unknown }
    let text = fixed(value, decimals)
    if text.hasPrefix("0.") { return String(text.dropFirst()) }
    if text.hasPrefix("-0.") { return "-" + text.dropFirst(2) }
    if text.hasPrefix("1."), decimals > 0 { return String(text.dropLast()) }
    return text
  }

  /// A signed figure in −1…1: `+.05`, `-.05`.
  package static func signedRatio(_ value: Double, _ decimals: Int = 2) -> String {
    guard value.isFinite else { return unknown }
    let text = ratio(value, decimals)
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// A fraction as a percentage with one decimal: `78.2%`.
  package static func percent(_ fraction: Double, _ decimals: Int = 1) -> String {
    guard fraction.isFinite else { return unknown }
    return fixed(fraction * 100, decimals) + "%"
  }

  /// A target sparsity as a percentage with the decimals that it has, at most two: `90%`, `99.9%`.
  package static func target(_ fraction: Double) -> String {
    let decimals = (0..<2).first { decimals in
      Double(fixed(fraction * 100, decimals)).map { abs($0 - fraction * 100) < 0.005 } ?? true
    }
    return percent(fraction, decimals ?? 2)
  }

  /// A count in groups of three: `125,832`.
  package static func grouped(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return count < 0 ? "-" + text : text
  }

  /// A magnitude in at most five columns: `950`, `4.1k`, `125k`, `1.3M`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return unknown }
    let magnitude = abs(value)
    for (limit, unit) in [(999.5, 1.0, ""), (999_500, 1e3, "k"), (999.5e6, 1e6, "M")].map({
      ($0.0, ($0.1, $0.2))
    }) where magnitude < limit {
      let scaled = value / unit.0
      let decimals = unit.1.isEmpty || abs(scaled) >= 99.95 ? 0 : 1
      return fixed(scaled, decimals) + unit.1
    }
    return fixed(value / 1e9, 1) + "G"
  }

  /// A loss in five significant columns: `0.6931`, `12.35`, `1.2e9`.
  package static func loss(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : (value < 0 ? "-Inf" : "Inf") }
    let magnitude = abs(value)
    if magnitude < 10 { return fixed(value, magnitude < 0.01 && magnitude > 0 ? 5 : 4) }
    if magnitude < 100 { return fixed(value, 3) }
    if magnitude < 100_000 { return fixed(value, 1) }
    return scientific(value)
  }

  /// A step size as it was meant: `0.001`, `1e-4`, `2.5e-5`.
  package static func rate(_ value: Double) -> String {
    guard value.isFinite else { return unknown }
    if value == 0 { return "0" }
    if abs(value) >= 0.001, abs(value) < 1000 {
      var text = fixed(value, 6)
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return text
    }
    return scientific(value)
  }

  /// Seconds as a duration: `8s`, `4m05s`, `1h12m`, `3d04h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return unknown }
    let total = Int(max(0, seconds).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if total < 60 { return "\(total)s" }
    if total < 3600 { return "\(total / 60)m\(two(total % 60))s" }
    if total < 86400 { return "\(total / 3600)h\(two(total / 60 % 60))m" }
    return "\(total / 86400)d\(two(total / 3600 % 24))h"
  }

  /// Seconds as a clock since the start: `04:05`, `1:12:09`.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "--:--" }
    let total = Int(max(0, seconds))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = two(total / 60 % 60) + ":" + two(total % 60)
    return total < 3600 ? minutes : "\(total / 3600):" + minutes
  }

  private static func scientific(_ value: Double) -> String {
    var mantissa = abs(value)
    var exponent = 0
    while mantissa >= 9.995, exponent < 400 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.9995, exponent > -400 {
      mantissa *= 10
      exponent -= 1
    }
    var text = fixed(mantissa, 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return (value < 0 ? "-" : "") + text + "e\(exponent)"
  }
}
