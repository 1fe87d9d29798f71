internal import Crypto
public import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
public enum ContentHash {
  /// The hash of some bytes.
  public static func of(_ data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  /// The hash of a whole file, which is read piece by piece.
  /// - Throws: `ExperimentError.file`.
  public static func of(file path: String) throws -> String {
    try ExperimentFiles.withOpenFile(path) { descriptor, _ in
      var hash = PrefixHash()
      return try hash.take(descriptor, upTo: nil, path: path) ?? ""
    }
  }

  fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

/// The SHA-256 of the first bytes of a file, taken further as the file grows: what was hashed before is
/// not read again.
struct PrefixHash: Sendable {
  private var hasher = SHA256()
  private var bytes = 0

  /// The hash of an open file up to a place.
  /// - Parameter end: bytes; `nil` is the end of the file.
  /// - Returns: `nil` if the file ends before.
  /// - Throws: `ExperimentError.file`.
  mutating func take(_ descriptor: Int32, upTo end: Int?, path: String) throws -> String? {
    if let end, end < bytes { self = PrefixHash() }
    while end.map({ bytes < $0 }) ?? true {
      let piece = try ExperimentFiles.read(
        descriptor, from: bytes, count: min(1 << 20, (end ?? .max) - bytes), path: path)
      guard !piece.isEmpty else {
        if end == nil { break }
        return nil
      }
      hasher.update(data: piece)
      bytes += piece.count
    }
    return ContentHash.hexadecimal(hasher.finalize())
  }
}
