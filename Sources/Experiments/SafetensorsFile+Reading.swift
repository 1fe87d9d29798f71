public import Foundation

extension SafetensorsFile {
  /// The largest header that is read.
  private static let headerLimit = 16 << 20

  /// Reads a file.
  /// - Throws: `ExperimentError.file` if it cannot be read, `.damaged` with the byte if its content
  ///   is not good; nothing is allocated on the word of a damaged header.
  public static func read(_ path: String) throws -> SafetensorsFile {
    try SafetensorsFile(data: ExperimentFiles.read(path), path: path)
  }

  /// Reads the bytes of a file.
  /// - Parameter path: named in errors.
  public init(data: Data, path: String) throws {
    func damaged(_ byte: Int?, _ found: String, _ expected: String) -> ExperimentError {
      .damaged(path: path, byte: byte, found: found, expected: expected)
    }
    guard data.count >= 8 else {
      throw damaged(data.count, "the end of the file", "eight bytes of header length")
    }
    let length = data.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
    guard length <= Self.headerLimit, Int(length) <= data.count - 8 else {
      throw damaged(
        0, "a header of \(length) bytes",
        "at most \(min(Self.headerLimit, data.count - 8)) in a file of \(data.count) bytes")
    }
    let end = 8 + Int(length)
    let headerBytes = data[data.startIndex + 8..<data.startIndex + end]
    guard
      let header = try? JSONSerialization.jsonObject(with: Data(headerBytes)) as? [String: Any]
    else { throw damaged(8, "a header that is not a JSON object", "one entry per tensor") }

    var metadata: [String: String] = [:]
    if let entry = header["__metadata__"] {
      guard let texts = entry as? [String: String] else {
        throw damaged(8, "__metadata__ with something else than text", "a map of text")
      }
      metadata = texts
    }
    var found: [(range: Range<Int>, tensor: Tensor)] = []
    for (name, entry) in header where name != "__metadata__" {
      guard !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
        throw damaged(8, "a tensor name with control characters", "printable names")
      }
      guard let entry = entry as? [String: Any], let typeName = entry["dtype"] as? String,
        let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int],
        offsets.count == 2
      else {
        throw damaged(8, "an incomplete entry '\(name)'", "dtype, shape and data_offsets")
      }
      guard let type = ElementType(rawValue: typeName) else {
        throw damaged(
          8, "'\(name)' of type \(typeName)",
          "one of " + ElementType.allCases.map(\.rawValue).joined(separator: ", "))
      }
      var bytes = type.byteCount
      for dimension in shape {
        let (product, overflows) = bytes.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflows else {
          throw damaged(8, "'\(name)' of shape \(shape)", "a shape that fits the file")
        }
        bytes = product
      }
      guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.count - end,
        offsets[1] - offsets[0] == bytes
      else {
        throw damaged(
          8, "'\(name)' at \(offsets[0])…\(offsets[1])",
          "\(bytes) bytes within the \(data.count - end) that follow the header")
      }
      let start = data.startIndex + end
      found.append(
        (
          offsets[0]..<offsets[1],
          Tensor(
            name: name, type: type, shape: shape,
            bytes: Data(data[start + offsets[0]..<start + offsets[1]]))
        ))
    }
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.tensor.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.tensor.name)
    }
    var position = 0
    for entry in found {
      guard entry.range.lowerBound == position else {
        throw damaged(
          end + position, "'\(entry.tensor.name)' at \(entry.range.lowerBound)",
          "the next tensor at \(position), without overlap or hole")
      }
      position = entry.range.upperBound
    }
    guard position == data.count - end else {
      throw damaged(
        end + position, "\(data.count - end - position) bytes after the last tensor", "none")
    }
    self.init(tensors: found.map(\.tensor), metadata: metadata)
  }
}
