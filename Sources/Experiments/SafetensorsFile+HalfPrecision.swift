internal import Foundation

extension SafetensorsFile.Tensor {
  /// The elements of a tensor of floats of 32 or 16 bits; `nil` if it holds something else.
  public var floatsOfAnyPrecision: [Float]? {
    guard type == .float16 || type == .bfloat16 else { return try? floats() }
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 2).map { index in
        let bits = UInt16(
          littleEndian: raw.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        return type == .float16
          ? Float(Float16(bitPattern: bits)) : Float(bitPattern: UInt32(bits) << 16)
      }
    }
  }
}
