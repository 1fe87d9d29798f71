internal import Experiments
package import TerminalUI

/// The help: what is looked for in it, and the row that Enter runs.
package struct HelpPanel: Sendable, Equatable {
  /// The words that a row has to have.
  package var filter = TextInput()
  /// The chosen row, counted among those that are shown.
  package var selected = 0

  package init() {}

  /// A row.
  enum Entry {
    /// Of the key table.
    case binding(KeyMap.Binding)
    /// A command that takes words.
    case argument(ArgumentCommand)

    /// Everything it can be found by.
    fileprivate var text: String {
      switch self {
      case .binding(let row): "\(row.label) :\(row.name) \(row.title) \(row.help)"
      case .argument(let command): ":\(command.name) \(command.arguments) \(command.help)"
      }
    }
  }

  /// Rows under a title.
  struct Section {
    var title: String
    var entries: [Entry]
  }

  /// The rows that are shown: those for the focused pane first, then the others by what they are
  /// about; only those with all words of the filter, and the best of each section at its top.
  func sections(in state: WorkbenchState) -> [Section] {
    var focused: [Entry] = []
    var rest: [Section] = []
    for section in state.keyMap.sections {
      var entries: [Entry] = []
      for row in section.bindings {
        if state.page == .run, row.panes.contains(state.focus) {
          focused.append(.binding(row))
        } else {
          entries.append(.binding(row))
        }
      }
      rest.append(Section(title: section.title, entries: entries))
    }
    rest.append(
      Section(title: "Command line", entries: ArgumentCommand.all.map { .argument($0) }))
    let all = [Section(title: "\(state.focus.title) pane", entries: focused)] + rest
    let words = filter.text.lowercased().split(separator: " ")
    return all.compactMap { section in
      let entries = section.entries.filter { entry in
        let text = entry.text.lowercased()
        return words.allSatisfy { text.contains($0) }
      }
      return entries.isEmpty ? nil : Section(title: section.title, entries: entries)
    }
  }
}

extension WorkbenchState {
  mutating func press(_ key: Key, in panel: HelpPanel) -> [Effect] {
    var panel = panel
    let entries = panel.sections(in: self).flatMap(\.entries)
    func move(_ offset: Int) {
      panel.selected = min(max(0, panel.selected + offset), max(0, entries.count - 1))
    }
    switch key {
    case .control("c"), .function(1),
      .character("?") where panel.filter.isEmpty:
      popup = nil
      return []
    case .escape:
      if panel.filter.isEmpty {
        popup = nil
        return []
      }
      panel = HelpPanel()
    case .up, .backtab: move(-1)
    case .down, .tab: move(1)
    case .pageUp: move(-10)
    case .pageDown: move(10)
    case .home: move(-entries.count)
    case .end: move(entries.count)
    case .enter:
      popup = nil
      guard entries.indices.contains(panel.selected) else { return [] }
      switch entries[panel.selected] {
      case .binding(let row): return perform(row.command)
      case .argument(let command): popup = .prompt(CommandPrompt(command.name + " "))
      }
      return []
    default:
      let before = panel.filter.text
      if before.count < 60 || key == .backspace { _ = panel.filter.handle(key) }
      if panel.filter.text != before { panel.selected = 0 }
    }
    popup = .help(panel)
    return []
  }
}
