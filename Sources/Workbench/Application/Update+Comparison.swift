internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Shows runs side by side.
  mutating func compare(_ runs: [ComparedRun]) {
    notice = nil
    popup = nil
    guard page == .run, popup == nil else {
      say("the comparison has been read: \(label(of: .compareRuns)) in the list of runs shows it")
      return
    }
    comparison = Comparison(
      runs: runs.map { run in
        var run = run
        run.word = runList.listings.first { Names.printable($0.name) == run.name }?.word
        return run
      })
    page = .comparison
  }

  /// Does a command on the page of the comparison.
  mutating func performInComparison(_ command: Command) -> [Effect] {
    let last = comparison.map { ComparisonScreen.lineCount(of: $0, in: size) } ?? 0
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
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
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
}
