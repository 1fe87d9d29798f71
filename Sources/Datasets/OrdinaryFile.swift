internal import Foundation

/// Reads whole files of a bounded size; pipes, devices and folders are refused.
enum OrdinaryFile {
  /// Whether there is something at a path.
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether there is a folder at a path.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// What tells a changed file from the one that was read: its size and the time of its last change.
  /// - Throws: `DatasetError.unreadable`.
  static func state(of path: String) throws -> String {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      throw DatasetError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return "\(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
  }

  /// The bytes of a file.
  /// - Parameter limit: bytes; a larger file is refused before anything of it is read.
  /// - Throws: `DatasetError`.
  static func read(_ path: String, limit: Int) throws -> Data {
    // Opening a pipe must not wait for its other end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw DatasetError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError.unreadable(path: path, reason: "it is not an ordinary file")
    }
    let size = Int(facts.st_size)
    guard size <= limit else {
      throw DatasetError.unreadable(
        path: path, reason: "found \(size) bytes, expected at most \(limit)")
    }
    do {
      return try handle.read(upToCount: size) ?? Data()
    } catch {
      throw DatasetError.unreadable(path: path, reason: error.localizedDescription)
    }
  }
}
