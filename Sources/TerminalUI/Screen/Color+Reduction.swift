internal import Foundation

extension Color {
  /// The nearest colour that a terminal of `depth` can show.
  ///
  /// Red, green and blue go to the nearest of the 240 fixed numbered colours (16…255; the first 16
  /// are the user's own), then to the nearest of the 16 or 8 basic ones; in `.mono` nothing is left.
  public func reduced(to depth: ColorDepth) -> Color {
    switch (self, depth) {
    case (.terminal, _), (_, .trueColor): return self
    case (_, .mono): return .terminal
    case (.indexed, .indexed256): return self
    case (.indexed(let index), .sixteen) where index < 16: return self
    case (.indexed(let index), .eight) where index < 16: return .indexed(index % 8)
    default: break
    }
    guard let (red, green, blue) = components else { return .terminal }
    switch depth {
    case .indexed256: return .indexed(Color.nearest(16...255, red, green, blue))
    case .sixteen: return .indexed(Color.nearest(0...15, red, green, blue))
    default: return .indexed(Color.nearest(0...7, red, green, blue))
    }
  }

  /// The nearest of the 240 fixed numbered colours that a condition holds for; nil if it holds for
  /// none.
  func nearestIndexed(where isAllowed: (Color) -> Bool) -> Color? {
    guard let (red, green, blue) = components else { return nil }
    let allowed = (16...255).filter { isAllowed(.indexed(UInt8($0))) }
    return allowed.isEmpty ? nil : .indexed(Color.nearest(allowed, red, green, blue))
  }

  /// Red, green and blue, 0…255; nil for the terminal's own colour.
  public var components: (red: Int, green: Int, blue: Int)? {
    switch self {
    case .terminal: return nil
    case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
    case .indexed(let index): return Color.palette(Int(index))
    }
  }

  /// The relative luminance of WCAG 2: 0 for black, 1 for white; nil for the terminal's own colour.
  public var luminance: Double? {
    guard let (red, green, blue) = components else { return nil }
    func linear(_ value: Int) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast of WCAG 2 with another colour, 1…21: `(L₁ + 0.05) / (L₂ + 0.05)`, lighter first;
  /// nil where one of the two is the terminal's own.
  public func contrast(with other: Color) -> Double? {
    guard let own = luminance, let second = other.luminance else { return nil }
    return (max(own, second) + 0.05) / (min(own, second) + 0.05)
  }

  /// Black or white, whichever stands out better on this colour; the terminal's own on its own.
  public var readableText: Color {
    let black = Color.rgb(0, 0, 0)
    let white = Color.rgb(255, 255, 255)
    guard let onBlack = contrast(with: black), let onWhite = contrast(with: white) else {
      return .terminal
    }
    return onBlack >= onWhite ? black : white
  }

  /// Colour `index` as xterm has it.
  private static func palette(_ index: Int) -> (red: Int, green: Int, blue: Int) {
    let steps = [0, 95, 135, 175, 215, 255]
    switch index {
    case 0..<8:
      let level = 205
      if index == 4 { return (0, 0, 238) }
      if index == 7 { return (229, 229, 229) }
      return (index & 1 == 0 ? 0 : level, index & 2 == 0 ? 0 : level, index & 4 == 0 ? 0 : level)
    case 8: return (127, 127, 127)
    case 12: return (92, 92, 255)
    case 8..<16:
      return (index & 1 == 0 ? 0 : 255, index & 2 == 0 ? 0 : 255, index & 4 == 0 ? 0 : 255)
    case 16..<232:
      let cube = index - 16
      return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    default:
      let grey = min(max(8 + (index - 232) * 10, 0), 238)
      return (grey, grey, grey)
    }
  }

  /// The one of some colours of the palette with the least weighted distance, the first on a tie.
  private static func nearest(
    _ indices: some Sequence<Int>, _ red: Int, _ green: Int, _ blue: Int
  ) -> UInt8 {
    var best = 0
    var least = Int.max
    for index in indices {
      let other = palette(index)
      // "Redmean": close to what the eye sees, in whole numbers.
      let mean = (red + other.red) / 2
      let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
      let distance = (((512 + mean) * r * r) >> 8) + 4 * g * g + (((767 - mean) * b * b) >> 8)
      if distance < least {
        least = distance
        best = index
      }
    }
    return UInt8(best)
  }
}
