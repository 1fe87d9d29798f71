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
      (#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, 4, "byte 36: found '-'"),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4, "shape"
      ),
      (#"{"a":{"shape":[4]}}"#, 4, "incomplete entry"),
      (#"{"a\u0007":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, 4, "control characters"),
      (#"{"__metadata__":{"a":1}}"#, 0, "byte 29: found '1', expected a text: __metadata__"),
      ("[]", 0, "byte 8: found '[', expected an object"),
      (#"{"a":"#, 0, "byte 13: found the end of the header"),
      (
        #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
          + #""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0,
        "byte 61: found the key 'a' a second time"
      ),
      (
        #"{"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
          + #""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "a second time"
      ),
      (#"{"a":{"dtype":"U8","dtype":"U8"}}"#, 0, "the key 'dtype' a second time"),
      (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "'__metadata__' a second time"),
      (#"{"__metadata__":{"a":"","a":""}}"#, 0, "the key 'a' a second time"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[4,0]}}"#, 4, "'a' at 4…0"),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,9223372036854775808]}}"#, 4,
        "a number beyond 9223372036854775807"
      ),
      (#"{"a":{"dtype":"U8","shape":[1e1],"data_offsets":[0,10]}}"#, 10, "byte 37: found 'e'"),
      (#"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#, 1, "a whole number from 0"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#, 1, "more than 2 numbers"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":[[[[1]]]]}}"#, 1, "the key 'x'"),
      (#"{"a":[[[[[[1]]]]]]}"#, 1, "byte 13: found '['"),
      (#"{"a\ud800":{}}"#, 0, "surrogate"),
      (#"{} {}"#, 0, "byte 11: found '{', expected the end of the header"),
    ])
  func lies(header: String, payload: Int, expected: String) {
    let message = damage(raw(header, payload))
    #expect(message?.contains(expected) == true, "\(message ?? "accepted")")
  }

  @Test("a header that is not UTF-8 is refused with its byte")
  func notText() throws {
    var data = raw(##"{"#":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"##, 0)
    data[10] = 0xff
    #expect(damage(data) == "f: byte 9: found bytes that are not UTF-8, expected text in UTF-8")
  }

  @Test("nesting of any depth is refused where it begins")
  func nesting() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(damage(raw(#"{"a":"# + deep, 0))?.contains("byte 13: found '['") == true)
    let objects = String(repeating: #"{"a":"#, count: 200_000)
    #expect(damage(raw(objects, 0))?.contains("the key 'a' in 'a'") == true)
  }

  @Test("of a huge file with a bad header only the header is read")
  func hugeFile() throws {
    let path = NSTemporaryDirectory() + "huge-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let header = #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    try raw(header, 4).write(to: URL(fileURLWithPath: path))
    // Sparse: a terabyte that takes no place, and could not be held in memory.
    #expect(truncate(path, 1 << 40) == 0)
    let size = (1 << 40) - 8 - header.utf8.count - 4
    #expect(
      throws: ExperimentError.damaged(
        path: path, byte: 8 + header.utf8.count + 4,
        found: "\(size) bytes after the last tensor", expected: "none")
    ) { try SafetensorsFile.read(path) }
  }

  @Test(
    "what is no ordinary file is refused, and nobody waits for it", arguments: ["/dev/zero", "/"])
  func notAFile(path: String) {
    #expect(
      throws: ExperimentError.file(
        path: path, reason: "cannot be read: it is not an ordinary file")
    ) { try SafetensorsFile.read(path) }
  }

  @Test("a Boolean is 0 or 1")
  func booleans() throws {
    let tensor = SafetensorsFile.Tensor(
      name: "m", type: .boolean, shape: [3], bytes: Data([0, 1, 2]))
    #expect(
      throws: ExperimentError.damaged(
        path: "tensor 'm'", byte: 2, found: "the Boolean 2", expected: "0 or 1")
    ) { try tensor.booleans() }
  }

  @Test("a header length beyond the file is refused before anything is allocated")
  func oversizedHeader() {
    #expect(damage(Data(repeating: 0xff, count: 64))?.contains("a header of") == true)
  }
}
