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
    if !layout.tabs.isEmpty { tabs(into: &screen, in: layout.tabs, look: look) }
    for placement in layout.panes {
      let isFocused = placement.pane == state.focus
      let inner: Rect
      if placement.isFramed {
        inner = screen.box(
          placement.rect, title: "\(placement.pane.rawValue) " + title(of: placement.pane),
          focused: isFocused, look: look
        ).inset(right: placement.pane == .loss || placement.pane == .overlap ? 0 : 1)
      } else {
        inner = placement.rect
      }
      widget(for: placement).render(into: &screen, in: inner, look: look)
    }
    MessageStrip(state: state).render(into: &screen, in: layout.strip, look: look)
    Footer(state: state).render(into: &screen, in: layout.footer, look: look)
  }

  private func widget(for placement: Layout.Placement) -> any Widget {
    let layout = Layout.kind(for: state.size)
    return switch placement.pane {
    case .loss: LossPane(state: state)
    case .sparsity:
      SparsityPane(run: state.shown, selected: state.selected, showsHead: layout > .list)
    case .overlap: OverlapPane(state: state)
    case .layers: LayersPane(state: state)
    case .runs: state.runList.isShown ? RunsPane(state: state) : RoundsPane(state: state)
    case .log: LogPane(state: state)
    }
  }

  private func title(of pane: Pane) -> String {
    switch pane {
    case .loss:
      pane.title + " · "
        + LossPane(state: state).subtitle(
          height: (Layout(state).rect(of: .loss)?.height ?? 2) - 2)
    case .overlap:
      state.shown.overlap.map { "\(pane.title) · after round \($0.round)" } ?? pane.title
    case .runs where !state.runList.isShown: "Rounds"
    case .runs:
      [pane.title, RunsPane(state: state).subtitle].filter { !$0.isEmpty }.joined(separator: " · ")
    case .log where (state.scroll[.log] ?? 0) > 0: pane.title + " · scrolled back"
    default: pane.title
    }
  }

  private func tabs(into screen: inout Screen, in rect: Rect, look: Look) {
    Tabs(
      titles: Pane.allCases.map(\.title), selected: state.focus.rawValue - 1, isNumbered: true
    ).render(into: &screen, in: rect, look: look)
    let subtitle =
      state.focus == .loss ? LossPane(state: state).subtitle(height: rect.height) : ""
    let room = rect.width - 59
    if room >= DisplayText.width(subtitle), !subtitle.isEmpty {
      screen.put(subtitle + " ", in: rect, style: look[.dim], alignment: .right)
    }
  }
}
