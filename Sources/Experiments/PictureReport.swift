public import Foundation

/// What the subnetworks of a picture show at a moment, small enough for a screen.
public struct PictureReport: Sendable, Codable, Equatable {
  /// Pixels of the longer side, at most.
  public static let longestSide = 64

  /// The stage that trained what is shown.
  public var stage: Stage
  /// The pruning round, from 1.
  public var round: Int
  /// The subnetwork whose region was drawn, all else being black; `nil` where all were.
  public var subnetwork: Int?
  /// Pixels of a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// What is to be shown: red, green, blue of each pixel, row by row.
  public var original: Data
  /// What is shown.
  public var shown: Data
  /// The region of each pixel.
  public var regions: Data

  /// A drawn picture.
  public init(
    stage: Stage, round: Int, subnetwork: Int?, width: Int, height: Int, original: Data,
    shown: Data, regions: Data
  ) {
    self.stage = stage
    self.round = round
    self.subnetwork = subnetwork
    self.width = width
    self.height = height
    self.original = original
    self.shown = shown
    self.regions = regions
  }

  private enum CodingKeys: String, CodingKey {
    case stage, round, subnetwork, width, height, original, shown, regions
  }

  /// Reads a picture that has all its pixels, and not too many; readers rely on it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    stage = try container.decode(Stage.self, forKey: .stage)
    round = try container.decode(Int.self, forKey: .round)
    subnetwork = try container.decodeIfPresent(Int.self, forKey: .subnetwork)
    width = try container.decode(Int.self, forKey: .width)
    height = try container.decode(Int.self, forKey: .height)
    original = try container.decode(Data.self, forKey: .original)
    shown = try container.decode(Data.self, forKey: .shown)
    regions = try container.decode(Data.self, forKey: .regions)
    let sides = 1...Self.longestSide
    guard sides.contains(width), sides.contains(height), regions.count == width * height,
      original.count == 3 * regions.count, shown.count == original.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .width, in: container,
        debugDescription: "a picture whose pixels are not \(width) × \(height)")
    }
  }

  /// The picture with the region of a later report painted over it, or the later one if it is whole.
  public func overpainted(with later: PictureReport) -> PictureReport {
    guard let region = later.subnetwork, later.original == original, later.width == width else {
      return later
    }
    var picture = later
    picture.shown = shown
    for (pixel, owner) in later.regions.enumerated() where Int(owner) == region {
      for value in 3 * pixel..<3 * pixel + 3 { picture.shown[value] = later.shown[value] }
    }
    return picture
  }
}
