internal import Experiments
internal import TerminalUI

/// The run in a line or in one character, for a terminal with room for nothing else.
struct NanoScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let role = Header.role(of: state)
    guard Layout.kind(for: rect.size) > .character else {
      screen.put(Self.letter(of: state), x: rect.x, y: rect.y, style: look[role])
      if rect.width >= 4 {
        screen.put(
          Figures.percent(state.shown.meanSparsity, 0), in: rect.row(0).inset(left: 2),
          style: look[.text])
      }
      return
    }
    let run = state.shown
    var used = screen.put(state.stateWord, in: rect.row(0), style: look[role])
    var words = ["R\(run.round)/\(run.plannedRounds)", Figures.percent(run.meanSparsity)]
    if let accuracy = run.meanBalancedAccuracy { words.append("bal " + Figures.ratio(accuracy, 3)) }
    if let remaining = run.remaining { words.append("ETA " + Figures.duration(remaining.seconds)) }
    if run.alarm != nil { words.insert("!", at: 0) }
    for word in words where used + 1 + DisplayText.width(word) <= rect.width {
      used +=
        1
        + screen.put(
          word, in: rect.row(0).inset(left: used + 1),
          style: look[word == "!" ? .critical : .text])
    }
    if rect.height > 1 {
      MessageStrip(state: state).render(into: &screen, in: rect.row(1), look: look)
    }
  }

  /// One letter for the state: Running, Paused, Waiting, Stopped, Finished, `!` for failed or alarm.
  static func letter(of state: WorkbenchState) -> Character {
    if state.run.state == .failed || state.run.alarm?.level == .error { return "!" }
    return state.stateWord.first ?? "?"
  }
}
