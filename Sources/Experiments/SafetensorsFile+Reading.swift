public import Foundation

extension SafetensorsFile {
  /// The largest header that is read, in bytes.
  static let headerLimit = 16 << 20

  /// Reads a file; of a file whose header is bad, only the header.
  /// - Throws: `ExperimentError.file` if it cannot be read, `.damaged` with the byte if its content
  ///   is not good; nothing is allocated on the word of a damaged header.
  public static func read(_ path: String) throws -> SafetensorsFile {
    try ExperimentFiles.withOpenFile(path) { descriptor, size in
      try SafetensorsFile(size: size, path: path) { start, count in
        let bytes = try ExperimentFiles.read(descriptor, from: start, count: count, path: path)
        guard bytes.count == count else {
          throw ExperimentError.damaged(
            path: path, byte: start + bytes.count, found: "the end of a file that is being cut",
            expected: "\(count - bytes.count) more bytes")
        }
        return bytes
      }
    }
  }

  /// Reads the bytes of a file.
  /// - Parameter path: named in errors.
  public init(data: Data, path: String) throws {
    try self.init(size: data.count, path: path) { start, count in
      let first = data.startIndex + start
      return Data(data[first..<first + count])
    }
  }

  /// Reads a file piece by piece.
  /// - Parameters:
  ///   - size: bytes of the file.
  ///   - bytes: gives `count` bytes from `start`, which lie within the file.
  private init(
    size: Int, path: String, bytes: (_ start: Int, _ count: Int) throws -> Data
  ) throws {
    guard size >= 8 else {
      throw ExperimentError.damaged(
        path: path, byte: size, found: "the end of the file",
        expected: "eight bytes of header length")
    }
    let length = try bytes(0, 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(Self.headerLimit, size - 8)) else {
      throw ExperimentError.damaged(
        path: path, byte: 0, found: "a header of \(length) bytes",
        expected: "at most \(min(Self.headerLimit, size - 8)) in a file of \(size) bytes")
    }
    let end = 8 + Int(length)
    let header = try SafetensorsHeader(
      [UInt8](try bytes(8, Int(length))), payload: size - end, path: path)
    self.init(
      tensors: try header.entries.map { entry in
        Tensor(
          name: entry.name, type: entry.type, shape: entry.shape,
          bytes: try bytes(end + entry.range.lowerBound, entry.range.count))
      }, metadata: header.metadata)
  }
}
