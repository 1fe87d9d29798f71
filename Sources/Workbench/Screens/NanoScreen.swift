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
    var words: [(String, StyleRole)] = [(state.stateWord, role)]
    if let alarm = state.alarm { words.append(("!", MessageStrip.role(of: alarm.level))) }
    words.append(("R\(run.round)/\(run.plannedRounds)", .text))
    words.append((Figures.percent(run.meanSparsity), .text))
    if let score = run.meanScore {
      words.append(("\(EventText.head(of: score.metric)) \(Figures.ratio(score.value))", .text))
    }
    if let jaccard = run.overlap.map({ Matrix.pairMean($0.jaccard) }), jaccard.isFinite {
      words.append(("J \(Figures.ratio(jaccard))", .text))
    }
    if let remaining = run.remaining {
      words.append(("ETA \(Figures.duration(remaining.seconds))", .text))
    }
    if let notice = state.notice {
      words.append((notice.text, MessageStrip.role(of: notice.level)))
    }
    // Words flow over the rows; what has no room is left out.
    var row = 0
    var used = 0
    for (index, (word, role)) in words.enumerated() {
      let width = DisplayText.width(word)
      if used > 0, used + 1 + width > rect.width {
        guard row + 1 < rect.height else { continue }
        row += 1
        used = 0
      }
      guard width <= rect.width - used || index == 0 else { continue }
      let start = used > 0 ? used + 1 : 0
      used = start + screen.put(word, in: rect.row(row).inset(left: start), style: look[role])
    }
  }

  /// One letter for the state: Running, Paused, Waiting, Stopped, Finished, `!` for failed or alarm.
  static func letter(of state: WorkbenchState) -> Character {
    if state.run.state == .failed || state.alarm?.level == .error { return "!" }
    if state.contact.isLost, !state.run.state.isFinal { return "!" }
    return state.stateWord.first ?? "?"
  }
}
