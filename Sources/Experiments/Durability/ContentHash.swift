internal import Crypto
public import Foundation

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
public enum ContentHash {
  /// The hash of some bytes.
  public static func of(_ data: Data) -> String {
    let digits = Array("0123456789abcdef")
    return String(SHA256.hash(data: data).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
