public import Foundation

/// The SHA-256 of a run's lasting files, in `sha256sum`'s own format: `sha256sum -c SHA256SUMS` in the
/// run's folder checks them without this program.
public struct FileSums: Sendable, Equatable {
  /// Hash by path relative to the run's folder.
  public var sums: [String: String]

  /// No sums yet.
  public init() { sums = [:] }

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

  /// Takes down the hash of what a file is to hold, or holds.
  public mutating func add(_ name: String, _ data: Data) {
    sums[name] = ContentHash.of(data)
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
    sums.keys.sorted().compactMap { name in
      do {
        try check(name, in: directory)
        return nil
      } catch { return "\(error)" }
    }
  }

  /// Makes sure that a file is as it was written.
  /// - Throws: `ExperimentError.damaged` if it is not, or there is no hash of it; `.file`.
  public func check(_ name: String, in directory: RunDirectory) throws {
    let path = directory.path + "/" + name
    guard let sum = sums[name] else {
      throw ExperimentError.damaged(
        path: directory.sumsPath, byte: nil, found: "no line for \(name)", expected: "its SHA-256")
    }
    let found = try ContentHash.of(file: path)
    guard found == sum else {
      throw ExperimentError.damaged(
        path: path, byte: nil, found: "SHA-256 \(found.prefix(12))…",
        expected: "\(sum.prefix(12))… as in SHA256SUMS")
    }
  }
}
