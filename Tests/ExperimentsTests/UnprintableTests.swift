import Experiments
import Foundation
import Testing

struct UnprintableTests {
  @Test(
    "what shows nothing of itself is unprintable",
    arguments: [
      0x00, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x34F, 0x115F, 0x200B, 0x200D, 0x2028, 0x202E,
      0x2066, 0x3164, 0xFEFF, 0xE0041,
    ] as [UInt32])
  func unprintable(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(scalar.isUnprintable)
    let name = "a" + String(scalar) + "b"
    #expect(name.hasUnprintable)
    // The same in every place that takes a name.
    #expect(throws: ExperimentError.self) {
      try SafetensorsFile(
        data: safetensors(name), path: "f")
    }
    let folder = NSTemporaryDirectory() + "rtl-" + UUID().uuidString
    #expect(throws: ExperimentError.self) {
      try RunDirectory.create(
        name: name, defaultName: "run", in: folder, configText: "", config: ExperimentConfig())
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
    // As JSON for people it is escaped, and means the same.
    let text = try ExperimentJSON.pretty([name])
    #expect(!text.replacing("\n", with: "").hasUnprintable)
    #expect(try ExperimentJSON.decode([String].self, from: Data(text.utf8)) == [name])
  }

  @Test(
    "letters, signs and emoji are printable",
    arguments: ["ÄÖ", "名前", "é", "e\u{301}", "❤️", "🚢", " "])
  func printable(text: String) throws {
    #expect(!text.hasUnprintable)
    #expect(try SafetensorsFile(data: safetensors(text), path: "f").tensors.map(\.name) == [text])
  }

  private func safetensors(_ name: String) throws -> Data {
    let key = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
    let header = Data("{\(key):{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}".utf8)
    var length = UInt64(header.count).littleEndian
    return Data(bytes: &length, count: 8) + header + Data(count: 4)
  }
}
