public import Experiments

/// The runs of a reproduction: rows × seeds, one seed complete before the next.
public struct ReproductionPlan: Sendable {
  /// What is reproduced.
  public let reproduction: Reproduction
  /// With the settings of `--quick`.
  public let isQuick: Bool
  /// The rows, those that give masks before those that take them.
  public let rows: [ReproductionRow]
  /// The seeds, from 1.
  public let seeds: [UInt64]
  /// The settings that all rows share.
  public let base: ExperimentConfig
  /// The runs, in their order.
  public let runs: [PlannedRun]

  private let settings: Settings

  /// What the settings come from.
  public struct Settings: Sendable {
    /// The config that everything starts from, as YAML.
    public var yaml: String
    /// The name it has in error messages.
    public var file: String
    /// The folder of the data; `nil` leaves what the config says.
    public var dataFolder: String?
    /// Changes from the command line, as `section.key=value`.
    public var overrides: [String]
    /// The folder of the runs; absolute, as the runs name each other by it.
    public var runsFolder: String

    /// The sources of the settings.
    public init(
      yaml: String, file: String, dataFolder: String?, overrides: [String], runsFolder: String
    ) {
      self.yaml = yaml
      self.file = file
      self.dataFolder = dataFolder
      self.overrides = overrides
      self.runsFolder = runsFolder
    }
  }

  /// Plans the runs.
  /// - Parameters:
  ///   - words: labels and groups of rows; `nil` is the methods.
  ///   - seedCount: how many seeds, at least 1.
  /// - Throws: `StudyError` for rows that there are not and changes that are the plan's own,
  ///   `ExperimentError.badConfig` for settings that make no config.
  public init(
    _ reproduction: Reproduction, rows words: [String]?, seedCount: Int, isQuick: Bool,
    settings: Settings
  ) throws {
    for change in settings.overrides {
      let key = change.prefix { $0 != "=" }
      if let reason = Self.ownKeys[String(key)] {
        throw StudyError.ownChange(String(key), reason: reason)
      }
    }
    self.reproduction = reproduction
    self.isQuick = isQuick
    self.settings = settings
    let rows = try reproduction.rows(of: words)
    self.rows = rows
    seeds = (0..<UInt64(seedCount)).map { $0 + 1 }
    base = try Self.config(
      reproduction, isQuick: isQuick, settings, changes: ["name=\(reproduction.name)"])
    var runs: [PlannedRun] = []
    for seed in seeds {
      for row in rows {
        runs.append(
          try Self.run(row, seed: seed, of: reproduction, isQuick: isQuick, settings))
      }
    }
    self.runs = runs
  }

  /// The run of a row and a seed, planned or not.
  /// - Throws: `ExperimentError.badConfig`.
  public func run(_ row: ReproductionRow, seed: UInt64) throws -> PlannedRun {
    try Self.run(row, seed: seed, of: reproduction, isQuick: isQuick, settings)
  }

  /// What the names of its runs begin with.
  public var prefix: String { Self.prefix(of: reproduction, isQuick: isQuick) }

  /// The name of its report's files, without their endings.
  public var reportName: String {
    "reproduce-\(reproduction.name)" + (isQuick ? "-quick" : "")
  }

  // MARK: - Making

  /// Keys whose values are the plan's to choose.
  private static let ownKeys = [
    "name": "the runs are named after row and seed",
    "seed": "the seeds are 1 to N, by --seeds N",
    "method": "the methods are chosen by --methods",
    "masks_from": "the rows say whose masks they take",
  ]

  private static func prefix(of reproduction: Reproduction, isQuick: Bool) -> String {
    reproduction.name + (isQuick ? "-quick-" : "-")
  }

  private static func run(
    _ row: ReproductionRow, seed: UInt64, of reproduction: Reproduction, isQuick: Bool,
    _ settings: Settings
  ) throws -> PlannedRun {
    let prefix = prefix(of: reproduction, isQuick: isQuick)
    let name = "\(prefix)\(row.label)-\(seed)"
    let source = row.masksFrom.map { "\(prefix)\($0)-\(seed)" }
    var changes =
      row.changes + ["name=\(quoted(name))", "seed=\(seed)", "method=\(row.method.rawValue)"]
    if let source { changes.append("masks_from=" + quoted("\(settings.runsFolder)/\(source)")) }
    return PlannedRun(
      name: name, label: row.label, seed: seed,
      config: try config(reproduction, isQuick: isQuick, settings, changes: changes),
      prerequisites: source.map { [$0] } ?? [])
  }

  private static func config(
    _ reproduction: Reproduction, isQuick: Bool, _ settings: Settings, changes: [String]
  ) throws -> ExperimentConfig {
    let quick = isQuick ? reproduction.quickChanges : []
    let data = settings.dataFolder.map { ["dataset.path=" + quoted($0)] } ?? []
    return try ExperimentConfig.parse(
      yaml: settings.yaml, file: settings.file,
      overrides: quick + data + settings.overrides + changes)
  }

  /// Text that YAML reads back as the same text.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
