internal import Experiments
internal import TerminalUI

/// The command line in the bottom row, and above the strip what it can become.
struct PromptLine: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// What is written.
  let prompt: CommandPrompt

  /// Candidates that are shown at once.
  private static let mostLines = 10

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let bottom = rect.row(rect.height - 1)
    screen.fill(bottom, style: look[.field])
    screen.put(prompt.input, prompt: ":", in: bottom, focused: true, look: look)
    if strips(in: rect) > 0, state.notice != nil {
      let strip = rect.row(rect.height - 2)
      screen.fill(strip, style: look[.text])
      MessageStrip(state: state).render(into: &screen, in: strip, look: look)
    }
    let candidates = CommandLanguage.candidates(for: prompt.typed, in: state)
    guard let list = list(of: candidates, in: rect) else { return }
    draw(candidates, into: &screen, in: list, look: look)
  }

  /// The candidate at a place, from 0; `nil` where there is none.
  func candidate(at point: Point, in rect: Rect) -> Int? {
    let candidates = CommandLanguage.candidates(for: prompt.typed, in: state)
    guard let list = list(of: candidates, in: rect), list.contains(point) else { return nil }
    return firstVisible(of: candidates, in: list) + point.y - list.y
  }

  /// The strip says what was wrong with the line; there is no room for both on very small screens.
  private func strips(in rect: Rect) -> Int { rect.height >= 4 ? 1 : 0 }

  /// Where the candidates go; `nil` where there is no room.
  private func list(of candidates: [CommandLanguage.Candidate], in rect: Rect) -> Rect? {
    let strips = strips(in: rect)
    let room = min(Self.mostLines, rect.height - 1 - strips, candidates.count)
    guard room > 0, rect.width >= 10 else { return nil }
    return Rect(x: rect.x, y: rect.maxY - 1 - strips - room, width: rect.width, height: room)
  }

  private func firstVisible(of candidates: [CommandLanguage.Candidate], in list: Rect) -> Int {
    Table.firstVisible(
      selected: prompt.choice, count: candidates.count, height: list.height, first: 0)
  }

  private func draw(
    _ candidates: [CommandLanguage.Candidate], into screen: inout Screen, in list: Rect, look: Look
  ) {
    let widest = candidates.map { DisplayText.width($0.word) }.max() ?? 0
    let first = firstVisible(of: candidates, in: list)
    for line in 0..<list.height {
      let candidate = candidates[first + line]
      let isChosen = first + line == prompt.choice
      let style =
        isChosen ? look[.selection] : look[candidate.reason == nil ? .popup : .dim]
      let row = list.row(line)
      screen.fill(row, style: isChosen ? style : look[.popup])
      let columns = row.columns([
        .fixed(2), .fixed(min(widest, row.width / 2)), .fixed(2), .rest, .fixed(8),
      ])
      if isChosen { screen.put(look.glyphs.choose("›", ascii: ">"), in: columns[0], style: style) }
      screen.put(candidate.word, in: columns[1], style: style, ellipsis: look.glyphs.ellipsis)
      screen.put(
        candidate.reason.map { "not now: \($0)" } ?? candidate.help, in: columns[3], style: style,
        ellipsis: look.glyphs.ellipsis)
      // How many there are, where not all of them have room.
      if line == list.height - 1, candidates.count > list.height {
        screen.put("of \(candidates.count) ", in: columns[4], style: style, alignment: .right)
      }
    }
  }
}
