import Datasets
import Foundation
import Testing

struct PictureTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  private struct Facts: Decodable {
    var width: Int
    var height: Int
    var bytes: [UInt8]
    var indices: [UInt8]?
    var small: [UInt8]
    var large: [UInt8]
  }

  private static let facts = Result {
    try JSONDecoder().decode(
      [String: Facts].self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/pictures.json")))
  }

  private func path(_ name: String) -> String { Self.folder + "/" + name }

  private func difference(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard a.count == b.count else { return .max }
    return zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test("every format is read as Pillow reads it")
  func formats() throws {
    let facts = try Self.facts.get()
    #expect(facts.count == 9)
    for (name, expected) in facts {
      let picture = try PictureFile.read(path(name))
      #expect(picture.width == expected.width && picture.height == expected.height)
      // Transparency is rounded in two ways; all else is exact.
      #expect(
        difference(picture.bytes, expected.bytes) <= (name == "clear.png" ? 1 : 0), "\(name)")
      if let indices = expected.indices {
        #expect(try PictureFile.read(path(name), keepsIndices: true).bytes == indices)
      }
    }
  }

  @Test("resizing agrees with Pillow's triangle filter")
  func resizing() throws {
    for (name, expected) in try Self.facts.get() where name != "clear.png" {
      let picture = try PictureFile.read(path(name))
      // Pillow rounds after each direction, to eight bits.
      #expect(
        difference(picture.resized(width: 5, height: 4).bytes, expected.small) <= 1, "\(name)")
      #expect(
        difference(picture.resized(width: 23, height: 29).bytes, expected.large) <= 1, "\(name)")
    }
  }

  @Test("what is written as PNG is read back the same")
  func roundTrip() throws {
    for name in ["rgb.png", "grey.png"] {
      let picture = try PictureFile.read(path(name))
      #expect(try PictureFile.decode(PictureFile.png(picture), path: "again.png") == picture)
    }
  }

  @Test("planes are red, green, blue; grey is the same three times")
  func planes() {
    let colour = Picture(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
    #expect(colour.planes == [1, 4, 2, 5, 3, 6])
    let grey = Picture(width: 2, height: 1, channels: 1, bytes: [7, 8])
    #expect(grey.planes == [7, 8, 7, 8, 7, 8])
  }

  @Test(
    "a file cut anywhere, or with a byte changed, is named and never trusted with memory",
    arguments: [
      "rgb.png", "palette.png", "clear.png", "rgb.jpg", "progressive.jpg", "rgb.ppm", "grey.pgm",
    ])
  func damaged(name: String) throws {
    let good = try Data(contentsOf: URL(fileURLWithPath: path(name)))
    for length in 0..<good.count - (name.hasSuffix("jpg") ? 2 : 0) {
      // The last chunk of a PNG and the end mark of a JPEG hold no pixels.
      do {
        _ = try PictureFile.decode(good.prefix(length), path: "cut")
        Issue.record("\(name) cut at \(length) of \(good.count) was read")
      } catch let error as DatasetError {
        #expect("\(error)".hasPrefix("cut: "))
      }
    }
    for byte in good.indices {
      for change: UInt8 in [0x01, 0x80, 0xff] {
        var bad = good
        bad[byte] ^= change
        // Some changes are no damage; all end in a picture or in one of our errors.
        do { _ = try PictureFile.decode(bad, path: "changed") } catch is DatasetError {}
      }
    }
  }

  @Test("sizes beyond reason are refused before there is memory for them")
  func limits() {
    #expect(throws: DatasetError.self) {
      try PictureFile.decode(Data("P6 100000 100000 255\n".utf8), path: "huge.ppm")
    }
    #expect(throws: DatasetError.self) {
      try PictureFile.decode(Data("P5 4 4 65535\n".utf8), path: "deep.pgm")
    }
    #expect(throws: DatasetError.self) { try PictureFile.decode(Data("GIF89a".utf8), path: "x") }
  }
}
