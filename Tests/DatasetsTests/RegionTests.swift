import Datasets
import Foundation
import Tensors
import Testing

/// Pictures with region maps: regions of categories, points and features, signal to noise.
@Suite struct RegionTests {
  static func map(_ rows: [[UInt8]]) -> Picture {
    Picture(width: rows[0].count, height: rows.count, channels: 1, bytes: rows.flatMap(\.self))
  }

  static func rows(_ map: RegionMap) -> [[UInt8]] {
    (0..<map.height).map { Array(map.regions[$0 * map.width..<($0 + 1) * map.width]) }
  }

  @Test("pixels of a category are one region wherever they are; patches go where their border is")
  func patches() throws {
    let map = try RegionMap(
      of: Self.map([
        [7, 7, 7, 7, 3],
        [7, 0, 0, 3, 3],
        [9, 9, 3, 3, 3],
        [7, 3, 3, 3, 3],
      ]), rules: .init(unlabelled: [0], sliverShare: 0.15), named: "map")
    #expect(map.categories == [3, 7])
    #expect(
      Self.rows(map) == [
        [1, 1, 1, 1, 0],
        [1, 1, 1, 0, 0],
        // The two nines have two sides on threes, two on sevens: the first of equals.
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
      ])
    #expect(map.pixels(of: 1) == [0, 1, 2, 3, 5, 6, 7, 15])
  }

  @Test("a patch within a patch waits for its neighbour")
  func nestedPatches() throws {
    let map = try RegionMap(
      of: Self.map([
        [1, 1, 1, 1, 1, 5],
        [1, 0, 0, 0, 1, 5],
        [1, 0, 8, 0, 1, 5],
        [1, 0, 0, 0, 1, 5],
      ]), rules: .init(unlabelled: [0], sliverShare: 0.05), named: "map")
    #expect(map.categories == [1, 5])
    #expect(Self.rows(map).allSatisfy { $0 == [0, 0, 0, 0, 0, 1] })
  }

  @Test("every pixel gets a region that was kept, and making regions of regions changes nothing")
  func properties() throws {
    for seed in 0..<40 {
      var random = RandomStream(seed: UInt64(seed), purpose: "maps")
      let (width, height) = (3 + random.index(below: 30), 2 + random.index(below: 20))
      let cells = (0..<12).map { _ in UInt8(random.index(below: 6)) }
      let scale = 1 + random.index(below: 5)
      let bytes = (0..<width * height).map { pixel -> UInt8 in
        // Blocks of categories, with single pixels of noise.
        if random.index(below: 9) == 0 { return UInt8(random.index(below: 6)) }
        return cells[(pixel % width / scale + 3 * (pixel / width / scale)) % cells.count]
      }
      let source = Picture(width: width, height: height, channels: 1, bytes: bytes)
      let rules = RegionMap.Rules(unlabelled: [0], sliverShare: 0.1)
      guard let map = try? RegionMap(of: source, rules: rules, named: "map") else { continue }
      #expect(map.regions.allSatisfy { Int($0) < map.count })
      for (pixel, category) in bytes.enumerated() {
        if let region = map.categories.firstIndex(of: category) {
          #expect(Int(map.regions[pixel]) == region)
        }
      }
      let again = try RegionMap(
        of: Picture(
          width: width, height: height, channels: 1,
          bytes: map.regions.map { map.categories[Int($0)] }),
        rules: rules, named: "again")
      #expect(again == map)
      #expect((0..<map.count).reduce(0) { $0 + map.pixels(of: $1).count } == width * height)
    }
  }

  private static func refusal(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  @Test("maps that are none are refused in one sentence")
  func badMaps() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/rtl-regions-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ picture: Picture) throws -> String {
      try PictureFile.png(picture).write(to: URL(filePath: folder + "/" + name))
      return folder + "/" + name
    }
    let picture = try write(
      "picture.png",
      Picture(width: 20, height: 10, channels: 3, bytes: [UInt8](repeating: 90, count: 600)))
    func grey(_ name: String, _ width: Int, _ height: Int, _ value: (Int) -> UInt8) throws -> String
    {
      try write(
        name,
        Picture(
          width: width, height: height, channels: 1, bytes: (0..<width * height).map(value)))
    }
    func read(_ map: String, _ longestSide: Int? = nil) -> String? {
      Self.refusal {
        _ = try RegionImage.read(picture, map: map, rules: .init(), longestSide: longestSide)
      }
    }
    let good = try grey("good.png", 20, 10) { UInt8($0 % 20 / 10) }
    #expect(read(good) == nil)
    let other = try grey("other.png", 10, 20) { UInt8($0 % 2) }
    #expect(
      read(other)
        == "\(other): found a map of 10 × 20 pixels, expected 20 × 10 as \(picture)")
    let single = try grey("single.png", 20, 10) { _ in 4 }
    #expect(
      read(single)?.hasPrefix("\(single): found 1 region(s) of 1 number(s), expected at least two")
        == true)
    let many = try grey("many.png", 20, 10) { UInt8($0 % 65) }
    #expect(read(many)?.hasPrefix("\(many): found 65 regions, expected at most 64") == true)
    #expect(
      read(picture)?.hasPrefix("\(picture): found a map of colours, expected one number") == true)
    #expect(
      read(folder + "/none.png")?.hasPrefix("dataset.regions: \(folder)/none.png: not found")
        == true)
    let sixteen = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/sixteen.png").path
    #expect(
      read(sixteen) == "\(sixteen): cannot be read: 16 bits a pixel, expected at most 8 where "
        + "numbers are meant")
    let broken = folder + "/broken.png"
    try Data(
      try PictureFile.png(
        Picture(
          width: 9, height: 9, channels: 1,
          bytes: [UInt8](repeating: 1, count: 81))
      ).prefix(40)
    ).write(to: URL(filePath: broken))
    #expect(read(broken)?.hasPrefix("\(broken): cannot be read") == true)
    let dot = try grey("dot.png", 20, 10) { $0 == 0 ? 1 : 0 }
    #expect(read(dot) == nil)
    let text = try #require(read(dot, 5))
    #expect(text.hasPrefix("dataset.longest_side: found 5, at which 'region-1' of picture has no"))
  }

  @Test("a larger picture is brought down to a longest side, its map with it")
  func shrinking() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/rtl-shrink-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let full = ProceduralLandscape.image(longestSide: 160)
    let map = Picture(width: 160, height: 120, channels: 1, bytes: full.map.regions)
    try PictureFile.png(full.picture).write(to: URL(filePath: folder + "/a.png"))
    try PictureFile.png(map).write(to: URL(filePath: folder + "/m.png"))
    let image = try RegionImage.read(
      folder + "/a.png", map: folder + "/m.png", rules: .init(), longestSide: 40)
    #expect(image.picture.width == 40 && image.picture.height == 30)
    #expect(image.map.regions.count == 1200 && image.count == 1200)
    #expect(image.regionNames == (0..<5).map { "region-\($0)" })
    #expect(image.map.regions[0] == 0 && image.map.regions[1199] == 4)
  }

  @Test("the built-in picture is the same each time and has all its regions")
  func landscape() {
    let image = ProceduralLandscape.image(longestSide: 96)
    #expect(image == ProceduralLandscape.image(longestSide: 96))
    #expect(image.picture.width == 96 && image.picture.height == 72)
    for (region, name) in image.regionNames.enumerated() {
      #expect(image.map.pixels(of: region).count > 96 * 72 / 100, "\(name)")
    }
    #expect(Set(image.picture.bytes).count > 100)
  }

  @Test("features are coordinates, sines and cosines of doubling frequencies")
  func features() {
    let features = FourierFeatures(width: 4, height: 3)
    let batch = LaneBatch(channels: FourierFeatures.count, pixels: 1, capacity: 20)
    let points = Array(0..<12) + [5]
    features.fill(batch, with: points)
    #expect(batch.count == 13)
    for (sample, point) in points.enumerated() {
      let x = Double(point % 4) / 2 - 0.75
      let y = (2 * Double(point / 4) + 1) / 3 - 1
      var expected = [x, y]
      for j in 0..<8 {
        let scale = pow(2, Double(j)) * .pi
        expected += [sin(scale * x), cos(scale * x), sin(scale * y), cos(scale * y)]
      }
      #expect(expected.count == 34 && features[point].count == 34)
      for (channel, value) in expected.enumerated() {
        let found = batch.storage[batch.offset(sample: sample, channel: channel, pixel: 0)]
        #expect(abs(Double(found) - value) < 1e-6)
        #expect(features[point][channel] == found)
      }
    }
  }

  @Test("signal to noise: known values")
  func signalToNoise() {
    #expect(abs(SignalToNoise.peak(meanSquaredError: 0.01) - 20) < 1e-12)
    #expect(abs(SignalToNoise.peak(meanSquaredError: 1)) < 1e-12)
    #expect(SignalToNoise.peak(meanSquaredError: 0) == 100)
    #expect(SignalToNoise.peak(meanSquaredError: .nan).isNaN)
    // Three pixels of error 0.04 and one of 0: 0.03.
    #expect(
      abs(SignalToNoise.peak(meanSquaredErrors: [0.04, 0], pixels: [3, 1]) - 15.2287874528) < 1e-9)
    let black = Picture(width: 2, height: 1, channels: 3, bytes: [0, 0, 0, 0, 0, 0])
    let other = Picture(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 51, 51, 51])
    #expect(abs(SignalToNoise.meanSquaredError(black, other) - (1 + 0.12) / 6) < 1e-12)
    #expect(abs(SignalToNoise.meanSquaredError(black, other, over: [1]) - 0.04) < 1e-12)
    #expect(SignalToNoise.meanSquaredError(other, other) == 0)
  }
}
