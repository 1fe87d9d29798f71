public import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The file operations that durable storage is made of; a test can put a disk behind them that fails
/// or loses what was not synced.
public protocol FileOperations: Sendable {
  /// Makes one folder; one that is there already is fine.
  func makeFolder(_ path: String) throws
  /// Makes a file with this content. Nothing is promised before `sync`.
  func write(_ data: Data, to path: String) throws
  /// Returns when a file's content, or a folder's entries, have reached the disk.
  func sync(_ path: String) throws
  /// Moves a file or folder; replaces a file that is there.
  func rename(_ path: String, to newPath: String) throws
  /// Removes a file or an empty folder.
  func remove(_ path: String) throws
  /// The names in a folder; none if there is no such folder.
  func names(in folder: String) throws -> [String]
  /// A file's content.
  func read(_ path: String) throws -> Data
}

/// The operating system's files.
public struct SystemFiles: FileOperations {
  /// The one there is.
  public init() {}

  /// `mkdir`.
  public func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw ExperimentFiles.failure("cannot be made", path: path)
    }
  }

  /// `open` and `write`.
  public func write(_ data: Data, to path: String) throws {
    let descriptor = try ExperimentFiles.openToWrite(path, O_TRUNC)
    defer { close(descriptor) }
    try ExperimentFiles.write(data, to: descriptor, path: path)
  }

  /// `fsync`.
  public func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ExperimentFiles.failure("cannot be synced", path: path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw ExperimentFiles.failure("cannot be synced", path: path)
    }
  }

  /// `rename`.
  public func rename(_ path: String, to newPath: String) throws {
    guard Glibc.rename(path, newPath) == 0 else {
      throw ExperimentFiles.failure("cannot be moved into place", path: newPath)
    }
  }

  /// `remove`.
  public func remove(_ path: String) throws {
    guard Glibc.remove(path) == 0 || errno == ENOENT else {
      throw ExperimentFiles.failure("cannot be removed", path: path)
    }
  }

  /// The folder's names, in no order.
  public func names(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw ExperimentError.file(
        path: folder, reason: "cannot be read: \(error.localizedDescription)")
    }
  }

  /// The whole content.
  public func read(_ path: String) throws -> Data { try ExperimentFiles.read(path) }
}

extension FileOperations {
  /// Removes a folder of files.
  func removeFolder(_ path: String) throws {
    for name in try names(in: path) { try remove(path + "/" + name) }
    try remove(path)
  }
}
