internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Shows runs side by side.
  mutating func compare(_ runs: [ComparedRun]) {
    notice = nil
    popup = nil
    guard page == .run else {
      say("the comparison has been read: \(label(of: .compareRuns)) in the list of runs shows it")
      return
    }
    comparison = Comparison(
      runs: runs.map { run in
        var run = run
        run.word = listings.first { Names.printable($0.name) == run.name }?.word
        return run
      })
    comparison?.askedAt = now
    page = .comparison
  }

  /// Asks for what the runs have grown by: every few seconds, less and less often where none does.
  mutating func refreshComparison() -> [Effect] {
    guard page == .comparison, let present = comparison, !present.isAsking,
      now - present.askedAt >= present.patience
    else { return [] }
    comparison?.isAsking = true
    comparison?.askedAt = now
    return [.readComparisonOn]
  }

  /// Takes in what the runs have become.
  mutating func takeGrowth(_ runs: [ComparedRun]?) {
    guard var present = comparison else { return }
    present.isAsking = false
    guard let runs, runs.map(\.name) == present.runs.map(\.name) else {
      present.patience = min(2 * present.patience, RunList.longestRefreshSeconds)
      comparison = present
      return
    }
    present.patience = RunList.refreshSeconds
    present.runs = zip(present.runs, runs).map { before, run in
      var run = run
      // A run that goes on says itself how it is.
      run.word = before.word
      if run != before { run.word = nil }
      return run
    }
    comparison = present
  }

  /// Does a command on the page of the comparison.
  mutating func performInComparison(_ command: Command) -> [Effect] {
    if let effects = performInPanels(command) { return effects }
    let table = comparison.map { ComparisonScreen.table(of: $0, in: size) }
    let last = table?.rows.count ?? 0
    func scroll(by offset: Int) {
      let target = (comparison?.scroll ?? 0) + offset
      comparison?.scroll = min(max(0, target), max(0, last - 1))
    }
    switch command {
    case .back:
      self.page = .run
      comparison = nil
      return refreshRuns()
    case .perSubnetwork: comparison?.isPerSubnetwork.toggle()
    case .logScale: comparison?.isLogarithmic.toggle()
    case .panels: comparison?.showsPanels.toggle()
    case .metric:
      let next = comparison?.metric.next
      comparison?.metric = next ?? .quality
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .left: comparison?.firstRun = max(0, (table?.runs.lowerBound ?? 0) - 1)
    case .right:
      comparison?.firstRun = min(table?.lastFirstRun ?? 0, (table?.runs.lowerBound ?? 0) + 1)
    case .pageUp: scroll(by: -pageLength)
    case .pageDown: scroll(by: pageLength)
    case .top: scroll(by: -last)
    case .bottom: scroll(by: last)
    case .export: openExport()
    case .write(let path): return export(to: path)
    default: break
    }
    return []
  }

  /// Scrolls the panels; `nil` for a command that is not about them.
  private mutating func performInPanels(_ command: Command) -> [Effect]? {
    guard let comparison, comparison.showsPanels else { return nil }
    switch command {
    case .up, .down, .pageUp, .pageDown, .top, .bottom:
      let grid = ComparisonScreen.panels(of: comparison, in: size)
      self.comparison?.firstRow = grid.row(from: comparison.firstRow, after: command)
      return []
    default: return nil
    }
  }

  /// Why a command does nothing in the comparison; `nil` if it works.
  func reasonInComparison(against command: Command) -> String? {
    if case .write = command { return nil }
    guard keyMap.binding(of: command) != nil || command.isForEveryPage else {
      return "not in a comparison: \(label(of: .back)) goes back to the run"
    }
    let showsPanels = comparison?.showsPanels == true
    switch command {
    case .left where showsPanels, .right where showsPanels:
      return "\(label(of: .up)) and \(label(of: .down)) move the panels"
    case .left, .right:
      let table = comparison.map { ComparisonScreen.table(of: $0, in: size) }
      return (table?.lastFirstRun ?? 0) > 0 ? nil : "all runs are in the table"
    case .metric where !showsPanels:
      return "these charts are of all metrics: \(label(of: .panels)) gives each run a panel"
    case .logScale where showsPanels && comparison?.metric != .loss:
      return "a logarithmic y is for the loss: \(label(of: .metric)) changes what is drawn"
    default: return nil
    }
  }
}
