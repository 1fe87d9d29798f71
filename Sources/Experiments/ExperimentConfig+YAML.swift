internal import BoundedYAML
internal import Foundation
internal import Yams

extension ExperimentConfig {
  /// Reads a config file.
  /// - Parameters:
  ///   - path: the file; relative paths in it are taken from its folder.
  ///   - overrides: changes as `section.key=value`.
  /// - Throws: `ExperimentError.badConfig` with every problem and its place, `.file` if it cannot be
  ///   read.
  public static func load(path: String, overrides: [String] = []) throws -> ExperimentConfig {
    let data = try ExperimentFiles.read(path, limit: BoundedYAML.lengthLimit)
    guard let text = String(data: data, encoding: .utf8) else {
      throw ExperimentError.damaged(
        path: path, byte: nil, found: "bytes that are not UTF-8", expected: "a YAML file")
    }
    let folder = (path as NSString).deletingLastPathComponent
    return try parse(yaml: text, file: path, folder: folder, overrides: overrides)
  }

  /// Reads the text of a config.
  /// - Parameters:
  ///   - file: named in errors.
  ///   - folder: where relative paths in the text start; the working folder if empty.
  ///   - overrides: changes as `section.key=value`; relative paths in them start in the working
  ///     folder.
  /// - Throws: `ExperimentError.badConfig` with every problem and its place.
  public static func parse(
    yaml: String, file: String, folder: String = "", overrides: [String] = []
  ) throws -> ExperimentConfig {
    var reader = ConfigReader(file: file)
    reader.read(yaml)
    reader.resolvePaths(in: folder)
    for change in overrides { reader.apply(change) }
    reader.resolvePaths(in: "")
    return try reader.finish()
  }

  /// The config with every key that has a value, in YAML; parsing it gives an equal config.
  public func yaml() -> String {
    var lines: [String] = []
    for key in ConfigSchema.keys where key.section == nil {
      if let value = key.write(self) { lines.append("\(key.ownName): \(value)") }
    }
    for section in ConfigSchema.sections {
      lines.append("\(section):")
      for key in ConfigSchema.keys where key.section == section {
        if let value = key.write(self) { lines.append("  \(key.ownName): \(value)") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every key that has a value, by its dotted name, with the value as YAML.
  public var values: [(key: String, value: String)] {
    ConfigSchema.keys.compactMap { key in key.write(self).map { (key.name, $0) } }
  }

  /// The dotted names of all keys.
  public static var keyNames: [String] { ConfigSchema.keys.map(\.name) }
}

/// Reads a config and collects all of its problems.
private struct ConfigReader {
  private let file: String
  private var config = ExperimentConfig()
  private var problems: [ConfigProblem] = []
  /// Where each key was set, for problems that show only later.
  private var places: [String: String] = [:]

  init(file: String) {
    self.file = file
  }

  mutating func read(_ yaml: String) {
    let root: Node?
    do {
      root = try BoundedYAML.compose(yaml)
    } catch {
      problems.append(
        ConfigProblem(place: "\(file):\(error.line):\(error.column)", message: error.message))
      return
    }
    guard let root, !(root.scalar?.string.isEmpty ?? false) else {
      problems.append(ConfigProblem(place: "\(file):1:1", message: "the file is empty"))
      return
    }
    guard let mapping = root.mapping else {
      problems.append(
        ConfigProblem(
          place: place(of: root), message: "expected keys and values, such as 'seed: 1'"))
      return
    }
    for (key, value) in mapping { read(key, value, in: nil) }
  }

  private mutating func read(_ keyNode: Node, _ value: Node, in section: String?) {
    let key = keyNode.scalar?.string ?? "?"
    let name = section.map { "\($0).\(key)" } ?? key
    if section == nil, ConfigSchema.sections.contains(key) {
      if let mapping = value.mapping {
        for (key, value) in mapping { read(key, value, in: name) }
      } else if value.scalar?.string.isEmpty != true {
        problems.append(
          ConfigProblem(place: place(of: value), message: "'\(key)' is a section of keys"))
      }
      return
    }
    places[name] = place(of: keyNode)
    set(name, value, unknownPlace: place(of: keyNode))
  }

  /// Sets a key's value.
  /// - Parameter override: the place to name for a value that is in no file.
  private mutating func set(
    _ name: String, _ value: Node, unknownPlace: String, override: String? = nil
  ) {
    guard let key = ConfigSchema.key(name) else {
      problems.append(ConfigProblem(place: unknownPlace, message: unknownKey(name)))
      return
    }
    if name == "model.layers" {
      ConfigKey.forEachLayer(in: value) { number, node in
        places[ConfigSchema.place(ofLayer: number)] = override ?? place(of: node)
      }
    }
    if let (node, message) = key.read(value, &config) {
      problems.append(problem(with: name, at: override ?? place(of: node), message))
    }
  }

  private func unknownKey(_ name: String) -> String {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    let section = parts.count == 2 ? parts[0] : nil
    let known = section.map(ConfigSchema.sections.contains) ?? true
    let candidates = known ? ConfigSchema.names(in: section) : ConfigSchema.keys.map(\.name)
    let wanted = known ? parts.last ?? name : name
    if section == nil, case let full = fullNames(of: name), !full.isEmpty {
      return "unknown key '\(name)'; "
        + (full.count == 1
          ? "did you mean '\(full[0])'?"
          : "several sections have it: \(full.joined(separator: ", "))")
    }
    let nearest = NearestName.find(wanted, among: candidates)
    return "unknown key '\(wanted)'" + (known ? section.map { " in \($0)" } ?? "" : "")
      + (nearest.map { "; did you mean '\($0)'?" }
        ?? "; the keys here are " + candidates.joined(separator: ", "))
  }

  /// The full names of the keys whose section was left out; of a slip where nothing at the top is near.
  private func fullNames(of name: String) -> [String] {
    let keys = ConfigSchema.keys.filter { $0.section != nil }
    let exact = keys.filter { $0.ownName == name }
    guard exact.isEmpty else { return exact.map(\.name) }
    guard NearestName.find(name, among: ConfigSchema.names(in: nil)) == nil,
      let own = NearestName.find(name, among: keys.map(\.ownName))
    else { return [] }
    return keys.filter { $0.ownName == own }.map(\.name)
  }

  /// Takes a change `section.key=value` from the command line.
  mutating func apply(_ change: String) {
    let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let place = "--set \(parts[0])"
    guard parts.count == 2, !parts[0].isEmpty else {
      problems.append(ConfigProblem(place: "--set \(change)", message: "expected KEY=VALUE"))
      return
    }
    let name = String(parts[0])
    let node = (try? BoundedYAML.compose(String(parts[1]))) ?? nil
    places[name] = place
    set(name, node ?? Node(""), unknownPlace: place, override: place)
  }

  /// Makes relative paths absolute.
  mutating func resolvePaths(in folder: String) {
    let base = URL(fileURLWithPath: folder.isEmpty ? "." : folder, isDirectory: true)
    func absolute(_ path: String?) -> String? {
      guard let path, !path.hasPrefix("/") else { return path }
      return base.appendingPathComponent(path).standardizedFileURL.path
    }
    config.masksFrom = absolute(config.masksFrom)
    config.dataset.path = absolute(config.dataset.path)
    config.dataset.cache = absolute(config.dataset.cache)
    config.dataset.regions = absolute(config.dataset.regions)
    config.subsets.embedding = absolute(config.subsets.embedding)
    config.model.initial = absolute(config.model.initial)
  }

  func finish() throws -> ExperimentConfig {
    var problems = problems
    if config.method == .impSingle, config.subsets.classes != nil {
      problems.append(
        problem(
          with: "subsets.classes", at: places["subsets.classes"] ?? file,
          "has no meaning with method 'imp_single', which is one network for all classes"))
    }
    let config = config.withMethodApplied()
    if problems.isEmpty {
      for (key, message) in ConfigSchema.contradictions(config) {
        problems.append(problem(with: key, at: places[key] ?? file, message))
      }
    }
    guard problems.isEmpty else { throw ExperimentError.badConfig(problems) }
    return config
  }

  /// A problem with a key's value; a change from the command line names the key by its place.
  private func problem(with key: String, at place: String, _ message: String) -> ConfigProblem {
    let isNamed = place.hasPrefix("--set ")
    return ConfigProblem(place: place, message: isNamed ? message : "\(key): \(message)")
  }

  private func place(of node: Node) -> String {
    guard let mark = node.mark else { return file }
    return "\(file):\(mark.line):\(mark.column)"
  }
}
