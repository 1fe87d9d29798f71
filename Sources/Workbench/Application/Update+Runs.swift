internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Whether the list of runs can be seen.
  var isShowingRuns: Bool { page == .run && runList.isShown && isShowing(.runs) }

  /// Whether the list of runs has the keys.
  var isInRuns: Bool { page == .run && focus == .runs && runList.isShown }

  /// Asks for the runs, if they are seen and were not asked for lately.
  mutating func refreshRuns() -> [Effect] {
    guard runList.isAvailable, !runList.isAsking,
      isShowingRuns || runList.input != nil, now - runList.askedAt >= runList.patience
    else { return [] }
    runList.isAsking = true
    runList.askedAt = now
    return [.listRuns(matching: runList.wanted)]
  }

  /// Does a command of the list.
  mutating func performInRuns(_ command: Command) -> [Effect] {
    switch command {
    case .runsOrRounds:
      runList.isShown.toggle()
      focus = .runs
    case .filterRuns:
      focus = .runs
      runList.isShown = true
      runList.input = TextInput(runList.filter)
    case .markRun: runList.mark()
    case .markAllRuns: runList.markAll()
    case .compareRuns:
      say("reading \(runList.marked.count) runs")
      return [.compareRuns(runList.marked)]
    case .open: return openRun()
    default: break
    }
    return refreshRuns()
  }

  /// Moves the cursor of the list.
  mutating func moveInRuns(_ command: Command) {
    switch command {
    case .up: runList.move(by: -1)
    case .down: runList.move(by: 1)
    case .pageUp: runList.move(by: -pageLength)
    case .pageDown: runList.move(by: pageLength)
    case .top: runList.move(by: -runList.listings.count)
    case .bottom: runList.move(by: runList.listings.count)
    default: break
    }
  }

  private mutating func openRun() -> [Effect] {
    guard let run = runList.selected else { return [] }
    guard !run.isInterrupted else {
      popup = .dialog(.interrupted(run.name))
      return []
    }
    return open(run.name)
  }

  mutating func open(_ name: String, resumes: Bool = false) -> [Effect] {
    runList.opening = name
    say("\(resumes ? "resuming" : "opening") \(Names.printable(name))")
    return [resumes ? .resumeRun(name) : .openRun(name)]
  }

  /// Writes the filter; what it finds is seen while it is written.
  mutating func pressInFilter(_ key: Key, _ input: TextInput) -> [Effect] {
    var input = input
    switch key {
    case .enter:
      runList.filter = input.text
      runList.input = nil
    case .escape, .control("c"):
      runList.input = nil
      if runList.filter != input.text { runList.refresh() }
    case .up: runList.move(by: -1)
    case .down: runList.move(by: 1)
    default:
      guard input.handle(key) else { return [] }
      if input.text != runList.input?.text { runList.refresh() }
      runList.input = input
    }
    return refreshRuns()
  }

  /// Why a command of the list does nothing; `nil` if it works.
  func reasonAgainstInRuns(_ command: Command) -> String? {
    guard runList.isAvailable else { return "there is no runs folder here" }
    switch command {
    case .runsOrRounds:
      return isShowing(.runs)
        ? nil : "the Runs pane is not on the screen: press \(label(of: .pane(.runs)))"
    case .filterRuns: return isSmall ? "there is no room for the list of runs" : nil
    case .markRun, .markAllRuns, .open:
      guard isInRuns, isShowing(.runs) else {
        return focus == .runs && isShowing(.runs)
          ? "\(label(of: .runsOrRounds)) lists the runs"
          : "the list of runs is not in focus: press \(label(of: .pane(.runs)))"
      }
      guard let run = runList.selected else { return "there is no run" }
      guard command == .open else { return nil }
      if runList.opening != nil { return "a run is being opened" }
      return run.name == openName && run.isLive && contact.playback == nil && !contact.isLost
        ? "this run is on the screen" : nil
    case .compareRuns:
      return runList.marked.count < 2
        ? "\(label(of: .markRun)) and \(label(of: .markAllRuns)) mark runs; two or more can be compared"
        : nil
    default: return nil
    }
  }
}

extension Dialog {
  /// The question about a run that stopped in the middle.
  static func interrupted(_ name: String) -> Dialog {
    Dialog(
      title: "\(Names.printable(name)) was interrupted",
      choices: [
        Choice(
          key: "l", title: "Look at it", consequence: "what is recorded, as far as it goes",
          outcome: .openRun(name)),
        Choice(
          key: "r", title: "Resume it", consequence: "goes on from its newest checkpoint",
          outcome: .resumeRun(name)),
        Choice(key: "c", title: "Cancel", consequence: "nothing changes", outcome: .cancel),
      ])
  }
}
