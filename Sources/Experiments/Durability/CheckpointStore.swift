public import Foundation

/// The checkpoints of a run, a folder each.
///
/// One is written under a temporary name: files, fsync of each, the manifest last, fsync, fsync of the
/// folder; then it is renamed and the parent synced. Only then are older ones removed, but the last two
/// always stay. So a kill or a power cut at any moment leaves the previous checkpoint as it was.
public struct CheckpointStore: Sendable {
  /// A checkpoint as it was read: every hash was right.
  public struct Checkpoint: Sendable, Equatable {
    /// What it says about itself.
    public var manifest: CheckpointManifest
    /// The content of its files by name.
    public var files: [String: Data]
  }

  /// The folder that holds them.
  public let folder: String
  /// How many good ones are kept.
  public static let kept = 2
  private static let manifestName = "manifest.json"
  private static let highest = 1_000_000_000
  private static let partMark = "part-"
  private let files: any FileOperations

  /// The checkpoints in a folder, which the first save makes.
  public init(folder: String, files: any FileOperations = SystemFiles()) {
    self.folder = folder
    self.files = files
  }

  /// The numbers of the checkpoints, newest first; whether they are good is not looked at.
  public func numbers() throws -> [Int] {
    try files.names(in: folder).compactMap { name -> Int? in
      // Names of ours only; the limit leaves room for the next number.
      guard let number = Int(name), (1...Self.highest).contains(number), Self.stem(number) == name
      else { return nil }
      return number
    }.sorted(by: >)
  }

  /// Saves a checkpoint; returns when it is safe on the disk.
  /// - Throws: `ExperimentError.file`; what was saved before is untouched then.
  public func save(
    number: Int, content: [(name: String, data: Data)], log: LogPosition,
    computedWith: ComputedWith, savedAt: Double = Date().timeIntervalSince1970
  ) throws {
    try files.makeFolder(folder)
    // The first one makes its own folder last.
    if try numbers().isEmpty { try files.sync((folder as NSString).deletingLastPathComponent) }
    try removeLeftovers()
    let manifest = CheckpointManifest(
      number: number, savedAt: savedAt, log: log, computedWith: computedWith,
      files: content.map {
        .init(name: $0.name, bytes: $0.data.count, sha256: ContentHash.of($0.data))
      })
    let part = place(Self.partMark + Self.stem(number))
    do {
      try files.makeFolder(part)
      for file in content + [(Self.manifestName, try manifest.encoded())] {
        try files.write(file.data, to: part + "/" + file.name)
        try files.sync(part + "/" + file.name)
      }
      try files.sync(part)
      try files.rename(part, to: place(Self.stem(number)))
    } catch {
      // Room for the next attempt; what stays is removed by the next save.
      try? files.removeFolder(part)
      throw error
    }
    try files.sync(folder)
    try removeOld()
  }

  /// Reads one checkpoint and checks every byte of it.
  /// - Throws: `ExperimentError.damaged` naming the file that is not as it was written, `.file` for one
  ///   that the system does not let be read.
  public func read(_ number: Int) throws -> Checkpoint {
    let folder = place(Self.stem(number))
    let manifestPath = folder + "/" + Self.manifestName
    let present = Set(try files.names(in: folder))
    func content(_ name: String) throws -> Data {
      guard present.contains(name) else {
        throw ExperimentError.damaged(
          path: folder + "/" + name, byte: nil, found: "no such file", expected: "one")
      }
      return try files.read(folder + "/" + name)
    }
    let manifest = try CheckpointManifest(
      data: content(Self.manifestName), path: manifestPath)
    guard manifest.number == number else {
      throw ExperimentError.damaged(
        path: manifestPath, byte: nil, found: "checkpoint \(manifest.number)",
        expected: "\(number)")
    }
    var contents: [String: Data] = [:]
    for file in manifest.files {
      guard !file.name.contains("/") else {
        throw ExperimentError.damaged(
          path: manifestPath, byte: nil, found: "the file name '\(file.name)'",
          expected: "a name in its own folder")
      }
      let path = folder + "/" + file.name
      let data = try content(file.name)
      guard data.count == file.bytes else {
        throw ExperimentError.damaged(
          path: path, byte: data.count, found: "\(data.count) bytes", expected: "\(file.bytes)")
      }
      guard ContentHash.of(data) == file.sha256 else {
        throw ExperimentError.damaged(
          path: path, byte: nil, found: "content of another SHA-256",
          expected: "\(file.sha256.prefix(12))… as in the manifest")
      }
      contents[file.name] = data
    }
    return Checkpoint(manifest: manifest, files: contents)
  }

  /// The newest good checkpoint that a reader accepts.
  /// - Parameter accept: turns a checkpoint into what it stands for; what it throws counts as damage.
  /// - Returns: the result, `nil` if none is good; and what was wrong with the newer ones.
  /// - Throws: `ExperimentError.file`: what cannot be read at the moment may be as good as ever.
  public func newest<Result>(
    _ accept: (Checkpoint) throws -> Result
  ) throws -> (found: Result?, rejected: [String]) {
    var rejected: [String] = []
    for number in try numbers() {
      do {
        return (try accept(read(number)), rejected)
      } catch {
        if case ExperimentError.file = error { throw error }
        rejected.append("checkpoint \(number): \(error)")
      }
    }
    return (nil, rejected)
  }

  // MARK: - Removing

  /// Moves the checkpoints above a number, which are damaged, out of the way: they must not count among
  /// those that are kept. The last that was set aside stays, as `damaged-NUMBER`.
  /// - Throws: `ExperimentError.file`.
  public func setAside(above number: Int) throws {
    for damaged in try numbers() where damaged > number {
      for name in try files.names(in: folder) where name.hasPrefix(Self.damagedMark) {
        try files.removeFolder(place(name))
      }
      try files.rename(
        place(Self.stem(damaged)), to: place(Self.damagedMark + Self.stem(damaged)))
    }
  }

  private static let damagedMark = "damaged-"

  private func removeOld() throws {
    for number in try numbers().dropFirst(Self.kept) {
      // Out of sight first: half a checkpoint must not look like a damaged one.
      let part = place(Self.partMark + Self.stem(number))
      try files.rename(place(Self.stem(number)), to: part)
      try files.removeFolder(part)
    }
  }

  private func removeLeftovers() throws {
    for name in try files.names(in: folder) where name.hasPrefix(Self.partMark) {
      try files.removeFolder(place(name))
    }
  }

  private func place(_ name: String) -> String { folder + "/" + name }

  private static func stem(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number)"
  }
}
