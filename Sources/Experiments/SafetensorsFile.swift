public import Foundation

/// A set of named tensors in the safetensors format: an eight-byte header length, a JSON header, then
/// the tensors' bytes without gaps, little-endian.
public struct SafetensorsFile: Sendable, Equatable {
  /// The tensors, in the order of their bytes.
  public var tensors: [Tensor]
  /// Free text beside the tensors.
  public var metadata: [String: String]

  /// A file's content.
  public init(tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The element types this program reads and writes.
  public enum ElementType: String, Sendable, CaseIterable {
    case boolean = "BOOL"
    case uint8 = "U8"
    case int64 = "I64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float32 = "F32"

    /// Bytes of an element.
    public var byteCount: Int {
      switch self {
      case .boolean, .uint8: 1
      case .float16, .bfloat16: 2
      case .float32: 4
      case .int64: 8
      }
    }
  }

  /// A named tensor.
  public struct Tensor: Sendable, Equatable {
    /// Its name, PyTorch's where there is one.
    public var name: String
    /// Its element type.
    public var type: ElementType
    /// Its shape; empty is a scalar.
    public var shape: [Int]
    /// Its elements, row-major, little-endian.
    public var bytes: Data

    /// A tensor from raw bytes.
    public init(name: String, type: ElementType, shape: [Int], bytes: Data) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// A tensor of 32-bit floats.
    public init(name: String, shape: [Int], floats: [Float]) {
      precondition(floats.count == shape.reduce(1, *), "shape and number of elements differ")
      var bytes = Data(capacity: floats.count * 4)
      for value in floats {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
      self.init(name: name, type: .float32, shape: shape, bytes: bytes)
    }

    /// A tensor of Booleans, a byte each.
    public init(name: String, shape: [Int], booleans: [Bool]) {
      precondition(booleans.count == shape.reduce(1, *), "shape and number of elements differ")
      self.init(
        name: name, type: .boolean, shape: shape, bytes: Data(booleans.map { $0 ? 1 : 0 }))
    }

    /// A scalar 64-bit integer.
    public init(name: String, integer: Int) {
      let bytes = withUnsafeBytes(of: Int64(integer).littleEndian) { Data($0) }
      self.init(name: name, type: .int64, shape: [], bytes: bytes)
    }

    /// The elements of a float tensor.
    /// - Throws: `ExperimentError.damaged` if it holds something else.
    public func floats() throws -> [Float] {
      try require(.float32)
      return bytes.withUnsafeBytes { raw in
        (0..<raw.count / 4).map { index in
          Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        }
      }
    }

    /// The elements of a Boolean tensor.
    /// - Throws: `ExperimentError.damaged` if it holds something else.
    public func booleans() throws -> [Bool] {
      try require(.boolean)
      if let wrong = bytes.firstIndex(where: { $0 > 1 }) {
        throw ExperimentError.damaged(
          path: "tensor '\(name)'", byte: wrong - bytes.startIndex,
          found: "the Boolean \(bytes[wrong])", expected: "0 or 1")
      }
      return bytes.map { $0 == 1 }
    }

    /// The value of a scalar 64-bit integer.
    /// - Throws: `ExperimentError.damaged` if it holds something else.
    public func integer() throws -> Int {
      try require(.int64)
      guard bytes.count == 8 else {
        throw ExperimentError.damaged(
          path: "tensor '\(name)'", byte: nil, found: "\(bytes.count / 8) elements", expected: "1")
      }
      return bytes.withUnsafeBytes { Int(Int64(littleEndian: $0.loadUnaligned(as: Int64.self))) }
    }

    private func require(_ wanted: ElementType) throws {
      guard type == wanted else {
        throw ExperimentError.damaged(
          path: "tensor '\(name)'", byte: nil, found: "elements of type \(type.rawValue)",
          expected: wanted.rawValue)
      }
    }
  }

  /// The file's bytes.
  /// - Throws: what JSON has against the names or the metadata.
  public func encoded() throws -> Data {
    var header: [String: Any] = [:]
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    var offset = 0
    for tensor in tensors {
      header[tensor.name] = [
        "dtype": tensor.type.rawValue, "shape": tensor.shape,
        "data_offsets": [offset, offset + tensor.bytes.count],
      ]
      offset += tensor.bytes.count
    }
    // Sorted keys: equal content, equal bytes.
    var json = try JSONSerialization.data(
      withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var data = Data()
    data.reserveCapacity(8 + json.count + offset)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(json)
    for tensor in tensors { data.append(tensor.bytes) }
    return data
  }

  /// Writes the file so that it is either whole or not there.
  /// - Throws: `ExperimentError.file` with the operating system's reason.
  public func write(to path: String) throws {
    try ExperimentFiles.writeOutput(try encoded(), to: path)
  }
}
