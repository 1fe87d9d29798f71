public import Experiments

/// The first key in which the config of a run on disk is another than the one that is asked for.
public struct ConfigDifference: Sendable, Equatable {
  /// The key's dotted name.
  public var key: String
  /// Its value on disk as YAML; `nil` if it is not set.
  public var found: String?
  /// The value that is asked for.
  public var expected: String?

  /// Compares two configs; what changes no result (name, watch, checkpoints, cache) may differ.
  public init?(found: ExperimentConfig, expected: ExperimentConfig) {
    let values = (Self.values(of: found), Self.values(of: expected))
    let differing = ExperimentConfig.keyNames.first { key in
      !Self.isWithoutEffect(key)
        // A run notes what it found in the file of its θ₀; nobody has to know it beforehand.
        && !(key == "model.initial_sha256" && values.1[key] == nil)
        && Self.essence(of: key, values.0[key]) != Self.essence(of: key, values.1[key])
    }
    guard let differing else { return nil }
    key = differing
    self.found = values.0[differing]
    self.expected = values.1[differing]
  }

  /// The key with both values.
  public var description: String {
    "\(key) is \(found ?? "not set") there, and \(expected ?? "not set") is asked for"
  }

  private static func values(of config: ExperimentConfig) -> [String: String] {
    Dictionary(config.values.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private static func isWithoutEffect(_ key: String) -> Bool {
    key == "name" || key == "dataset.cache" || key.hasPrefix("watch.")
      || key.hasPrefix("checkpoints.")
  }

  /// Runs may be moved, with those that gave them their masks: of those only the name counts.
  private static func essence(of key: String, _ value: String?) -> String? {
    guard key == "masks_from", let value else { return value }
    return String(value.split(separator: "/").last ?? "").replacing("\"", with: "")
  }
}
