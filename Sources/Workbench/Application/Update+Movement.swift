internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Moves within the focused pane: over the subnetworks where there are some, else over the lines.
  mutating func move(_ command: Command) {
    guard !isInRuns else { return moveInRuns(command) }
    switch focus {
    case .loss, .sparsity, .overlap:
      switch command {
      case .up: select(by: -1)
      case .down: select(by: 1)
      case .left where focus == .loss: zoomTime(by: 1)
      case .right where focus == .loss: zoomTime(by: -1)
      case .left: select(by: -1)
      case .right: select(by: 1)
      case .pageUp: select(by: -pageLength)
      case .pageDown: select(by: pageLength)
      case .top: selected = shown.subnetworks.isEmpty ? nil : 0
      case .bottom: selected = shown.subnetworks.isEmpty ? nil : shown.subnetworks.count - 1
      default: break
      }
    case .layers, .runs:
      switch command {
      case .up: scrollFocus(by: -1)
      case .down: scrollFocus(by: 1)
      case .left: select(by: -1)
      case .right: select(by: 1)
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

  private var pageLength: Int { max(1, size.height / 3) }

  private mutating func scrollFocus(by offset: Int) {
    scroll[focus] = min(max(0, focusScroll + offset), scrollLimit(of: focus))
  }

  private mutating func zoomTime(by halvings: Int) {
    lossView.windowHalvings = min(max(0, lossView.windowHalvings + halvings), 5)
  }

  private mutating func select(by offset: Int) {
    let count = shown.subnetworks.count
    guard count > 0 else { return }
    guard let selected else {
      self.selected = offset > 0 ? 0 : count - 1
      return
    }
    self.selected = min(max(0, selected + offset), count - 1)
  }

  /// The lines of a pane beyond those that have room.
  func scrollLimit(of pane: Pane) -> Int {
    let visible = Layout(self).rect(of: pane).map { max(1, $0.height - 3) } ?? 1
    switch pane {
    case .layers: return max(0, (shown.overlap?.layers.count ?? 0) - visible)
    case .runs: return max(0, shown.rounds.count - visible)
    case .log: return max(0, shown.log.count - visible)
    default: return 0
    }
  }
}
