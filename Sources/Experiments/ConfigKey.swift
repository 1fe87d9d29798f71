internal import Yams

/// One key of a config: reads its value from a YAML node, writes it back.
struct ConfigKey: Sendable {
  /// The dotted name, `section.key`.
  let name: String
  /// Sets the value; returns what is wrong instead, and at which node, if something is.
  let read: @Sendable (Node, inout ExperimentConfig) -> Complaint?
  /// The value as YAML; `nil` if it is not set.
  let write: @Sendable (ExperimentConfig) -> String?

  /// The section, if it is in one.
  var section: String? { parts.count == 2 ? parts[0] : nil }
  /// The name within its section.
  var ownName: String { parts.last ?? name }
  private var parts: [String] { name.split(separator: ".").map(String.init) }

  typealias Complaint = (node: Node, message: String)
  typealias Path<Value> = any WritableKeyPath<ExperimentConfig, Value> & Sendable

  static func text(_ name: String, _ path: Path<String>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let text = node.scalar?.string, !text.isEmpty else {
        return (node, "found \(describe(node)), expected text")
      }
      config[keyPath: path] = text
      return nil
    } write: {
      quoted($0[keyPath: path])
    }
  }

  static func texts(_ name: String, _ path: Path<[String]>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let items = node.sequence?.map({ $0.scalar?.string }), !items.isEmpty else {
        return (node, "found \(describe(node)), expected a list of names")
      }
      let names = items.compactMap(\.self)
      guard names.count == items.count, Set(names).count == names.count else {
        return (node, "found a list with repeated or nested entries, expected different names")
      }
      config[keyPath: path] = names
      return nil
    } write: {
      "[" + $0[keyPath: path].map(quoted).joined(separator: ", ") + "]"
    }
  }

  static func flag(_ name: String, _ path: Path<Bool>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let value = node.bool else {
        return (node, "found \(describe(node)), expected true or false")
      }
      config[keyPath: path] = value
      return nil
    } write: {
      "\($0[keyPath: path])"
    }
  }

  static func unsigned(_ name: String, _ path: Path<UInt64>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let value = node.scalar.flatMap({ UInt64($0.string) }) else {
        return (node, "found \(describe(node)), expected a whole number from 0")
      }
      config[keyPath: path] = value
      return nil
    } write: {
      "\($0[keyPath: path])"
    }
  }

  static func integer(
    _ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>
  ) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let value = node.scalar.flatMap({ Int($0.string) }), range.contains(value) else {
        let allowed = "from \(range.lowerBound) to \(range.upperBound)"
        return (node, "found \(describe(node)), expected a whole number \(allowed)")
      }
      config[keyPath: path] = value
      return nil
    } write: {
      "\($0[keyPath: path])"
    }
  }

  static func number(
    _ name: String, _ path: Path<Double>, from low: Double, below high: Double
  ) -> ConfigKey {
    number(name, path, "from \(low) up to, not including, \(high)") { $0 >= low && $0 < high }
  }

  static func number(
    _ name: String, _ path: Path<Double>, above low: Double, upTo high: Double
  ) -> ConfigKey {
    number(name, path, "above \(low) and up to \(high)") { $0 > low && $0 <= high }
  }

  static func number(
    _ name: String, _ path: Path<Double>, from low: Double, upTo high: Double
  ) -> ConfigKey {
    number(name, path, "from \(low) to \(high)") { $0 >= low && $0 <= high }
  }

  private static func number(
    _ name: String, _ path: Path<Double>, _ range: String,
    isValid: @escaping @Sendable (Double) -> Bool
  ) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      guard let value = node.scalar.flatMap({ Double($0.string) }), isValid(value) else {
        return (node, "found \(describe(node)), expected a number \(range)")
      }
      config[keyPath: path] = value
      return nil
    } write: {
      "\($0[keyPath: path])"
    }
  }

  static func targets(_ name: String, _ path: Path<[Double]>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      let expected = "expected ascending sparsities between 0 and 1, such as [0.25, 0.5, 0.75]"
      guard let items = node.sequence, !items.isEmpty else {
        return (node, "found \(describe(node)), \(expected)")
      }
      var targets: [Double] = []
      for item in items {
        guard let target = item.scalar.flatMap({ Double($0.string) }), target > targets.last ?? 0,
          target < 1
        else {
          return (item, "found \(describe(item)), \(expected)")
        }
        targets.append(target)
      }
      config[keyPath: path] = targets
      return nil
    } write: {
      "[" + $0[keyPath: path].map { "\($0)" }.joined(separator: ", ") + "]"
    }
  }

  static func choice<Choice>(_ name: String, _ path: Path<Choice>) -> ConfigKey
  where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    ConfigKey(name: name) { node, config in
      let names = Choice.allCases.map(\.rawValue)
      guard let text = node.scalar?.string, let value = Choice(rawValue: text) else {
        let nearest = node.scalar.flatMap { NearestName.find($0.string, among: names) }
        let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
        let message = "expected one of " + names.joined(separator: ", ") + hint
        return (node, "found \(describe(node)), \(message)")
      }
      config[keyPath: path] = value
      return nil
    } write: {
      $0[keyPath: path].rawValue
    }
  }

  /// A key that may be left unset.
  static func optional(
    _ key: ConfigKey, isUnset: @escaping @Sendable (ExperimentConfig) -> Bool
  ) -> ConfigKey {
    ConfigKey(name: key.name, read: key.read) { isUnset($0) ? nil : key.write($0) }
  }

  /// A node as an error message names it.
  static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
    case .mapping: "a section"
    case .sequence(let items):
      "[" + items.map { $0.scalar?.string ?? "…" }.joined(separator: ", ") + "]"
    case .alias: "an alias"
    }
  }

  /// Text that YAML reads back as the same text.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\", "\"": "\\\(scalar)"
      // A line break or another invisible character would be folded or refused.
      case _
      where scalar.value < 32 || (127...159).contains(scalar.value)
        || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
        "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      default: "\(scalar)"
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
