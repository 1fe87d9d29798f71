internal import Foundation

/// The header of a file in NumPy's `.npy` format: magic, version, and a Python dictionary literal
/// with the keys `descr`, `fortran_order` and `shape`.
struct NPYHeader {
  /// Sizes of the axes, outermost first.
  let shape: [Int]
  /// 4 or 8.
  let bytesPerNumber: Int
  /// Where the numbers begin.
  let dataStart: Int

  /// Where the dictionary begins in files of version 1.
  static let textStart = 10
  /// What every file begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads a header.
  /// - Throws: `DatasetError.corrupt` with what is wrong.
  init(_ bytes: [UInt8], path: String) throws {
    func wrong(_ byte: Int, _ found: String, _ expected: String) -> DatasetError {
      .corrupt(path: path, byte: byte, found: found, expected: expected)
    }
    guard bytes.count >= Self.textStart, Array(bytes.prefix(6)) == Self.magic else {
      throw wrong(0, "no NumPy array", "an .npy file, which begins with '\\x93NUMPY'")
    }
    let isLong = bytes[6] >= 2
    guard (1...3).contains(bytes[6]), bytes.count >= 12 else {
      throw wrong(6, "version \(bytes[6])", "version 1, 2 or 3 of the format")
    }
    let lengthBytes = isLong ? bytes[8..<12] : bytes[8..<10]
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = lengthBytes.endIndex
    guard length <= bytes.count - start,
      let text = String(bytes: bytes[start..<start + length], encoding: .utf8)
    else {
      throw wrong(8, "a header of \(length) bytes", "one that fits into the file, in UTF-8")
    }
    dataStart = start + length

    switch Self.value(of: "descr", in: text)?.trimmingPrefix("'").prefix(3) {
    case "<f4": bytesPerNumber = 4
    case "<f8": bytesPerNumber = 8
    default:
      let found = Self.value(of: "descr", in: text)?.prefix { !",}\n".contains($0) }
      throw wrong(
        start, "an array of \(found ?? "unknown type")",
        "little-endian float32 '<f4' or float64 '<f8'")
    }
    guard Self.value(of: "fortran_order", in: text)?.hasPrefix("False") == true else {
      throw wrong(start, "an array in Fortran's order", "one in C's order")
    }
    guard let axes = Self.value(of: "shape", in: text), axes.hasPrefix("("),
      let end = axes.firstIndex(of: ")")
    else {
      throw wrong(start, "no shape", "a shape such as (100, 64)")
    }
    let parts = axes[axes.index(after: axes.startIndex)..<end].split(separator: ",")
      .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.allSatisfy({ (0...1 << 30).contains($0) }) else {
      throw wrong(start, "shape (\(parts.joined(separator: ", ")))", "a shape such as (100, 64)")
    }
    shape = sizes
  }

  /// A number from its little-endian bytes.
  func number(_ bytes: ArraySlice<UInt8>) -> Double {
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return bytesPerNumber == 4
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
  }

  /// What follows a key of the dictionary, without leading blanks.
  private static func value(of key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      if let place = text.firstRange(of: quote + key + quote + ":") {
        return text[place.upperBound...].drop { $0 == " " }
      }
    }
    return nil
  }
}
