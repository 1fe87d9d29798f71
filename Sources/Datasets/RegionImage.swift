internal import Foundation

/// One picture as a set of points with colours, split into regions: what an implicit representation
/// learns (paper §6).
public struct RegionImage: Sendable, Equatable {
  /// The picture's name.
  public let name: String
  /// The picture, in colour.
  public let picture: Picture
  /// Which region each of its pixels belongs to.
  public let map: RegionMap
  /// The names of the regions, in their order.
  public let regionNames: [String]

  /// A picture with a map of the same size.
  /// - Parameter regionNames: one per region; `nil` names them after their categories.
  public init(name: String, picture: Picture, map: RegionMap, regionNames: [String]? = nil) {
    precondition(map.width == picture.width && map.height == picture.height)
    precondition(regionNames.map { $0.count == map.count } ?? true)
    self.name = name
    self.picture =
      picture.channels == 3
      ? picture
      : Picture(
        width: picture.width, height: picture.height, channels: 3,
        bytes: picture.bytes.flatMap { [$0, $0, $0] })
    self.map = map
    self.regionNames = regionNames ?? map.categories.map { "region-\($0)" }
  }

  /// Reads a picture and its map.
  /// - Parameter longestSide: to what the picture is shrunk if it is larger; `nil` keeps it.
  /// - Throws: `DatasetError` for files that are no pictures, a map of another size, and as
  ///   `RegionMap.read`.
  public static func read(
    _ path: String, map mapPath: String, rules: RegionMap.Rules, longestSide: Int? = nil
  ) throws -> RegionImage {
    let picture = try PictureFile.read(path)
    let map = try RegionMap.read(mapPath, rules: rules)
    guard map.width == picture.width, map.height == picture.height else {
      throw DatasetError.impossible(
        "\(mapPath): found a map of \(map.width) × \(map.height) pixels, expected "
          + "\(picture.width) × \(picture.height) as \(path)")
    }
    let image = RegionImage(
      name: ((path as NSString).lastPathComponent as NSString).deletingPathExtension,
      picture: picture, map: map)
    return try longestSide.map(image.shrunk(to:)) ?? image
  }

  /// Number of pixels.
  public var count: Int { picture.width * picture.height }

  /// The image with its longer side brought down to some length.
  /// - Throws: `DatasetError.impossible` if a region has no pixel left then.
  private func shrunk(to longestSide: Int) throws -> RegionImage {
    let longest = max(picture.width, picture.height)
    guard longest > longestSide else { return self }
    func side(_ length: Int) -> Int { max(1, (length * longestSide + longest / 2) / longest) }
    let (width, height) = (side(picture.width), side(picture.height))
    let small = map.resized(width: width, height: height)
    let present = Set(small.regions)
    if let lost = regionNames.indices.first(where: { !present.contains(UInt8($0)) }) {
      throw DatasetError.impossible(
        "dataset.longest_side: found \(longestSide), at which '\(regionNames[lost])' of \(name) has no "
          + "pixel left; make it larger, or raise dataset.sliver_share")
    }
    return RegionImage(
      name: name, picture: picture.resized(width: width, height: height), map: small,
      regionNames: regionNames)
  }
}
