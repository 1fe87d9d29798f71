internal import Foundation

/// The SHA-256 of a run's lasting files, in `sha256sum`'s own format: `sha256sum -c SHA256SUMS` in the
/// run's folder checks them without this program.
public struct FileSums: Sendable, Equatable {
  /// Hash by path relative to the run's folder.
  public var sums: [String: String]

  /// The sums kept in a run; none if there are none yet.
  /// - Throws: `ExperimentError` if the file cannot be read or is not of that format.
  public init(of directory: RunDirectory) throws {
    sums = [:]
    guard FileManager.default.fileExists(atPath: directory.sumsPath) else { return }
    let text = String(decoding: try ExperimentFiles.read(directory.sumsPath), as: UTF8.self)
    for (number, line) in text.split(separator: "\n").enumerated() {
      let hash = line.prefix(64)
      guard line.count > 66, hash.allSatisfy(\.isHexDigit), line.dropFirst(64).hasPrefix("  ")
      else {
        throw ExperimentError.damaged(
          path: directory.sumsPath, byte: nil, found: "line \(number + 1) as it is",
          expected: "a SHA-256, two blanks and a file's name")
      }
      sums[String(line.dropFirst(66))] = String(hash)
    }
  }

  /// Takes down the hash of a file that was just written.
  public mutating func add(_ name: String, in directory: RunDirectory) throws {
    sums[name] = ContentHash.of(try ExperimentFiles.read(directory.path + "/" + name))
  }

  /// Writes the sums.
  /// - Throws: `ExperimentError.file`.
  public func write(to directory: RunDirectory) throws {
    let lines = sums.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
    try ExperimentFiles.writeAtomically(Data(lines.joined().utf8), to: directory.sumsPath)
  }

  /// Compares every file with its hash.
  /// - Returns: a sentence for each file that is not as it was written.
  public func complaints(in directory: RunDirectory) -> [String] {
    sums.sorted { $0.key < $1.key }.compactMap { name, sum in
      let path = directory.path + "/" + name
      do {
        let found = ContentHash.of(try ExperimentFiles.read(path))
        return found == sum
          ? nil : "\(path): found SHA-256 \(found.prefix(12))…, expected \(sum.prefix(12))…"
      } catch { return "\(error)" }
    }
  }
}
