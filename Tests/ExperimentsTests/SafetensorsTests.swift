import Experiments
import Foundation
import Testing

struct SafetensorsTests {
  private let file = SafetensorsFile(
    tensors: [
      .init(name: "b.weight", shape: [2, 3], floats: [1, -2, .infinity, 0.1, -0, 3]),
      .init(name: "a/mask", shape: [5], booleans: [true, false, true, true, false]),
      .init(name: "scalar", shape: [], floats: [7]),
      .init(name: "count", integer: -(1 << 40)),
    ], metadata: ["format": "pt"])

  private func damage(_ data: Data) -> String? {
    do {
      _ = try SafetensorsFile(data: data, path: "f")
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// A file with a header of one's own.
  private func raw(_ header: String, _ payload: Int) -> Data {
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    return data + Data(header.utf8) + Data(repeating: 0, count: payload)
  }

  @Test("what is written is read back, bit for bit")
  func roundTrip() throws {
    let path = NSTemporaryDirectory() + "t-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try file.write(to: path)
    let back = try SafetensorsFile.read(path)
    #expect(back == file)
    #expect(
      try back.tensors[0].floats().map(\.bitPattern)
        == file.tensors[0].floats().map(\.bitPattern))
    #expect(try back.tensors[1].booleans() == [true, false, true, true, false])
    #expect(try back.tensors[3].integer() == -(1 << 40))
    #expect(throws: ExperimentError.self) { try back.tensors[1].floats() }
    #expect(throws: ExperimentError.self) { try back.tensors[2].integer() }
    #expect(try file.encoded()[0] % 8 == 0)
  }

  @Test("every truncation is noticed")
  func truncations() throws {
    let data = try file.encoded()
    for length in 0..<data.count {
      #expect(damage(data.prefix(length)) != nil, "cut to \(length) bytes")
    }
    #expect(damage(data + [0])?.contains("after the last tensor") == true)
  }

  @Test(
    "headers that lie are refused with what was found",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "8 bytes within"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "the next tensor at 0"),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
          + #""b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6, "without overlap"
      ),
      (#"{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}"#, 4, "type F8"),
      (#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, 4, "shape"),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4, "shape"
      ),
      (#"{"a":{"shape":[4]}}"#, 4, "incomplete entry"),
      (#"{"a\u0007":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, 4, "control characters"),
      (#"{"__metadata__":{"a":1}}"#, 0, "__metadata__"),
      ("[]", 0, "not a JSON object"),
      (#"{"a":"#, 0, "not a JSON object"),
    ])
  func lies(header: String, payload: Int, expected: String) {
    let message = damage(raw(header, payload))
    #expect(message?.contains(expected) == true, "\(message ?? "accepted")")
  }

  @Test("a header length beyond the file is refused before anything is allocated")
  func oversizedHeader() {
    #expect(damage(Data(repeating: 0xff, count: 64))?.contains("a header of") == true)
  }
}
