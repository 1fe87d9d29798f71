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

    package init(
      _ command: Command, _ name: String, _ keys: [Key], _ title: String, _ help: String,
      footer: Int? = nil
    ) {
      self.command = command
      self.keys = keys
      self.name = name
      self.title = title
      self.help = help
      footerPlace = footer
    }

    /// The keys as they are written.
    package var label: String { keys.map(Self.written).joined(separator: " ") }

    /// The first key as it is written, for the footer.
    package var shortLabel: String { keys.first.map(Self.written) ?? "" }

    private static func written(_ key: Key) -> String {
      switch key {
      case .up: "↑"
      case .down: "↓"
      case .left: "←"
      case .right: "→"
      default: key.description
      }
    }
  }

  /// The rows, in the order of the help.
  package let bindings: [Binding]
  private let commands: [Key: Command]

  /// A table; of two rows with one key the first holds.
  package init(_ bindings: [Binding]) {
    self.bindings = bindings
    var commands: [Key: Command] = [:]
    for binding in bindings {
      for key in binding.keys where commands[key] == nil { commands[key] = binding.command }
    }
    self.commands = commands
  }

  /// The command of a key.
  package subscript(key: Key) -> Command? { commands[key] }

  /// The table of a page.
  package static func of(_ page: WorkbenchState.Page) -> KeyMap {
    switch page {
    case .run: run
    case .picker: picker
    case .comparison: comparison
    }
  }

  /// The word for a command as it would act now.
  package static func title(of binding: Binding, in state: WorkbenchState) -> String {
    switch binding.command {
    case .pause where state.contact.playback != nil:
      return state.contact.playback?.isPaused == true ? "go on" : "pause"
    case .runsOrRounds: return state.runList.isShown ? "rounds" : "runs"
    case .perSubnetwork where state.comparison?.isPerSubnetwork == true: return "means"
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
  package static let run = KeyMap(control + movement + views + runs + playback + program)

  /// The keys of the start screen.
  package static let picker = KeyMap([
    Binding(
      .open, "launch", [.enter], "launch",
      "start a run from the configuration", footer: 0),
    Binding(
      .up, "up", [.up, .character("k")], "up",
      "configuration above", footer: 1),
    Binding(
      .down, "down", [.down, .character("j")], "down",
      "configuration below", footer: 2),
    Binding(
      .pageUp, "page-up", [.pageUp], "page up",
      "ten up"),
    Binding(
      .pageDown, "page-down", [.pageDown], "page down",
      "ten down"),
    Binding(
      .top, "first", [.home, .character("g")], "first",
      "first configuration"),
    Binding(
      .bottom, "last", [.end, .character("G")], "last",
      "last configuration"),
    Binding(
      .configurations, "reload", [.character("O")], "reload",
      "read the list again", footer: 3),
    Binding(
      .pane(.runs), "runs", [.character("5")], "runs",
      "the runs that are there", footer: 4),
    Binding(
      .help, "help", [.character("?"), .function(1)], "help",
      "this list", footer: 5),
    Binding(
      .leave, "quit", [.character("q"), .control("c")], "quit",
      "leave", footer: 6),
    Binding(
      .back, "back", [.escape], "back",
      "take an error off the screen; to the run", footer: 4),
  ])
}
