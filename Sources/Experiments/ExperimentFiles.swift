public import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// File operations with the operating system's own reasons in their errors.
public enum ExperimentFiles {
  /// Reads a whole file.
  /// - Throws: `ExperimentError.file`.
  public static func read(_ path: String) throws -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExperimentError.file(path: path, reason: reason("cannot be read", path: path))
    }
    return data
  }

  /// Makes a folder and those above it.
  /// - Throws: `ExperimentError.file`.
  public static func makeFolder(_ path: String) throws {
    let parts = (path as NSString).pathComponents
    for count in 1...max(parts.count, 1) {
      let folder = NSString.path(withComponents: Array(parts.prefix(count)))
      if mkdir(folder, 0o755) == 0 || errno == EEXIST || errno == EISDIR { continue }
      // A parent that cannot be written is no obstacle while it is there.
      let reason = errno
      if FileManager.default.fileExists(atPath: folder) { continue }
      errno = reason
      throw failure("cannot be made", path: path)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw ExperimentError.file(path: path, reason: "is not a folder") }
  }

  /// Writes a file beside its place, syncs it, and moves it there: readers see the old content or
  /// the new one, never a part.
  /// - Throws: `ExperimentError.file`.
  public static func writeAtomically(_ data: Data, to path: String) throws {
    let temporary = path + ".part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot be written", path: path) }
    defer { close(descriptor) }
    do {
      try write(data, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw failure("cannot be written", path: path) }
      guard rename(temporary, path) == 0 else { throw failure("cannot be written", path: path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes all bytes to an open file.
  /// - Throws: `ExperimentError.file`.
  static func write(_ data: Data, to descriptor: Int32, path: String) throws {
    try data.withUnsafeBytes { raw in
      var written = 0
      while written < raw.count {
        let count = Glibc.write(
          descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failure("cannot be written", path: path) }
        written += count
      }
    }
  }

  /// An error with the reason of the last failed call.
  static func failure(_ what: String, path: String) -> ExperimentError {
    .file(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
  }

  private static func reason(_ what: String, path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else {
      close(descriptor)
      return "\(what): it is not an ordinary file"
    }
    return "\(what): \(String(cString: strerror(errno)))"
  }
}
