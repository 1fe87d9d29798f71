internal import Foundation

/// The peak signal-to-noise ratio of colours in 0…1: −10 log₁₀ of their mean squared error, in dB.
public enum SignalToNoise {
  /// What nothing exceeds: an error far below a step of eight bits tells nothing any more.
  public static let highest = 100.0

  /// The ratio of a mean squared error.
  public static func peak(meanSquaredError: Double) -> Double {
    guard meanSquaredError > 0 else { return meanSquaredError.isNaN ? .nan : highest }
    return min(highest, -10 * log10(meanSquaredError))
  }

  /// The ratio over all pixels of several regions.
  /// - Parameters:
  ///   - errors: the mean squared error of each.
  ///   - pixels: how many pixels each has.
  public static func peak(meanSquaredErrors errors: [Double], pixels: [Int]) -> Double {
    let sum = zip(errors, pixels).reduce(0) { $0 + $1.0 * Double($1.1) }
    return peak(meanSquaredError: sum / Double(pixels.reduce(0, +)))
  }

  /// The mean squared error between two pictures of the same size and kind, over some pixels.
  /// - Parameter pixels: row by row; `nil` is all.
  public static func meanSquaredError(
    _ a: Picture, _ b: Picture, over pixels: [Int]? = nil
  ) -> Double {
    precondition(a.width == b.width && a.height == b.height && a.channels == b.channels)
    let chosen = pixels ?? Array(0..<a.width * a.height)
    var sum = 0
    for pixel in chosen {
      for value in pixel * a.channels..<(pixel + 1) * a.channels {
        let difference = Int(a.bytes[value]) - Int(b.bytes[value])
        sum += difference * difference
      }
    }
    return Double(sum) / (255 * 255 * Double(chosen.count * a.channels))
  }
}
