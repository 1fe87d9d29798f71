import Foundation
import Glibc
import Testing

/// A file system of its own in a file, mounted through a loop device; unmounted with its owner.
///
/// Linux turns no file system read-only under open files when it is asked to, and memory has no quotas:
/// btrfs has a switch and limits for a part of it, a subvolume; ext4 gives up when it is told that it is broken.
final class MountedImage: Sendable {
  enum Kind: String { case btrfs, ext4 }

  /// Where it is mounted.
  let path: String
  /// A folder that is not on it.
  let outside: TemporaryFolder
  private let image: String

  /// Why there can be none of a kind; `nil` if there can.
  static func reasonAgainst(_ kind: Kind) -> String? {
    do {
      _ = try MountedImage(kind)
      return nil
    } catch {
      print("tests on a \(kind.rawValue) file system skip: \(error)")
      return "\(error)"
    }
  }

  init(_ kind: Kind, mebibytes: Int = 160) throws {
    guard getuid() == 0 else { throw Failure(description: "mounting one needs root") }
    outside = try TemporaryFolder()
    (path, image) = (outside.path("disk"), outside.path("image"))
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try Data().write(to: URL(fileURLWithPath: image))
    guard truncate(image, off_t(mebibytes << 20)) == 0 else {
      throw Failure(description: String(cString: strerror(errno)))
    }
    try Self.call("mkfs.\(kind.rawValue)", "-q", image)
    try mount()
  }

  /// Mounts it, again.
  func mount() throws { try Self.call("mount", "-o", "loop", image, path) }

  /// Unmounts it, mends what a failure has left, and mounts it again.
  func mend() throws {
    try Self.call("umount", path)
    // 1 is its word for "errors were corrected".
    try Self.call("e2fsck", "-fy", image, statuses: [0, 1])
    try mount()
  }

  /// Runs a system tool to its end.
  static func call(_ words: String..., statuses: Set<Int32> = [0]) throws {
    let folders = ["/usr/sbin", "/sbin"].map { "\($0)/\(words[0])" }
      .filter { FileManager.default.isExecutableFile(atPath: $0) }
    guard let tool = Program.find(words[0]) ?? folders.first else {
      throw Failure(description: "there is no \(words[0])")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = Array(words.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard statuses.contains(process.terminationStatus) else {
      throw Failure(
        description: "\(words.joined(separator: " ")) ended with \(process.terminationStatus)")
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}
