internal import TerminalUI

/// The tables of keys of all pages, as a person has them.
package struct KeyTables: Sendable {
  /// The keys of the run screen.
  package var run: KeyMap
  /// The keys of the start screen.
  package var picker: KeyMap
  /// The keys of the comparison.
  package var comparison: KeyMap

  /// The keys that nobody has changed.
  package static let standard = KeyTables(
    run: .run, picker: .picker, comparison: .comparison)

  /// The table of a page.
  package subscript(page: WorkbenchState.Page) -> KeyMap {
    switch page {
    case .run: run
    case .picker: picker
    case .comparison: comparison
    }
  }

  /// Every table with the name of its screen, in the order of the documentation.
  package var all: [(screen: String, map: KeyMap)] {
    [("run screen", run), ("start screen", picker), ("comparison", comparison)]
  }
}

extension WorkbenchState {
  /// The keys of the page.
  package var keyMap: KeyMap { keys[page] }

  /// The key of a command for a sentence such as `q leaves`; its word on the command line where it
  /// has no key.
  func label(of command: Command) -> String {
    keyMap.binding(of: command)?.shortLabel ?? ""
  }
}
