package import TerminalUI

extension KeyTables {
  /// These tables with a person's changes.
  ///
  /// A command that a person names has the keys of the person alone, on every screen that has it.
  /// - Throws: ``SettingsError`` for a name that no table has, and for a key of two commands.
  package func applying(
    _ changes: [SettingsFile.KeyAssignment]
  ) throws(SettingsError) -> KeyTables {
    let names = all.flatMap { $0.map.bindings.map(\.name) }
    for change in changes where !names.contains(change.name) {
      throw .unknownName(
        change.place, kind: "command", name: change.name,
        nearest: EditDistance.nearest(to: change.name, among: names))
    }
    let tables = KeyTables(
      run: run.applying(changes), picker: picker.applying(changes),
      comparison: comparison.applying(changes))
    for (screen, map) in tables.all {
      try Self.check(map, on: screen, changes)
    }
    return tables
  }

  private static func check(
    _ map: KeyMap, on screen: String, _ changes: [SettingsFile.KeyAssignment]
  ) throws(SettingsError) {
    for change in changes {
      guard let row = map.bindings.first(where: { $0.name == change.name }) else { continue }
      if row.command == .leave, change.keys.isEmpty {
        throw .outOfReach(change.place, name: change.name)
      }
      for (index, placed) in change.keys.enumerated() {
        if change.keys.prefix(index).contains(where: { $0.key == placed.key }) {
          throw .unexpected(placed.place, expected: "each key once, found \(placed.key) again")
        }
        let other = map.bindings.first { $0.name != row.name && $0.keys.contains(placed.key) }
        if let other {
          throw .conflict(
            placed.place, key: placed.key, screen: screen, first: other.name, second: row.name)
        }
      }
    }
  }
}

extension KeyMap {
  fileprivate func applying(_ changes: [SettingsFile.KeyAssignment]) -> KeyMap {
    KeyMap(
      sections.map { section in
        var section = section
        for index in section.bindings.indices {
          let name = section.bindings[index].name
          guard let change = changes.last(where: { $0.name == name }) else { continue }
          section.bindings[index].keys = change.keys.map(\.key)
        }
        return section
      })
  }
}
