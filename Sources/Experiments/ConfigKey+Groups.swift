internal import Yams

extension ConfigKey {
  /// Names with a list each, such as `{animals: [cat, dog], vehicles: [ship]}`; may be left unset.
  static func groups(_ name: String, _ path: Path<[SubsetsConfig.Group]?>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      let expected = "expected names with lists of classes, such as {animals: [cat, dog]}"
      guard let mapping = node.mapping, mapping.count >= 2 else {
        return (node, "found \(describe(node)), \(expected), at least two")
      }
      var groups: [SubsetsConfig.Group] = []
      for (key, value) in mapping {
        guard let group = key.scalar?.string, !group.isEmpty,
          !group.contains("/"), !group.hasUnprintable
        else {
          return (key, "found \(describe(key)), expected a name without '/' or control characters")
        }
        let classes = value.sequence?.compactMap { $0.scalar?.string } ?? []
        guard !classes.isEmpty, classes.count == value.sequence?.count,
          Set(classes).count == classes.count
        else {
          return (value, "found \(describe(value)) for '\(group)', expected a list of classes")
        }
        groups.append(SubsetsConfig.Group(name: group, classes: classes))
      }
      config[keyPath: path] = groups
      return nil
    } write: { config in
      config[keyPath: path].map { groups in
        let entries = groups.map { group in
          "\(quoted(group.name)): [\(group.classes.map(quoted).joined(separator: ", "))]"
        }
        return "{" + entries.joined(separator: ", ") + "}"
      }
    }
  }
}
