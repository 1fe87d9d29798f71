internal import Foundation

/// Which region of a picture each pixel belongs to (paper §6).
///
/// Pixels of the same category are one region, wherever they are. Unlabelled pixels, and categories
/// that cover less than a share of the picture, belong to no region of their own: each connected patch
/// of them goes to the region that has most of its border.
public struct RegionMap: Sendable, Equatable {
  /// The most regions a map may have.
  public static let limit = 64

  /// Pixels of a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The region of each pixel, row by row: an index into `categories`.
  public let regions: [UInt8]
  /// The category of each region, ascending.
  public let categories: [UInt8]

  /// What belongs to no region of its own.
  public struct Rules: Sendable, Equatable {
    /// Categories that mean "not labelled".
    public var unlabelled: Set<UInt8>
    /// Categories that cover less than this share of the pixels are slivers.
    public var sliverShare: Double

    /// Rules for making regions of categories.
    public init(unlabelled: Set<UInt8> = [], sliverShare: Double = 0) {
      self.unlabelled = unlabelled
      self.sliverShare = sliverShare
    }
  }

  /// Reads a map from a picture with one channel: the indices of a palette, or grey values.
  /// - Throws: `DatasetError` for a file that is none, a map of colours, and as `init(of:rules:named:)`.
  public static func read(_ path: String, rules: Rules) throws -> RegionMap {
    let map: Picture
    do {
      map = try PictureFile.read(path, keepsIndices: true)
    } catch DatasetError.missing(_, let expected) {
      // Not the data itself, whose place is looked for elsewhere, too.
      throw DatasetError.impossible("dataset.regions: \(path): not found; expected \(expected)")
    }
    guard map.channels == 1 else {
      throw DatasetError.impossible(
        "\(path): found a map of colours, expected one number per pixel: an indexed or grey PNG, or PGM"
      )
    }
    return try RegionMap(of: map, rules: rules, named: path)
  }

  /// Makes regions of the categories of a picture with one channel.
  /// - Parameter name: the map's, for errors.
  /// - Throws: `DatasetError.impossible` for no region, one, or more than there may be.
  public init(of map: Picture, rules: Rules, named name: String) throws {
    precondition(map.channels == 1, "a map has one number per pixel")
    (width, height) = (map.width, map.height)
    var counts = [Int](repeating: 0, count: 256)
    for category in map.bytes { counts[Int(category)] += 1 }
    let least = rules.sliverShare * Double(map.bytes.count)
    let categories = (0...UInt8.max).filter { category in
      let count = counts[Int(category)]
      return count > 0 && Double(count) >= least && !rules.unlabelled.contains(category)
    }
    guard categories.count >= 2 else {
      let present = counts.count { $0 > 0 }
      throw DatasetError.impossible(
        "\(name): found \(categories.count) region(s) of \(present) number(s), expected at least two; "
          + "dataset.unlabelled and dataset.sliver_share say what is none")
    }
    guard categories.count <= Self.limit else {
      throw DatasetError.impossible(
        "\(name): found \(categories.count) regions, expected at most \(Self.limit); a larger "
          + "dataset.sliver_share makes fewer")
    }
    self.categories = categories
    var index = [Int](repeating: -1, count: 256)
    for (region, category) in categories.enumerated() { index[Int(category)] = region }
    var patches = Patches(map: map, regions: map.bytes.map { index[Int($0)] })
    patches.giveAway()
    regions = patches.regions.map { UInt8($0) }
  }

  /// Number of regions.
  public var count: Int { categories.count }

  /// The pixels of a region, ascending.
  public func pixels(of region: Int) -> [Int] {
    regions.indices.filter { Int(regions[$0]) == region }
  }

  /// The map in another size: a pixel is of the region that its centre lies in.
  public func resized(width: Int, height: Int) -> RegionMap {
    let rows = (0..<height).map { (2 * $0 + 1) * self.height / (2 * height) }
    let columns = (0..<width).map { (2 * $0 + 1) * self.width / (2 * width) }
    return RegionMap(
      width: width, height: height,
      regions: rows.flatMap { row in columns.map { regions[row * self.width + $0] } },
      categories: categories)
  }

  /// A map that is known to be good.
  init(width: Int, height: Int, regions: [UInt8], categories: [UInt8]) {
    (self.width, self.height) = (width, height)
    (self.regions, self.categories) = (regions, categories)
  }
}

/// The connected patches of pixels without a region, while they are given away.
private struct Patches {
  let width: Int
  let height: Int
  /// The region of each pixel; −1 where there is none yet.
  var regions: [Int]
  private let categories: [UInt8]

  init(map: Picture, regions: [Int]) {
    (width, height) = (map.width, map.height)
    (self.regions, categories) = (regions, map.bytes)
  }

  /// Gives each patch to the region with most of its border, the first of equals; patches that touch no
  /// region wait until a neighbour has one. What is given in a turn does not depend on its order.
  mutating func giveAway() {
    var waiting = patches()
    while !waiting.isEmpty {
      var given: [(patch: [Int], region: Int)] = []
      var rest: [[Int]] = []
      for patch in waiting {
        if let region = mostOfTheBorder(of: patch) {
          given.append((patch, region))
        } else {
          rest.append(patch)
        }
      }
      // Some region is there, so some patch touches one.
      for (patch, region) in given { for pixel in patch { regions[pixel] = region } }
      waiting = rest
    }
  }

  /// The pixels without a region in patches of one category that hang together, in the order of their
  /// first pixels.
  private func patches() -> [[Int]] {
    var seen = regions.map { $0 >= 0 }
    var patches: [[Int]] = []
    for start in regions.indices where !seen[start] {
      seen[start] = true
      var patch = [start]
      var next = 0
      while next < patch.count {
        forEachNeighbor(of: patch[next]) { pixel in
          guard !seen[pixel], categories[pixel] == categories[start] else { return }
          seen[pixel] = true
          patch.append(pixel)
        }
        next += 1
      }
      patches.append(patch)
    }
    return patches
  }

  private func mostOfTheBorder(of patch: [Int]) -> Int? {
    var lengths: [Int: Int] = [:]
    for pixel in patch {
      forEachNeighbor(of: pixel) { neighbor in
        if regions[neighbor] >= 0 { lengths[regions[neighbor], default: 0] += 1 }
      }
    }
    return lengths.max { $0.value < $1.value || ($0.value == $1.value && $0.key > $1.key) }?.key
  }

  private func forEachNeighbor(of pixel: Int, _ body: (Int) -> Void) {
    let column = pixel % width
    if pixel >= width { body(pixel - width) }
    if column > 0 { body(pixel - 1) }
    if column < width - 1 { body(pixel + 1) }
    if pixel < width * (height - 1) { body(pixel + width) }
  }
}
