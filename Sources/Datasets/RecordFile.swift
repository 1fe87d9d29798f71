internal import Foundation

/// An open file of fixed-size records, read piece by piece from any thread.
final class RecordFile: Sendable, Equatable {
  let path: String
  /// Bytes it had when it was opened.
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a regular file.
  /// - Throws: `DatasetError.unreadable`.
  init(_ path: String) throws {
    self.path = path
    // Without O_NONBLOCK the opening of a pipe would wait for somebody to write.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      defer { close(descriptor) }
      throw Self.failure(path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DatasetError.unreadable(path: path, reason: "not a regular file")
    }
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  static func == (a: RecordFile, b: RecordFile) -> Bool { a === b }

  /// Fills a buffer with the bytes from a place on.
  /// - Throws: `DatasetError` if the file is unreadable or has become shorter.
  func read(into buffer: UnsafeMutableRawBufferPointer, from start: Int) throws {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let bytes = pread(descriptor, rest.baseAddress, rest.count, off_t(start + done))
      if bytes < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      guard bytes > 0 else {
        throw DatasetError.truncated(
          path: path, byte: start + done, expected: "\(byteCount) bytes, as when it was opened")
      }
      done += bytes
    }
  }

  private static func failure(_ path: String) -> DatasetError {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
