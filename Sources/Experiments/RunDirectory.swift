internal import Foundation

/// The folder of one run: everything a screen or PyTorch needs, in plain files.
///
/// ```
/// runs/NAME/
///   config.yaml               as the person wrote it
///   config.resolved.yaml      every key, defaults filled in
///   events.jsonl              append-only
///   theta0.safetensors        θ₀
///   masks/round-0001.safetensors
///   weights/round-0008-target-0.25.safetensors
///   batchnorm/round-0008-target-0.25.safetensors
///   summary.json
///   analysis/calibration.json what was found out about it afterwards
///   checkpoints/000012/…
///   SHA256SUMS                hashes of the lasting files
///   lock                      names the process that writes
///   origin.json               where a branch comes from
///   events.discarded.jsonl    what a resume cut off the log
/// ```
public struct RunDirectory: Sendable, Equatable {
  /// The run's name.
  public let name: String
  /// The folder.
  public let path: String

  private func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }

  /// The config as the person wrote it.
  public var configPath: String { file("config.yaml") }
  /// The config with every default filled in.
  public var resolvedConfigPath: String { file("config.resolved.yaml") }
  /// The event log.
  public var eventsPath: String { file("events.jsonl") }
  /// θ₀.
  public var initialParametersPath: String { file("theta0.safetensors") }
  /// The summary.
  public var summaryPath: String { file("summary.json") }
  /// The folder of the checkpoints.
  public var checkpointsPath: String { file("checkpoints") }
  /// The hashes of the lasting files.
  public var sumsPath: String { file("SHA256SUMS") }
  /// The file that is locked by the one writer.
  public var lockPath: String { file("lock") }
  /// Where a branch comes from.
  public var originPath: String { file("origin.json") }
  /// What a resume cut off the log.
  public var discardedEventsPath: String { file("events.discarded.jsonl") }

  /// The masks of a round.
  public func masksPath(round: Int) -> String { file("masks/\(Self.stem(round, nil))") }
  /// θ after the joint retraining of a round.
  public func weightsPath(round: Int, target: Double?) -> String {
    file("weights/\(Self.stem(round, target))")
  }
  /// Running statistics after the joint retraining of a round.
  public func batchNormPath(round: Int, target: Double?) -> String {
    file("batchnorm/\(Self.stem(round, target))")
  }

  private static func stem(_ round: Int, _ target: Double?) -> String {
    let number = String(repeating: "0", count: max(0, 4 - "\(round)".count)) + "\(round)"
    return "round-\(number)" + (target.map { "-target-\($0)" } ?? "") + ".safetensors"
  }

  // MARK: - Making and finding

  /// Makes the folder of a new run.
  /// - Parameters:
  ///   - name: what the person asked for; taken names are refused.
  ///   - defaultName: used without a name; made unique by a number.
  ///   - fill: puts files into it before it counts as a run, which the resolved config makes it, and
  ///     their hashes among the sums.
  /// - Throws: `ExperimentError` if the name is taken or illegal or nothing can be written.
  public static func create(
    name: String?, defaultName: String, in runsFolder: String, configText: String,
    config: ExperimentConfig,
    fill: (RunDirectory, inout FileSums) throws -> Void = { _, _ in }
  ) throws -> RunDirectory {
    try checkName(name ?? defaultName)
    let newFolders = try ExperimentFiles.makeFolder(runsFolder)
    let directory = try claim(name: name, defaultName: defaultName, in: runsFolder)
    let folders = ["masks", "weights", "batchnorm"].map(directory.file)
    for folder in folders { try ExperimentFiles.makeFolder(folder) }
    var sums = FileSums()
    try fill(directory, &sums)
    let texts = [
      (directory.configPath, Data(configText.utf8)),
      (directory.resolvedConfigPath, Data(config.yaml().utf8)),
    ]
    for (path, text) in texts { sums.add((path as NSString).lastPathComponent, text) }
    // Before the files: once it counts as a run, its hashes are there.
    try sums.write(to: directory)
    for (path, text) in texts { try ExperimentFiles.writeAtomically(text, to: path) }
    // Every name that is new here, from the files up to the first folder that was there before.
    let files = SystemFiles()
    for folder in folders + [directory.path, runsFolder] { try files.sync(folder) }
    for folder in newFolders.reversed() {
      let parent = (folder as NSString).deletingLastPathComponent
      try files.sync(parent.isEmpty ? "." : parent)
    }
    return directory
  }

  /// Makes the folder itself; two programs never get the same one.
  private static func claim(
    name: String?, defaultName: String, in runsFolder: String
  ) throws -> RunDirectory {
    var number = 1
    while true {
      let candidate = name ?? (number == 1 ? defaultName : "\(defaultName)-\(number)")
      let directory = at(candidate, in: runsFolder)
      if mkdir(directory.path, 0o755) == 0 { return directory }
      guard errno == EEXIST else {
        throw ExperimentFiles.failure("cannot be made", path: directory.path)
      }
      if name != nil { throw ExperimentError.runExists(name: candidate, folder: runsFolder) }
      number += 1
    }
  }

  /// The run of a name.
  /// - Parameter suggests: whether to look for the nearest name if there is none.
  /// - Throws: `ExperimentError.noSuchRun` with the nearest name.
  public static func open(
    _ name: String, in runsFolder: String, suggests: Bool = true
  ) throws -> RunDirectory {
    let directory = at(name, in: runsFolder)
    guard FileManager.default.fileExists(atPath: directory.resolvedConfigPath) else {
      let names = suggests ? (try? list(in: runsFolder).map(\.name)) ?? [] : []
      throw ExperimentError.noSuchRun(
        name: name, folder: runsFolder, nearest: NearestName.find(name, among: names))
    }
    return directory
  }

  /// All runs of a folder, by name; none if there is no folder yet.
  /// - Throws: `ExperimentError.file` if the folder cannot be read.
  public static func list(in runsFolder: String) throws -> [RunDirectory] {
    guard FileManager.default.fileExists(atPath: runsFolder) else { return [] }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: runsFolder)
    } catch {
      throw ExperimentError.file(
        path: runsFolder, reason: "cannot be read: \(error.localizedDescription)")
    }
    return names.sorted().map { at($0, in: runsFolder) }
      .filter { FileManager.default.fileExists(atPath: $0.resolvedConfigPath) }
  }

  private static func at(_ name: String, in runsFolder: String) -> RunDirectory {
    RunDirectory(name: name, path: (runsFolder as NSString).appendingPathComponent(name))
  }

  private static func checkName(_ name: String) throws {
    if let reason = reasonAgainst(name: name) {
      throw ExperimentError.illegalRunName(name, reason: reason)
    }
  }

  /// Why a name cannot be a run's; `nil` if it can.
  static func reasonAgainst(name: String) -> String? {
    if name.isEmpty {
      "it is empty"
    } else if name.contains("/") {
      "it contains '/'"
    } else if name.hasPrefix(".") {
      "it begins with '.'"
    } else if name.hasUnprintable {
      "it contains a control character or an invisible one"
    } else if name.utf8.count > 200 {
      "it is longer than 200 bytes"
    } else {
      nil
    }
  }

  // MARK: - Reading

  /// The largest summary that is read, in bytes.
  private static let summaryLimit = 64 << 20

  /// The config the run was made with.
  /// - Throws: `ExperimentError`.
  public func resolvedConfig() throws -> ExperimentConfig {
    try ExperimentConfig.load(path: resolvedConfigPath, overrides: [])
  }

  /// The summary, from its file or, where that is missing or not a summary, from the events.
  /// - Throws: `ExperimentError` if neither can be read.
  public func summary() throws -> RunSummary {
    if FileManager.default.fileExists(atPath: summaryPath) {
      do {
        return try ExperimentJSON.decode(
          RunSummary.self, from: ExperimentFiles.read(summaryPath, limit: Self.summaryLimit))
      } catch is DecodingError {}
    }
    var summary: RunSummary?
    var undescribed: [RecordedEvent] = []
    _ = try EventLog.scan(eventsPath) { event in
      if summary != nil {
        summary?.apply(event)
      } else if case .runStarted = event.event {
        summary = RunSummary(events: undescribed + [event])
      } else if undescribed.isEmpty || !event.event.isProgress {
        undescribed.append(event)
      }
    }
    guard let summary else {
      throw ExperimentError.damaged(
        path: eventsPath, byte: 0, found: "no run_started event", expected: "it on the first line")
    }
    return summary
  }

  /// The rounds whose masks are on disk, ascending.
  public func maskRounds() throws -> [Int] {
    rounds(in: "masks").map(\.round)
  }

  /// The rounds whose retrained weights are on disk, ascending, with the target they reached.
  public func retrainedRounds() throws -> [(round: Int, target: Double?)] {
    rounds(in: "weights")
  }

  private func rounds(in folder: String) -> [(round: Int, target: Double?)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []
    return names.compactMap { name -> (round: Int, target: Double?)? in
      guard name.hasPrefix("round-"), name.hasSuffix(".safetensors") else { return nil }
      let parts = name.dropFirst("round-".count).dropLast(".safetensors".count)
        .split(separator: "-", maxSplits: 1)
      guard let number = parts.first.flatMap({ Int($0) }) else { return nil }
      let target = parts.dropFirst().first.flatMap { Double($0.dropFirst("target-".count)) }
      return (number, target)
    }.sorted { ($0.round, $0.target ?? 0) < ($1.round, $1.target ?? 0) }
  }
}
