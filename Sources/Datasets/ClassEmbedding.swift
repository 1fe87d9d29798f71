public import Foundation

/// A vector for each class of a dataset, `[classes][dimensions]`.
public struct ClassEmbedding: Sendable, Equatable {
  /// Numbers of a vector.
  public let dimensions: Int
  /// The vectors, in the order of the labels.
  public let vectors: [[Double]]

  /// An embedding of at least one class in at least one dimension.
  public init(vectors: [[Double]]) {
    precondition(
      Set(vectors.map(\.count)).count == 1 && !(vectors.first ?? []).isEmpty,
      "vectors of one length")
    self.vectors = vectors
    dimensions = vectors[0].count
  }

  /// The largest `.npy` file that is read, in bytes.
  private static let limit = 256 << 20

  /// Reads an `.npy` file (NumPy's format, versions 1 to 3): a C-ordered K×D array of little-endian
  /// `float32` or `float64`, one row per class in the order of the labels.
  /// - Throws: `DatasetError` for another shape or type, numbers that are not finite, a short file.
  public static func read(_ path: String, classes: Int) throws -> ClassEmbedding {
    guard OrdinaryFile.exists(path) else {
      throw DatasetError.impossible(
        "\(path): not found; expected an .npy file with a row for each class")
    }
    let bytes = [UInt8](try OrdinaryFile.read(path, limit: limit))
    let header = try NPYHeader(bytes, path: path)
    guard header.shape.count == 2, header.shape[0] == classes, header.shape[1] > 0 else {
      throw DatasetError.corrupt(
        path: path, byte: NPYHeader.textStart, found: "an array of shape \(header.shape)",
        expected: "\(classes) rows, one per class, of at least one number")
    }
    let (rows, columns) = (header.shape[0], header.shape[1])
    // Bounded by the file's size before anything is multiplied.
    guard columns <= bytes.count,
      bytes.count - header.dataStart == rows * columns * header.bytesPerNumber
    else {
      throw DatasetError.truncated(
        path: path, byte: bytes.count,
        expected: "\(rows) × \(columns) numbers of \(header.bytesPerNumber) bytes after byte "
          + "\(header.dataStart)")
    }
    let vectors = try (0..<rows).map { row in
      try (0..<columns).map { column in
        let start = header.dataStart + (row * columns + column) * header.bytesPerNumber
        let number = header.number(bytes[start..<start + header.bytesPerNumber])
        guard number.isFinite else {
          throw DatasetError.corrupt(
            path: path, byte: start, found: "\(number)", expected: "a finite number")
        }
        return number
      }
    }
    return ClassEmbedding(vectors: vectors)
  }

  /// The embedding as an `.npy` file of `float64`, version 1 of the format.
  public func npy() -> Data {
    var header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(vectors.count), \(dimensions)), }"
    // The numbers begin at a multiple of 64.
    let length = NPYHeader.textStart + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
    var data = Data(NPYHeader.magic + [1, 0])
    data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    for number in vectors.joined() {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }
}
