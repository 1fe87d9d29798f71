public import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// File operations with the operating system's own reasons in their errors.
public enum ExperimentFiles {
  /// Reads a whole ordinary file.
  /// - Parameter limit: bytes; a larger file is refused before anything of it is read.
  /// - Throws: `ExperimentError.file`, `.damaged` for a file beyond the limit.
  public static func read(_ path: String, limit: Int = .max) throws -> Data {
    try withOpenFile(path) { descriptor, size in
      guard size <= limit else {
        throw ExperimentError.damaged(
          path: path, byte: nil, found: "\(size) bytes", expected: "at most \(limit)")
      }
      return try read(descriptor, from: 0, count: size, path: path)
    }
  }

  /// Opens an ordinary file; pipes, devices and folders are refused, as they have no end to go by.
  /// - Parameter body: gets the descriptor and the size in bytes.
  /// - Throws: `ExperimentError.file`.
  static func withOpenFile<Result>(
    _ path: String, _ body: (_ descriptor: Int32, _ size: Int) throws -> Result
  ) throws -> Result {
    // Opening a pipe must not wait for its other end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be read", path: path) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw failure("cannot be read", path: path) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw ExperimentError.file(
        path: path, reason: "cannot be read: it is not an ordinary file")
    }
    return try body(descriptor, Int(facts.st_size))
  }

  /// Opens an ordinary file to write, and makes it where there is none; pipes and devices are refused
  /// and not waited for.
  /// - Parameters:
  ///   - flags: `O_APPEND` or `O_TRUNC`.
  ///   - name: what an error calls it; `nil` its path.
  /// - Throws: `ExperimentError.file`.
  package static func openToWrite(
    _ path: String, _ flags: Int32, named name: String? = nil
  ) throws -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0o644)
    guard descriptor >= 0 else {
      throw failure("cannot be written", path: name ?? path)
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ExperimentError.file(
        path: name ?? path, reason: "cannot be written: it is not an ordinary file")
    }
    return descriptor
  }

  /// Reads bytes of an open file; fewer than `count` where it ends before.
  /// - Throws: `ExperimentError.file`.
  static func read(_ descriptor: Int32, from start: Int, count: Int, path: String) throws -> Data {
    var data = Data(count: count)
    var done = 0
    while done < count {
      let got = data.withUnsafeMutableBytes { raw in
        pread(descriptor, raw.baseAddress?.advanced(by: done), count - done, off_t(start + done))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw failure("cannot be read", path: path) }
      if got == 0 { break }
      done += got
    }
    return done == count ? data : data.prefix(done)
  }

  /// Makes a folder and those above it.
  /// - Returns: those that were not there before, from the top.
  /// - Throws: `ExperimentError.file`.
  @discardableResult
  public static func makeFolder(_ path: String) throws -> [String] {
    var new: [String] = []
    let parts = (path as NSString).pathComponents
    for count in 1...max(parts.count, 1) {
      let folder = NSString.path(withComponents: Array(parts.prefix(count)))
      if mkdir(folder, 0o755) == 0 {
        new.append(folder)
        continue
      }
      if errno == EEXIST || errno == EISDIR { continue }
      // A parent that cannot be written is no obstacle while it is there.
      let reason = errno
      if FileManager.default.fileExists(atPath: folder) { continue }
      errno = reason
      throw failure("cannot be made", path: path)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw ExperimentError.file(path: path, reason: "is not a folder") }
    return new
  }

  /// Does something while no other program does the same with this folder; waits for its turn.
  /// - Throws: `ExperimentError.file`, or what `body` throws.
  package static func withLock<Result>(
    onFolder path: String, _ body: () throws -> Result
  ) throws -> Result {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be read", path: path) }
    defer { close(descriptor) }  // and with it the lock
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("cannot be locked", path: path) }
    }
    return try body()
  }

  /// Writes a file beside its place, syncs it, and moves it there: readers see the old content or
  /// the new one, never a part.
  /// - Throws: `ExperimentError.file`.
  public static func writeAtomically(_ data: Data, to path: String) throws {
    let temporary = path + ".part"
    let descriptor = try openToWrite(temporary, O_TRUNC, named: path)
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

  /// Writes a file that a person has named: as `writeAtomically` does, but a link stays and what it
  /// leads to is written, and a device or a pipe is written into instead of replaced.
  /// - Throws: `ExperimentError.file`.
  public static func writeOutput(_ data: Data, to path: String) throws {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return try writeAtomically(data, to: path) }
    switch facts.st_mode & S_IFMT {
    case S_IFREG:
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
      let place = isLink ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
      try writeAtomically(data, to: place)
    case S_IFDIR:
      throw ExperimentError.file(path: path, reason: "is a folder, expected a file to write")
    default:
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure("cannot be written", path: path) }
      defer { close(descriptor) }
      try write(data, to: descriptor, path: path)
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
}
