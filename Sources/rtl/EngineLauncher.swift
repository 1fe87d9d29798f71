import Attachment
import Experiments
import Foundation
import LotteryEngine

/// Makes engines from configurations, each with its run directory and recorder.
struct EngineLauncher: ExperimentLauncher {
  let runsFolder: String
  let threads: Int
  let overrides: [String]
  let name: String?

  func configurations() -> [ConfigurationListing] {
    var embeddedTexts: Set<String> = []
    let embedded = ConfigurationSource.embedded.compactMap { source -> ConfigurationListing? in
      guard case .embedded(let name, let yaml) = source else { return nil }
      embeddedTexts.insert(yaml)
      return ConfigurationListing(name: name, path: nil, summary: Self.summary(of: yaml))
    }
    let files = ["sample-configs", "."].flatMap { folder -> [ConfigurationListing] in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted().filter { $0.hasSuffix(".yaml") }.compactMap { file in
        let path = folder == "." ? file : "\(folder)/\(file)"
        // Loading comes first: it refuses pipes and huge files, which nobody named here.
        guard (try? ExperimentConfig.load(path: path)) != nil,
          let text = try? String(contentsOfFile: path, encoding: .utf8),
          !embeddedTexts.contains(text)
        else { return nil }
        return ConfigurationListing(
          name: String(file.dropLast(".yaml".count)), path: path, summary: Self.summary(of: text))
      }
    }
    return embedded + files
  }

  /// Starts a configuration that was picked; the command line's name and changes were for another.
  func launch(_ listing: ConfigurationListing) async throws -> any ExperimentRunner {
    let launcher = EngineLauncher(
      runsFolder: runsFolder, threads: threads, overrides: [], name: nil)
    let source =
      try listing.path.map { .file($0) } ?? ConfigurationSource.embedded(named: listing.name)
    return try await launcher.launchApart(.configuration(source))
  }

  func resume(run: String) async throws -> any ExperimentRunner {
    let launcher = EngineLauncher(
      runsFolder: runsFolder, threads: threads, overrides: [], name: nil)
    return try await launcher.launchApart(.resumed(run: run, isStrict: false))
  }

  func branch(run: String, round: Int, changes: [String]) async throws -> any ExperimentRunner {
    let launcher = EngineLauncher(
      runsFolder: runsFolder, threads: threads, overrides: changes, name: nil)
    return try await launcher.launchApart(
      .branched(run: run, round: round, waits: true))
  }

  /// Starts the run that the command line describes in a process of its own, and attaches to it.
  /// - Throws: `AttachmentError.refused` with the sentence that the engine could not start for.
  func launchApart(
    _ beginning: RunBeginning, role: AttachmentRole = .control
  ) async throws -> AttachedRunner {
    var arguments = ["engine", "--runs", runsFolder, "--threads", "\(threads)"]
    if let name { arguments += ["--name", name] }
    for change in overrides { arguments += ["--set", change] }
    arguments += beginning.engineArguments
    return try await EngineProcess.start(arguments: arguments, role: role) {
      WayBack(run: $0, runsFolder: runsFolder)
    }
  }

  /// Starts the run that the command line describes in this process.
  /// - Parameter isInteractive: whether the engine waits for orders when its plan is done.
  func launch(
    _ beginning: RunBeginning, isInteractive: Bool
  ) async throws -> EngineRunner {
    switch beginning {
    case .configuration(let source):
      let (config, text) = try source.load(overrides: overrides)
      return try await EngineRunner.start(
        config: config, configText: text, runsFolder: runsFolder, name: name, threads: threads,
        isInteractive: isInteractive)
    case .resumed(let run, let isStrict):
      return try await EngineRunner.resume(
        run, runsFolder: runsFolder, threads: threads, isInteractive: isInteractive,
        isStrict: isStrict)
    case .branched(let run, let round, let waits):
      return try await EngineRunner.branch(
        run, round: round, changes: overrides, runsFolder: runsFolder, name: name,
        threads: threads, isInteractive: isInteractive, waits: waits)
    }
  }

  /// The first comment line of a config says what it does.
  private static func summary(of yaml: String) -> String {
    let line = yaml.split(separator: "\n").first { $0.hasPrefix("#") } ?? ""
    return line.drop { $0 == "#" || $0 == " " }.description
  }
}
