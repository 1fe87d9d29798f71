internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Why nothing of an analysis can be shown; `nil` if it can.
  var reasonAgainstAnalysis: String? {
    if openName.isEmpty { return "there is no run" }
    if !runList.isAvailable { return "there is no runs folder here" }
    return isSmall ? "there is no room for an analysis here" : nil
  }

  /// Opens what was found out, or goes to its next page; it is read anew each time it is opened.
  mutating func showAnalysis() -> [Effect] {
    if case .analysis(var view)? = drills.last {
      view.turn(to: view.page.next)
      drills[drills.count - 1] = .analysis(view)
      return []
    }
    drills.append(.analysis(AnalysisView()))
    analysis = nil
    return [.readAnalysis(openName)]
  }

  /// Takes in what was read of a run; of one that has left the screen meanwhile, nothing.
  mutating func take(_ answer: Result<RunAnalysis, RunQueryError>, of run: String) -> [Effect] {
    guard run == openName else { return [] }
    switch answer {
    case .success(let found):
      analysis = found
      // The page that has something comes first.
      if case .analysis(var view)? = drills.last,
        let page = AnalysisView.Page.allCases.first(where: found.has), page != view.page
      {
        view.turn(to: page)
        drills[drills.count - 1] = .analysis(view)
      }
      return []
    case .failure(let problem):
      drills.removeAll { if case .analysis = $0 { true } else { false } }
      say(Names.printable(problem.description), .error)
      return [.ring]
    }
  }

  /// A view of the target before or after.
  func moved(_ view: AnalysisView, by offset: Int) -> AnalysisView {
    let count = analysis?.targetCount(of: view) ?? 0
    guard let index = view.index(among: count) else { return view }
    var moved = view
    moved.targetsBack = count - 1 - min(max(0, index + offset), count - 1)
    return moved
  }
}
