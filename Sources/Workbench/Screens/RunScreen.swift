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
      if placement.isFramed {
        screen.box(
          placement.rect, title: "\(placement.pane.rawValue) " + title(of: placement.pane),
          focused: isFocused, look: look)
      }
      widget(for: placement).render(into: &screen, in: placement.content, look: look)
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
    case .rounds: RoundsPane(state: state)
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
    case .log where (state.scroll[.log] ?? 0) > 0: pane.title + " · scrolled back"
    default: pane.title
    }
  }

  /// The tabs of a small screen.
  static func tabs(focus: Pane) -> Tabs {
    Tabs(titles: Pane.allCases.map(\.title), selected: focus.rawValue - 1, isNumbered: true)
  }

  private func tabs(into screen: inout Screen, in rect: Rect, look: Look) {
    Self.tabs(focus: state.focus).render(into: &screen, in: rect, look: look)
    let subtitle =
      state.focus == .loss ? LossPane(state: state).subtitle(height: rect.height) : ""
    let room = rect.width - 59
    if room >= DisplayText.width(subtitle), !subtitle.isEmpty {
      screen.put(subtitle + " ", in: rect, style: look[.dim], alignment: .right)
    }
  }
}
