extension Color {
  /// A colour from its text: `default`, a name such as `red` or `bright-blue`, a number 0…255, or
  /// `#rrggbb` or `#rgb`; nil for anything else.
  public init?(text: String) {
    if text == "default" {
      self = .terminal
    } else if let index = Color.names.firstIndex(of: text) {
      self = .indexed(UInt8(index))
    } else if let index = UInt8(text) {
      self = .indexed(index)
    } else if text.hasPrefix("#"), let color = Color(hexadecimal: text.dropFirst()) {
      self = color
    } else {
      return nil
    }
  }

  /// The names of colours 0…15.
  public static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black",
    "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]

  private init?(hexadecimal digits: Substring) {
    guard digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
      return nil
    }
    switch digits.count {
    case 6:
      self = .rgb(
        UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
    case 3:
      self = .rgb(
        UInt8(value >> 8 & 0xF) * 17, UInt8(value >> 4 & 0xF) * 17, UInt8(value & 0xF) * 17)
    default: return nil
    }
  }
}
