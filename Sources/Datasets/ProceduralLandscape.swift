internal import Foundation

/// The built-in picture with a region map: a lake in front of hills, with a house and a sun; needs no
/// file.
///
/// It is a formula, so it can be had in any size. Each region has a texture of its own (gradients, waves,
/// ripples, bricks), so that something is gained by knowing where one is.
public enum ProceduralLandscape {
  /// The regions, in the order of their indices.
  public static let regionNames = ["sky", "sun", "hills", "house", "lake"]

  /// The picture with its longer side of some length; the other one is three quarters of it.
  public static func image(longestSide: Int) -> RegionImage {
    let (width, height) = (max(8, longestSide), max(6, longestSide * 3 / 4))
    var bytes: [UInt8] = []
    var regions: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let (x, y) = (
          (Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height)
        )
        let region = region(x, y)
        regions.append(UInt8(region))
        bytes += color(region, x, y).map { UInt8(max(0, min(255, ($0 * 255).rounded()))) }
      }
    }
    return RegionImage(
      name: "landscape",
      picture: Picture(width: width, height: height, channels: 3, bytes: bytes),
      map: RegionMap(
        width: width, height: height, regions: regions,
        categories: regionNames.indices.map { UInt8($0) }),
      regionNames: regionNames)
  }

  /// The region of a point, both coordinates in 0…1 from the upper left.
  private static func region(_ x: Double, _ y: Double) -> Int {
    let roof = abs(x - 0.32) < 0.16 && y > 0.38 + abs(x - 0.32) * 0.9 && y < 0.53
    let wall = abs(x - 0.32) < 0.13 && y >= 0.5 && y < 0.7
    if roof || wall { return 3 }
    if y > 0.66 + 0.015 * sin(x * 9) { return 4 }
    if y > 0.5 - 0.1 * sin(x * 7 + 0.6) - 0.04 * sin(x * 17) { return 2 }
    let (dx, dy) = (x - 0.76, (y - 0.2) * 0.75)
    return dx * dx + dy * dy < 0.012 ? 1 : 0
  }

  private static func color(_ region: Int, _ x: Double, _ y: Double) -> [Double] {
    switch region {
    case 0:  // sky: a gradient with two bands of clouds
      let cloud = max(0, sin(x * 11 + 3 * sin(y * 14)) * sin(y * 21 + 1)) * 0.28
      return [0.35 + 0.5 * y + cloud, 0.55 + 0.35 * y + cloud, 0.88 + cloud * 0.4]
    case 1:  // sun: rings
      let away = ((x - 0.76) * (x - 0.76) + (y - 0.2) * (y - 0.2) * 0.5625).squareRoot()
      let ring = 0.08 * cos(away * 130)
      return [0.98, 0.82 + ring, 0.35 + 2 * away + ring]
    case 2:  // hills: furrows that follow the slope
      let furrow = 0.12 * sin(70 * (y + 0.1 * sin(x * 7)) + 9 * x)
      return [0.24 + 0.2 * y + furrow * 0.6, 0.44 + furrow, 0.18 + 0.05 * sin(x * 23)]
    case 3:  // house: bricks below, tiles above, a dark window
      if abs(x - 0.26) < 0.035, abs(y - 0.59) < 0.045 { return [0.12, 0.14, 0.22] }
      if y < 0.5 {
        let tile = 0.1 * sin(x * 150) * sin(y * 120)
        return [0.42 + tile, 0.16 + tile * 0.5, 0.14]
      }
      let shift = Int(y * 48) % 2 == 0 ? 0.0 : 0.5
      let across = (x * 36 + shift) - (x * 36 + shift).rounded(.down)
      let mortar = across < 0.12 || (y * 48) - (y * 48).rounded(.down) < 0.16
      return mortar ? [0.8, 0.76, 0.7] : [0.66, 0.32 + 0.05 * sin(x * 40), 0.24]
    default:  // lake: ripples that are finer at the back
      let depth = (y - 0.6) * 2.5
      let ripple = 0.1 * sin(26 / (depth + 0.15) + 5 * sin(x * 9)) * (0.5 + depth)
      return [0.12 + ripple, 0.3 + 0.1 * depth + ripple, 0.5 + 0.15 * depth + ripple]
    }
  }
}
