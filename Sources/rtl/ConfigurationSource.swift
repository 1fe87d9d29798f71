import Experiments
import Foundation

/// Where a configuration comes from: a file, or one that is compiled in.
enum ConfigurationSource: Sendable {
  case file(String)
  case embedded(name: String, yaml: String)

  /// The embedded configurations; they need no file and no download.
  static let embedded: [ConfigurationSource] = [
    .embedded(name: "demo", yaml: String(decoding: PackageResources.demo_yaml, as: UTF8.self)),
    .embedded(
      name: "inr-demo", yaml: String(decoding: PackageResources.inr_demo_yaml, as: UTF8.self)),
    .embedded(
      name: "speech-demo",
      yaml: String(decoding: PackageResources.speech_demo_yaml, as: UTF8.self)),
  ]

  /// The configuration a person names on the command line.
  /// - Throws: `UsageError` naming what was looked for.
  static func find(_ name: String) throws -> ConfigurationSource {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), !isFolder.boolValue {
      return .file(name)
    }
    return try embedded(named: name)
  }

  /// A configuration that is compiled in.
  /// - Throws: `UsageError` naming what was looked for.
  static func embedded(named name: String) throws -> ConfigurationSource {
    for case .embedded(let known, let yaml) in embedded where known == name {
      return .embedded(name: known, yaml: yaml)
    }
    let names = embedded.compactMap { source in
      if case .embedded(let known, _) = source { known } else { nil }
    }
    let nearest = NearestName.find(name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw UsageError(
      "\(name): no such config file; the embedded configurations are "
        + names.map { "'\($0)'" }.joined(separator: ", ") + nearest)
  }

  /// Reads and checks it.
  /// - Throws: `ExperimentError` with file, line and column.
  func load(overrides: [String]) throws -> (config: ExperimentConfig, text: String) {
    switch self {
    case .file(let path):
      var config = try ExperimentConfig.load(path: path, overrides: overrides)
      // A path on the command line is meant as it stands.
      func place(_ path: String?, _ key: String) -> String? {
        overrides.contains { $0.hasPrefix(key + "=") }
          ? path : path.map { DataFolder.place(of: $0) }
      }
      config.dataset.path = place(config.dataset.path, "dataset.path")
      config.dataset.regions = place(config.dataset.regions, "dataset.regions")
      return (config, String(decoding: try ExperimentFiles.read(path), as: UTF8.self))
    case .embedded(let name, let yaml):
      let config = try ExperimentConfig.parse(
        yaml: yaml, file: "\(name).yaml (embedded)", overrides: overrides)
      return (config, yaml)
    }
  }
}
