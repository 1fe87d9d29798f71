internal import Experiments
package import TerminalUI

/// The text of an exported file.
package enum ExportText {
  /// What a state's focused pane, or its closer look, is as a file of a format.
  package static func of(_ state: WorkbenchState, as format: ExportFormat, look: Look) -> String {
    switch format {
    case .csv: return CSV.text(ExportTable(state: state).records)
    case .text: return picture(of: state, look: look).text + "\n"
    case .svg:
      return picture(of: state, look: look).svg(in: look)
    }
  }

  /// The pane or closer look in its frame, at its present size or with room for all of it.
  static func picture(of state: WorkbenchState, look: Look) -> Screen {
    var state = state
    state.popup = nil
    if state.page == .comparison, let comparison = state.comparison {
      return picture(of: comparison, in: state, look: look)
    }
    let layout = Layout(state)
    let shown = state.drills.isEmpty ? layout.rect(of: state.focus)?.size : layout.body.size
    let least = leastSize(for: state)
    let size = Size(
      width: max(shown?.width ?? 0, least.width), height: max(shown?.height ?? 0, least.height))
    state.size = Size(width: size.width, height: size.height + 3)
    var screen = Screen(size: size, style: look[.text])
    if state.drills.isEmpty {
      RunScreen(state: state).draw(
        Layout.Placement(pane: state.focus, rect: screen.bounds, isFramed: true), into: &screen,
        look: look)
    } else {
      DrillScreen(state: state).render(into: &screen, in: screen.bounds, look: look)
    }
    if look.glyphs == .ascii { screen.spellInASCII() }
    return screen
  }

  /// The comparison with its charts and all lines of its table, or with all panels, without the keys
  /// below.
  private static func picture(
    of comparison: Comparison, in state: WorkbenchState, look: Look
  ) -> Screen {
    var (state, comparison) = (state, comparison)
    comparison.scroll = 0
    comparison.firstRow = 0
    comparison.firstRun = 0
    state.notice = nil
    state.size = ComparisonScreen.wholeSize(
      of: comparison,
      atLeast: Size(width: max(120, state.size.width), height: max(30, state.size.height)))
    var screen = Screen(size: state.size, style: look[.text])
    ComparisonScreen(state: state, comparison: comparison, showsFooter: false)
      .render(into: &screen, in: screen.bounds, look: look)
    if look.glyphs == .ascii { screen.spellInASCII() }
    return screen
  }

  /// The size in which nothing has to be scrolled.
  private static func leastSize(for state: WorkbenchState) -> Size {
    let count = state.shown.subnetworks.count
    let layers = state.layerCount
    let map = Size(width: 4 * count + 20, height: count + 6)
    switch state.drills.last {
    case .layer?: return map
    case .pair?, .subnetwork?: return Size(width: 78, height: layers + 7)
    case .collapse?: return Size(width: 132, height: 3 + 9 * ((count + 4) / 5))
    case .alignment?: return Size(width: 78, height: count + 12)
    case .analysis(let view)?:
      let lines = view.page == .predictions ? AnalysisView.imagesPerLeaf : count
      return Size(width: 100, height: max(12, lines + 7))
    case .picture?, .spectrogram?: return Size(width: 78, height: 24)
    case nil: break
    }
    switch state.focus {
    case .overlap: return map
    case .layers: return Size(width: 58, height: layers + 3)
    case .sparsity:
      switch state.sparsityView {
      case .bars: return Size(width: 78, height: count + 6)
      case .layers: return Size(width: 4 * count + 30, height: layers + 5)
      case .ownership: return Size(width: 58, height: count + 6)
      }
    case .runs:
      let lines = state.runList.isShown ? state.runList.listings.count : state.shown.rounds.count
      return Size(width: 78, height: lines + 3)
    case .loss, .log: return Size(width: 78, height: 20)
    }
  }
}
