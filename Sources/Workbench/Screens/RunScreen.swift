internal import Experiments
internal import TerminalUI

/// The screen of a run.
struct RunScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let layout = Layout(state)
    switch layout.kind {
    case .character, .line:
      NanoScreen(state: state).render(into: &screen, in: rect, look: look)
      return
    default: break
    }
    Header(state: state).render(into: &screen, in: layout.header, look: look)
    if !layout.tabs.isEmpty, state.drills.isEmpty {
      tabs(into: &screen, in: layout.tabs, look: look)
    }
    if state.drills.isEmpty || layout.kind < .small {
      for placement in layout.panes { draw(placement, into: &screen, look: look) }
    } else {
      DrillScreen(state: state).render(into: &screen, in: layout.body, look: look)
    }
    MessageStrip(state: state).render(into: &screen, in: layout.strip, look: look)
    Footer(state: state).render(into: &screen, in: layout.footer, look: look)
  }

  /// Draws a pane in its place, with its frame if it has one.
  func draw(_ placement: Layout.Placement, into screen: inout Screen, look: Look) {
    if placement.isFramed {
      screen.box(
        placement.rect, title: "\(placement.pane.rawValue) " + title(of: placement.pane),
        focused: placement.pane == state.focus, look: look)
    }
    widget(for: placement).render(into: &screen, in: placement.content, look: look)
  }

  private func widget(for placement: Layout.Placement) -> any Widget {
    let layout = Layout.kind(for: state.size)
    return switch placement.pane {
    case .loss: LossPane(state: state)
    case .sparsity:
      switch state.sparsityView {
      case .layers where layout > .list: SparsityLayersPane(state: state)
      case .ownership where layout > .list: OwnershipPane(state: state)
      default:
        SparsityPane(
          run: state.shown, order: state.displayOrder, selected: state.selected,
          showsHead: layout > .list)
      }
    case .overlap: OverlapPane(state: state)
    case .layers: LayersPane(state: state)
    case .runs: state.runList.isShown ? RunsPane(state: state) : RoundsPane(state: state)
    case .log: LogPane(state: state)
    }
  }

  private func title(of pane: Pane) -> String {
    switch pane {
    case .loss:
      ([pane.title] + LossPane(state: state).subtitle).joined(separator: " · ")
    case .overlap:
      Self.joined([
        pane.title, state.shown.overlap.map { "after round \($0.round)" },
        state.overlapView.order == .similarity ? "by similarity" : nil,
      ])
    case .sparsity:
      Self.joined([
        pane.title, state.shown.description?.pruning,
        state.sparsityView == .bars ? nil : state.sparsityView.rawValue,
        state.overlapView.order == .similarity ? "by similarity" : nil,
      ])
    case .log:
      Self.joined([
        pane.title, state.showsWarningsOnly ? "warnings and errors" : nil,
        (state.scroll[.log] ?? 0) > 0 ? "scrolled back" : nil,
      ])
    case .runs where !state.runList.isShown: "Rounds"
    case .runs:
      [pane.title, RunsPane(state: state).subtitle].filter { !$0.isEmpty }.joined(separator: " · ")
    case .layers: Self.joined([pane.title, emptyLayers])
    }
  }

  /// How many layers have no weights left in some mask, for the pane seldom shows all of them.
  private var emptyLayers: String? {
    guard let overlap = state.shown.overlap else { return nil }
    let count = LayerFigures.emptied(overlap, of: Array(overlap.jaccard.indices)).count
    return count == 0 ? nil : count == 1 ? "1 layer empty" : "\(count) layers empty"
  }

  private static func joined(_ words: [String?]) -> String {
    words.compactMap(\.self).joined(separator: " · ")
  }

  /// The tabs of a small screen.
  static func tabs(focus: Pane) -> Tabs {
    Tabs(titles: Pane.allCases.map(\.title), selected: focus.rawValue - 1, isNumbered: true)
  }

  private func tabs(into screen: inout Screen, in rect: Rect, look: Look) {
    Self.tabs(focus: state.focus).render(into: &screen, in: rect, look: look)
    var words =
      state.focus == .loss
      ? LossPane(state: state).subtitle
      : [title(of: state.focus).dropping(state.focus.title + " · ")].filter { !$0.isEmpty }
    let room = rect.width - 59
    while !words.isEmpty, DisplayText.width(words.joined(separator: " · ")) > room {
      words.removeLast()
    }
    guard !words.isEmpty else { return }
    screen.put(
      words.joined(separator: " · ") + " ", in: rect, style: look[.dim], alignment: .right)
  }
}

extension String {
  /// What follows a beginning; nothing without it.
  fileprivate func dropping(_ beginning: String) -> String {
    hasPrefix(beginning) ? String(dropFirst(beginning.count)) : ""
  }
}
