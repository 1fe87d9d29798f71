/// The header of a safetensors file, read strictly: what is not exactly as the format has it is
/// refused with the byte it stands at, before anything is allocated on its word.
///
/// A general JSON reader would take the last of two equal keys, round numbers, and recurse as deep as
/// the text says. This one knows the three levels that there can be, and no more.
struct SafetensorsHeader {
  /// A tensor as the header announces it.
  struct Entry {
    /// Its name.
    let name: String
    /// Where its entry stands in the file.
    let byte: Int
    let type: SafetensorsFile.ElementType
    let shape: [Int]
    /// Its bytes, counted from the end of the header.
    let range: Range<Int>
  }

  /// The tensors, in the order of their bytes.
  private(set) var entries: [Entry] = []
  /// Free text beside the tensors.
  private(set) var metadata: [String: String] = [:]

  /// Reads a header.
  /// - Parameters:
  ///   - bytes: the header's text.
  ///   - payload: how many bytes follow it in the file.
  ///   - path: named in errors.
  /// - Throws: `ExperimentError.damaged`.
  init(_ bytes: [UInt8], payload: Int, path: String) throws {
    var reader = StrictJSONReader(bytes: bytes, firstByte: 8, path: path)
    var names: Set<String> = []
    var hasMetadata = false
    try reader.object { reader, name, byte in
      if name == "__metadata__" {
        guard !hasMetadata else { throw reader.twice(name, at: byte) }
        hasMetadata = true
        metadata = try Self.metadata(&reader)
        return
      }
      guard names.insert(name).inserted else { throw reader.twice(name, at: byte) }
      entries.append(try Self.entry(&reader, name: name, byte: byte, payload: payload))
    }
    try reader.end()
    try checkOrder(payload: payload, headerEnd: 8 + bytes.count, path: path)
  }

  private static func metadata(_ reader: inout StrictJSONReader) throws -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { reader, key, byte in
      guard
        metadata.updateValue(try reader.string("a text: __metadata__ maps text"), forKey: key)
          == nil
      else { throw reader.twice(key, at: byte) }
    }
    return metadata
  }

  private static func entry(
    _ reader: inout StrictJSONReader, name: String, byte: Int, payload: Int
  ) throws -> Entry {
    guard !name.hasUnprintable else {
      throw reader.damaged(
        at: byte, found: "a tensor name with control characters or invisible ones",
        expected: "printable names")
    }
    var type: SafetensorsFile.ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { reader, key, keyByte in
      switch key {
      case "dtype":
        guard type == nil else { throw reader.twice(key, at: keyByte) }
        let typeByte = reader.byte
        let text = try reader.string("the name of a type")
        guard let known = SafetensorsFile.ElementType(rawValue: text) else {
          throw reader.damaged(
            at: typeByte, found: "'\(shown(name))' of type \(shown(text))",
            expected: "one of "
              + SafetensorsFile.ElementType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        type = known
      case "shape":
        guard shape == nil else { throw reader.twice(key, at: keyByte) }
        shape = try reader.wholeNumbers(limit: 64)
      case "data_offsets":
        guard offsets == nil else { throw reader.twice(key, at: keyByte) }
        offsets = try reader.wholeNumbers(limit: 2)
      default:
        throw reader.damaged(
          at: keyByte, found: "the key '\(shown(key))' in '\(shown(name))'",
          expected: "dtype, shape and data_offsets")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw reader.damaged(
        at: byte, found: "an incomplete entry '\(shown(name))'",
        expected: "dtype, shape and two data_offsets")
    }
    var size = type.byteCount
    for dimension in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: dimension)
      guard !overflows else {
        throw reader.damaged(
          at: byte, found: "'\(shown(name))' of shape \(shape)",
          expected: "a shape that fits the file")
      }
      size = product
    }
    guard offsets[0] <= offsets[1], offsets[1] <= payload, offsets[1] - offsets[0] == size else {
      throw reader.damaged(
        at: byte, found: "'\(shown(name))' at \(offsets[0])…\(offsets[1])",
        expected: "\(size) bytes within the \(payload) that follow the header")
    }
    return Entry(
      name: name, byte: byte, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Every byte after the header belongs to exactly one tensor.
  private mutating func checkOrder(payload: Int, headerEnd: Int, path: String) throws {
    func damaged(_ byte: Int, _ found: String, _ expected: String) -> ExperimentError {
      .damaged(path: path, byte: byte, found: found, expected: expected)
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var position = 0
    for entry in entries {
      guard entry.range.lowerBound == position else {
        throw damaged(
          entry.byte, "'\(Self.shown(entry.name))' at \(entry.range.lowerBound)",
          "the next tensor at \(position), without overlap or hole")
      }
      position = entry.range.upperBound
    }
    guard position == payload else {
      throw damaged(
        headerEnd + position, "\(payload - position) bytes after the last tensor", "none")
    }
  }

  /// A text from the file as an error shows it: printable, and not too long.
  private static func shown(_ text: String) -> String {
    let printable = text.unicodeScalars.map { $0.isUnprintable ? "?" : "\($0)" }
    return printable.count > 80 ? printable.prefix(80).joined() + "…" : printable.joined()
  }
}
