package import Experiments
package import TerminalUI

/// The whole state of the application; changed only by `update(_:_:)`.
package struct WorkbenchState: Sendable {
  /// What fills the screen behind the popups.
  package enum Page: Sendable, Equatable {
    /// The start screen.
    case picker
    /// A run.
    case run
    /// Runs side by side.
    case comparison
  }

  /// What lies over the page and takes the keys.
  package enum Popup: Sendable, Equatable {
    case help(HelpPanel)
    case prompt(CommandPrompt)
    case form(LaunchForm)
    case dialog(Dialog)
    case rounds(RoundChooser)
    case note(TextInput)
    case export(ExportForm)
  }

  /// What was asked of the engine and is not acknowledged yet.
  package enum Order: Sendable, Equatable {
    case pause, pauseAtRoundEnd, resume
    case stop(RunCommand.StopMode)
  }

  /// Words in the strip.
  package struct Notice: Sendable, Equatable {
    /// The words.
    package var text: String
    /// How much they matter.
    package var level: LogLine.Level
    /// The time when they go.
    package var until: Double
  }

  /// What fills the screen.
  package internal(set) var page: Page
  /// The start screen.
  package internal(set) var picker: Picker
  /// What lies over the page.
  package internal(set) var popup: Popup?
  /// The run as it is.
  package internal(set) var run: RunModel
  /// The run as it was when the display was frozen.
  package internal(set) var frozen: RunModel?
  /// The pane that takes the keys.
  package internal(set) var focus = Pane.loss {
    // Going to a pane closes what lies over the panes.
    didSet {
      drills = []
      if focus != .runs, runList.input != nil {
        runList.input = nil
        runList.refresh()
      }
    }
  }
  /// Whether the focused pane fills the screen.
  package internal(set) var isZoomed = false
  /// How far each pane is scrolled; the log from its end.
  package internal(set) var scroll: [Pane: Int] = [:]
  /// The subnetwork that is brought out in every pane.
  package internal(set) var selected: Int?
  /// How the charts are drawn.
  package internal(set) var lossView = LossView()
  /// How overlap and subnetworks are shown.
  package internal(set) var overlapView = OverlapView()
  /// What the sparsity pane shows.
  package internal(set) var sparsityView = SparsityView.bars
  /// Whether the log pane leaves out what is neither a warning nor an error.
  package internal(set) var showsWarningsOnly = false
  /// The closer looks that are open, the last one in sight.
  package internal(set) var drills: [Drill] = []
  /// What the masks say of the classes' names.
  package internal(set) var alignment = AlignmentView()
  /// What was found out about the run on the screen; `nil` while it was not read.
  package internal(set) var analysis: RunAnalysis?
  /// The rounds of the run that the one on the screen comes from; `nil` while they were not read, and of one
  /// that is no branch.
  package internal(set) var earlierCourse: CollapseCourse?
  /// The folder of all runs, where exports go by default; `nil` for the working directory.
  package let runsFolder: String?
  /// What was asked of the engine.
  package internal(set) var order: Order?
  /// The line to the engine, and whether it takes commands from here.
  package internal(set) var contact = RunContact()
  /// Words in the strip.
  package internal(set) var notice: Notice?
  /// The message that a person has seen.
  package internal(set) var acknowledged: LogLine?
  /// The alarms of the collapse watch that a person has seen.
  package internal(set) var acknowledgedAlarms: [Alarm] = []
  /// The alarms whose ways out have been offered.
  var offeredAlarms: [Alarm] = []
  /// The alarm that a person went to last.
  var visitedAlarm: Alarm?
  /// Whether a run is being started from a round of this one.
  package internal(set) var isBranching = false
  /// The time of the newest tick, seconds since 1970.
  package internal(set) var now: Double
  /// The size of the screen.
  package internal(set) var size: Size
  /// The runs that are there.
  package internal(set) var runList: RunList
  /// The runs that are compared.
  package internal(set) var comparison: Comparison?
  /// The name of the run on the screen, as its folder has it; empty for none.
  package internal(set) var openName: String
  /// Whether other runs can be launched from here.
  package internal(set) var canLaunch: Bool
  /// The keys of each page.
  package let keys: KeyTables
  /// The themes that can be chosen.
  package let themes: ThemeCatalogue
  /// How everything looks on this terminal.
  package internal(set) var look: Look
  /// Whether the theme is that for the terminal's background: until a person chooses one.
  package var followsBackground = false
  /// Whether the mouse is listened to.
  package internal(set) var isMouseOn = false
  /// What was entered on the command line, oldest first.
  package internal(set) var enteredLines: [String] = []
  /// What the terminal can show.
  let capabilities: TerminalCapabilities

  /// The start screen, or the screen of a run that is there already.
  package init(
    runName: String?, configurations: [ConfigurationListing] = [], canLaunch: Bool = false,
    runsFolder: String? = nil, hasRunsFolder: Bool = false, now: Double, size: Size,
    keys: KeyTables = .standard, themes: ThemeCatalogue = ThemeCatalogue(),
    theme: Theme = .standard, capabilities: TerminalCapabilities = TerminalCapabilities()
  ) {
    page = runName == nil ? .picker : .run
    picker = Picker(configurations: configurations)
    run = RunModel(name: runName ?? "")
    openName = runName ?? ""
    runList = RunList(isAvailable: hasRunsFolder)
    self.canLaunch = canLaunch
    self.runsFolder = runsFolder
    self.now = now
    self.size = size
    self.keys = keys
    self.themes = themes
    self.capabilities = capabilities
    look = Look(theme: theme, on: capabilities)
  }

  /// The run that the screens show: the frozen one, if the display is.
  package var shown: RunModel { frozen ?? run }

  /// The lines that the log pane lists.
  package var logLines: [LogLine] {
    showsWarningsOnly ? shown.log.filter { $0.level.isWarning } : shown.log
  }

  /// The alarm that nobody has acknowledged: the worst of the collapse watch, else the last message
  /// that was not merely informative.
  package var alarm: LogLine? {
    let open = openAlarms
    guard let worst = worstAlarms else { return run.alarm == acknowledged ? nil : run.alarm }
    var text = run.text(of: worst.first, others: worst.others)
    let rest = open.count - worst.others - 1
    if rest > 0 { text += " (and \(rest) more)" }
    return LogLine(
      seconds: run.alarmSeconds[worst.first] ?? run.elapsed(at: run.lastTime),
      level: worst.first.level == .critical ? .error : .warning,
      text: text)
  }

  /// The alarms that nobody has acknowledged.
  var openAlarms: [Alarm] { run.alarms.filter { !isAcknowledged($0) } }

  /// Those of them that the strip tells of, which say the same of one or more subnetworks.
  var worstAlarms: (first: Alarm, others: Int)? {
    let open = openAlarms
    return run.gathered(open).last { $0.first.level == open.map(\.level).max() }
  }

  /// Whether a person has seen an alarm.
  func isAcknowledged(_ alarm: Alarm) -> Bool {
    acknowledgedAlarms.contains { $0.isSame(as: alarm) }
  }

  /// What the strip says while the engine cannot be heard; `nil` while it can.
  var contactText: String? {
    guard !run.state.isFinal else { return nil }
    return switch contact.link {
    case .live: nil
    case .stalled(let seconds): "nothing heard from the engine for \(seconds) s"
    case .lost(let advice): Names.printable(advice)
    }
  }

  /// Whether the screen shows a time that goes on by itself: not while the run stands still or waits, the
  /// display is frozen or nothing more is heard, so that an idle screen writes nothing.
  package var hasRunningClock: Bool {
    guard page == .run, frozen == nil, !contact.isLost, contact.playback == nil else {
      return false
    }
    return !openName.isEmpty && !run.state.isFinal && run.state != .paused && run.state != .waiting
  }

  /// The word for the run's state, capital letters; `PAUSING` until the engine has acknowledged,
  /// `STALLED` or `LOST` when it cannot be heard, `INTERRUPTED` when it was killed from a screen.
  package var stateWord: String {
    if run.state.isFinal { return run.state.rawValue.uppercased() }
    if openName.isEmpty { return "NO RUN" }
    switch contact.link {
    case .lost: return run.isKilled ? "INTERRUPTED" : "LOST"
    case .stalled: return "STALLED"
    case .live: break
    }
    switch order {
    case .pause where run.state == .running || run.state == .preparing: return "PAUSING"
    case .resume where run.state == .paused: return "RESUMING"
    case .stop where !run.state.isFinal: return "STOPPING"
    default: break
    }
    if order == .pauseAtRoundEnd || run.runFor != nil, run.state == .running {
      return "RUNNING→PAUSE"
    }
    return run.state.rawValue.uppercased()
  }
}
