internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Which program this is.
public enum ProgramVersion {
  /// As `rtl --version` prints it.
  public static let current = "0.1.0"

  /// The version and the beginning of the SHA-256 of the running executable, which every change of the
  /// program changes: `0.1.0 (build 1f0c…)`.
  public static let build: String = {
    // The link leads to the file that was started, though another may have its name by now.
    let hash = try? ContentHash.of(file: "/proc/self/exe")
    return "\(current) (build \(hash?.prefix(12) ?? "unknown"))"
  }()

  /// The C library, whose mathematical functions decide about bits, as in `glibc 2.36`; `nil` if the
  /// system does not say.
  public static let cLibrary: String? = {
    var text = [CChar](repeating: 0, count: 256)
    let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    guard length > 1, length <= text.count else { return nil }
    return String(decoding: text[..<(length - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
}
