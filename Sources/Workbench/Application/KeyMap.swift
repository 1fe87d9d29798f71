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
    /// The keys as they are written.
    package var label: String
    /// One word for the footer.
    package var title: String
    /// One sentence for the help.
    package var help: String
    /// Its place in the footer, lowest first; `nil` keeps it out.
    package var footerPlace: Int?

    package init(
      _ command: Command, _ keys: [Key], _ label: String, _ title: String, _ help: String,
      footer: Int? = nil
    ) {
      self.command = command
      self.keys = keys
      self.label = label
      self.title = title
      self.help = help
      footerPlace = footer
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
    page == .run ? run : picker
  }

  /// The word for a command as it would act now.
  package static func title(of binding: Binding, in state: WorkbenchState) -> String {
    switch binding.command {
    case .pause:
      if state.run.state == .paused { return "resume" }
      return state.order == .pause || state.run.state == .pausing ? "keep going" : "pause"
    case .pauseAtRoundEnd where state.order == .pauseAtRoundEnd: return "don't pause"
    case .zoom where state.isZoomed: return "unzoom"
    case .freeze where state.frozen != nil: return "thaw"
    case .logScale where state.lossView.isLogarithmic: return "linear y"
    default: return binding.title
    }
  }

  /// Up to eight rows for the footer that work now.
  package func footer(for state: WorkbenchState) -> [Binding] {
    let places = bindings.filter { $0.footerPlace != nil && state.reasonAgainst($0.command) == nil }
    return Array(places.sorted { ($0.footerPlace ?? 0) < ($1.footerPlace ?? 0) }.prefix(8))
  }

  /// The keys of the run screen.
  package static let run = KeyMap([
    Binding(
      .pause, [.character("p")], "p", "pause",
      "at the next batch; resume; withdraw a pause", footer: 0),
    Binding(
      .pauseAtRoundEnd, [.character("P")], "P", "pause at round end",
      "when the round has ended; again withdraws", footer: 5),
    Binding(
      .launchRound, [.character("n")], "n", "next round",
      "launch a pruning round with its own settings", footer: 1),
    Binding(
      .startRetraining, [.character("r")], "r", "retrain",
      "retrain jointly from the masks as they are", footer: 6),
    Binding(
      .nextPane, [.tab], "Tab", "pane", "go to the next pane", footer: 2),
    Binding(.previousPane, [.backtab], "S-Tab", "pane back", "go to the previous pane"),
    Binding(
      .pane(.loss), [.character("1")], "1", "Loss", "curves; r rewind, T target, p pause, j joint"),
    Binding(
      .pane(.sparsity), [.character("2")], "2", "Sparsity", "sparsity, quality and overlap"),
    Binding(.pane(.overlap), [.character("3")], "3", "Overlap", "pairwise Jaccard heatmap"),
    Binding(.pane(.layers), [.character("4")], "4", "Layers", "overlap and sparsity per layer"),
    Binding(.pane(.rounds), [.character("5")], "5", "Rounds", "what each round came to"),
    Binding(.pane(.log), [.character("6")], "6", "Log", "events and messages"),
    Binding(
      .zoom, [.character("z")], "z", "zoom", "give the pane the whole screen, or back", footer: 3),
    Binding(
      .up, [.up, .character("k")], "↑ k", "up", "subnetwork or line above"),
    Binding(
      .down, [.down, .character("j")], "↓ j", "down", "subnetwork or line below"),
    Binding(
      .left, [.left, .character("h")], "← h", "left",
      "subnetwork before; Loss: shorter stretch"),
    Binding(
      .right, [.right, .character("l")], "→ l", "right",
      "subnetwork after; Loss: longer stretch"),
    Binding(.pageUp, [.pageUp], "PgUp", "page up", "a page up"),
    Binding(.pageDown, [.pageDown], "PgDn", "page down", "a page down"),
    Binding(.top, [.home, .character("g")], "Home g", "first", "to the first line"),
    Binding(.bottom, [.end, .character("G")], "End G", "last", "to the last line"),
    Binding(
      .logScale, [.character("y")], "y", "log y", "logarithmic or linear loss", footer: 7),
    Binding(.xAxis, [.character("x")], "x", "x axis", "loss over steps or over rounds"),
    Binding(
      .stage, [.character("t")], "t", "stage", "loss of both stages, extraction, retraining"),
    Binding(
      .acknowledge, [.character("a")], "a", "acknowledge", "take the alarm off the strip",
      footer: 0),
    Binding(
      .smoothing, [.character("s")], "s", "smooth",
      "raw, moving average .90 or .98", footer: 8),
    Binding(
      .freeze, [.character("f")], "f", "freeze",
      "hold the display still; the run goes on", footer: 9),
    Binding(
      .configurations, [.character("o")], "o", "other run",
      "pick another once this run has ended", footer: 4),
    Binding(.back, [.escape], "Esc", "back", "unzoom, scroll back, select nothing"),
    Binding(
      .help, [.character("?"), .function(1)], "?", "help", "this list", footer: 2),
    Binding(
      .leave, [.character("q"), .control("c")], "q", "leave",
      "leave the screen; the run goes on", footer: 3),
    Binding(
      .end, [.character("Q")], "Q", "end run",
      "end the run: finish the round, stop now"),
  ])

  /// The keys of the start screen.
  package static let picker = KeyMap([
    Binding(
      .open, [.enter], "Enter", "launch", "start a run from the configuration", footer: 0),
    Binding(.up, [.up, .character("k")], "↑ k", "up", "configuration above", footer: 1),
    Binding(.down, [.down, .character("j")], "↓ j", "down", "configuration below", footer: 2),
    Binding(.pageUp, [.pageUp], "PgUp", "page up", "ten up"),
    Binding(.pageDown, [.pageDown], "PgDn", "page down", "ten down"),
    Binding(.top, [.home, .character("g")], "Home g", "first", "first configuration"),
    Binding(.bottom, [.end, .character("G")], "End G", "last", "last configuration"),
    Binding(
      .configurations, [.character("o")], "o", "reload", "read the list again", footer: 3),
    Binding(.help, [.character("?"), .function(1)], "?", "help", "this list", footer: 4),
    Binding(
      .leave, [.character("q"), .control("c")], "q", "quit", "leave", footer: 5),
    Binding(.back, [.escape], "Esc", "dismiss", "take an error off the screen"),
  ])
}
