internal import Experiments
package import TerminalUI

/// The one table of keys: dispatch, footer and help are read from it.
package struct KeyMap: Sendable {
  /// One row of the table.
  package struct Binding: Sendable {
    /// What it does.
    package var command: Command
    /// The keys that do it.
    package var keys: [Key]
    /// Its word on the command line, unique in its table.
    package var name: String
    /// One word for the footer.
    package var title: String
    /// One sentence for the help.
    package var help: String
    /// Its place in the footer, lowest first; `nil` keeps it out.
    package var footerPlace: Int?
    /// The panes that it means most to: help names it first while one of them has the focus.
    package var panes: [Pane]

    package init(
      _ command: Command, _ name: String, _ keys: [Key], _ title: String, _ help: String,
      footer: Int? = nil, on panes: [Pane] = []
    ) {
      self.command = command
      self.keys = keys
      self.name = name
      self.title = title
      self.help = help
      footerPlace = footer
      self.panes = panes
    }

    /// The keys as they are written.
    package var label: String { keys.map(\.written).joined(separator: " ") }

    /// The first key as it is written, for the footer; its word on the command line if it has none.
    package var shortLabel: String { keys.first?.written ?? ":" + name }
  }

  /// Rows that belong together.
  package struct Section: Sendable {
    /// What stands above them.
    package var title: String
    /// The rows.
    package var bindings: [Binding]

    package init(_ title: String, _ bindings: [Binding]) {
      self.title = title
      self.bindings = bindings
    }
  }

  /// The rows by what they are about, in the order of the help.
  package let sections: [Section]
  /// The rows, in the order of the help.
  package let bindings: [Binding]
  private let commands: [Key: Command]

  /// A table; of two rows with one key the first holds.
  package init(_ sections: [Section]) {
    self.sections = sections
    bindings = sections.flatMap(\.bindings)
    var commands: [Key: Command] = [:]
    for binding in bindings {
      for key in binding.keys where commands[key] == nil { commands[key] = binding.command }
    }
    self.commands = commands
  }

  /// The command of a key.
  package subscript(key: Key) -> Command? { commands[key] }

  /// The row of a command; `nil` if it has none here.
  package func binding(of command: Command) -> Binding? {
    bindings.first { $0.command == command }
  }

  /// The word for a command as it would act now.
  package static func title(of binding: Binding, in state: WorkbenchState) -> String {
    switch binding.command {
    case .pause where state.contact.playback != nil:
      return state.contact.playback?.isPaused == true ? "go on" : "pause"
    case .runsOrRounds: return state.runList.isShown ? "rounds" : "runs"
    case .perSubnetwork where state.comparison?.isPerSubnetwork == true: return "means"
    case .panels where state.comparison?.showsPanels == true: return "in one"
    case .logScale where state.page == .comparison:
      return state.comparison?.isLogarithmic == true ? "linear y" : binding.title
    case .pause:
      if state.run.state == .paused { return "resume" }
      return state.order == .pause || state.run.state == .pausing ? "keep going" : "pause"
    case .pauseAtRoundEnd where state.order == .pauseAtRoundEnd || state.run.runFor != nil:
      return "don't pause"
    case .freezeMask where state.selectedIsFrozen: return "unfreeze mask"
    case .zoom where state.isZoomed: return "unzoom"
    case .freeze where state.frozen != nil: return "thaw"
    case .logScale where state.lossView.isLogarithmic: return "linear y"
    default: return binding.title
    }
  }

  /// Up to eight rows for the footer that work now.
  package func footer(for state: WorkbenchState) -> [Binding] {
    let places = bindings.filter {
      // Elsewhere the filter works, too, but other keys matter more.
      $0.footerPlace != nil && state.reasonAgainst($0.command) == nil
        && ($0.command != .filterRuns || state.isInRuns)
    }
    return Array(places.sorted { ($0.footerPlace ?? 0) < ($1.footerPlace ?? 0) }.prefix(8))
  }

  /// The keys of the run screen, in the order of the help.
  package static let run = KeyMap([
    Section("Run", control), Section("Views", views), Section("Movement", movement),
    Section("Runs", runs), Section("Recording", playback), Section("Program", program + everywhere),
  ])
}

extension Key {
  /// The key as the screen writes it: arrows as arrows.
  var written: String {
    switch self {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    default: description
    }
  }
}
