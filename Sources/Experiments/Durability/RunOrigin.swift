internal import Foundation

/// Where a branched run comes from; the content of its `origin.json`.
public struct RunOrigin: Sendable, Codable, Equatable {
  /// The run it was branched from.
  public var run: String
  /// The round whose masks it starts from.
  public var round: Int
  /// The hashes of those masks, in the order of the subnetworks.
  public var maskHashes: [String]
  /// The changes of its config, as given.
  public var changes: [String]
  /// The program that branched it.
  public var program: String
  /// What the rounds of the other run used then, where a person had changed it.
  public var settings: StandingSettings?
  /// What the collapse watch had seen of it until then.
  public var watch: CollapseWatch.Memory?

  /// The origin itself; what is taken over from it comes later.
  public init(
    run: String, round: Int, maskHashes: [String], changes: [String], program: String
  ) {
    self.run = run
    self.round = round
    self.maskHashes = maskHashes
    self.changes = changes
    self.program = program
  }
}

extension RunOrigin {
  /// Takes over what the log of the other run tells of the time until its next round: settings that a
  /// person changed, and what the collapse watch had seen. What the changes of the config name goes
  /// before. Both are kept by the numbers of the subnetworks: of a run with others, or the same in
  /// another order, nothing is taken over.
  package mutating func inherit(
    from other: RunDirectory, config: ExperimentConfig, subnetworks: [String]
  ) {
    let earlier = (try? other.origin()) ?? nil
    // What it took over itself is of later rounds where this goes back further.
    var isOver = earlier.map { $0.round > round } ?? false
    var watch = CollapseWatch(
      config.watch, memory: isOver ? .init() : earlier?.watch ?? .init())
    var found: StandingSettings?
    var names: [String]?
    // Without a log there is nothing to take over.
    _ = try? EventLog.scan(other.eventsPath, keepsProgress: false) { recorded in
      if case .runStarted(let description) = recorded.event { names = description.subnetworks }
      if case .roundStarted(let report) = recorded.event, report.round > round { isOver = true }
      guard !isOver else { return }
      if case .settingsChanged(let settings, _) = recorded.event { found = settings }
      _ = watch.take(recorded.event)
    }
    guard names == subnetworks else { return }
    self.watch = watch.memory == .init() ? nil : watch.memory
    let keys = Set(changes.map { $0.prefix { $0 != "=" } })
    let standard = config.defaultRound
    found?.apply(
      SettingsChange(
        pruneCount: keys.contains("extraction.prune_count") ? standard.pruneCount : nil,
        epochs: keys.contains("extraction.epochs_per_round") ? standard.epochs : nil,
        learningRate: keys.contains("extraction.learning_rate")
          || keys.contains("optimizer.learning_rate") ? standard.learningRate : nil), to: nil)
    settings = found
  }
}

extension RunDirectory {
  /// Where the run was branched from; `nil` for a run of its own.
  /// - Throws: `ExperimentError` if the file is there and cannot be read.
  public func origin() throws -> RunOrigin? {
    guard FileManager.default.fileExists(atPath: originPath) else { return nil }
    let data = try ExperimentFiles.read(originPath)
    do {
      return try ExperimentJSON.decode(RunOrigin.self, from: data)
    } catch let error as DecodingError {
      throw ExperimentError.damaged(
        path: originPath, byte: nil, found: error.found(in: data),
        expected: "the origin of a branch")
    }
  }

  /// Keeps the origin, and takes down its hash.
  package func write(_ origin: RunOrigin, sums: inout FileSums) throws {
    let data = Data((try ExperimentJSON.pretty(origin) + "\n").utf8)
    try ExperimentFiles.writeAtomically(data, to: originPath)
    sums.add((originPath as NSString).lastPathComponent, data)
  }

  /// Takes a file over from another run under the same name, as a hard link: both names mean the same
  /// bytes. That is safe, for files here are replaced by renaming and never written in place, and
  /// removing a run removes only its names. Where links are not possible it is copied.
  package func share(_ name: String, from other: RunDirectory) throws {
    let (source, place) = (other.path + "/" + name, path + "/" + name)
    if link(source, place) == 0 { return }
    try ExperimentFiles.writeAtomically(ExperimentFiles.read(source), to: place)
  }
}
