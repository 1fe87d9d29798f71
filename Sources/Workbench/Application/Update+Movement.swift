internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Moves within the focused pane: over the subnetworks where there are some, else over the lines.
  mutating func move(_ command: Command) {
    if let drill = drills.last { return moveInDrill(drill, command) }
    guard !isInRuns else { return moveInRuns(command) }
    switch focus {
    case .overlap: moveInHeatmap(command)
    case .layers: moveInLayers(command)
    case .sparsity: moveInSparsity(command)
    case .loss:
      switch command {
      case .up: select(by: -1)
      case .down: select(by: 1)
      case .left: moveInCharts(by: -1)
      case .right: moveInCharts(by: 1)
      case .pageUp: select(by: -pageLength)
      case .pageDown: select(by: pageLength)
      case .top: goInCharts(toEnd: false)
      case .bottom: goInCharts(toEnd: true)
      default: break
      }
    case .runs:
      switch command {
      case .up: scrollFocus(by: -1)
      case .down: scrollFocus(by: 1)
      case .pageUp: scrollFocus(by: -pageLength)
      case .pageDown: scrollFocus(by: pageLength)
      case .top: scrollFocus(by: -1_000_000)
      case .bottom: scrollFocus(by: 1_000_000)
      default: break
      }
    case .log:
      // The log is scrolled from its end, so that it follows by itself.
      switch command {
      case .up: scrollFocus(by: 1)
      case .down: scrollFocus(by: -1)
      case .pageUp: scrollFocus(by: pageLength)
      case .pageDown: scrollFocus(by: -pageLength)
      case .top: scrollFocus(by: 1_000_000)
      case .bottom: scrollFocus(by: -1_000_000)
      default: break
      }
    }
  }

  /// Keeps every offset within what there is to scroll.
  mutating func clampScroll() {
    for (pane, offset) in scroll {
      scroll[pane] = min(max(0, offset), scrollLimit(of: pane))
    }
    if let selected, selected >= shown.subnetworks.count {
      self.selected = shown.subnetworks.isEmpty ? nil : shown.subnetworks.count - 1
    }
  }

  /// The lines that a page key moves by.
  var pageLength: Int { max(1, size.height / 3) }

  private mutating func scrollFocus(by offset: Int) {
    scroll[focus] = min(max(0, focusScroll + offset), scrollLimit(of: focus))
  }

  /// Selects the subnetwork so many places further in the order of the lists.
  mutating func select(by offset: Int) {
    let order = displayOrder
    guard let selected, let place = order.firstIndex(of: selected) else {
      self.selected = offset > 0 ? order.first : order.last
      return
    }
    self.selected = order[min(max(0, place + offset), order.count - 1)]
  }

  /// The lines of a pane beyond those that have room.
  func scrollLimit(of pane: Pane) -> Int {
    let visible = Layout(self).rect(of: pane).map { max(1, $0.height - 3) } ?? 1
    switch pane {
    case .runs: return max(0, shown.rounds.count - visible)
    case .log: return max(0, logLines.count - visible)
    default: return 0
    }
  }
}
