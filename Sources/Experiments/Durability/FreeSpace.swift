internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The room on a file system.
public enum FreeSpace {
  /// Bytes that an ordinary user may still write where a path is, or will be; `nil` if the system
  /// does not say.
  public static func bytes(at path: String) -> Int? {
    var place = URL(fileURLWithPath: path).standardizedFileURL.path
    while place != "/", !FileManager.default.fileExists(atPath: place) {
      place = (place as NSString).deletingLastPathComponent
    }
    var facts = statvfs()
    guard statvfs(place, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  /// Makes sure that there is room.
  /// - Throws: `ExperimentError.noRoom` with both figures.
  public static func require(_ needed: Int, at path: String) throws {
    guard let free = bytes(at: path), free < needed else { return }
    throw ExperimentError.noRoom(path: path, needed: needed, free: free)
  }
}
