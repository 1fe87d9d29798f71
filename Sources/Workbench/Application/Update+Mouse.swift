internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Rows that a turn of the wheel goes.
  private static let wheelRows = 3

  /// Takes the mouse: the popup has it first, then what lies under it.
  mutating func press(_ action: MouseAction, at point: Point) -> [Effect] {
    guard isMouseOn else { return [] }
    if let popup { return press(action, at: point, in: popup) }
    if page == .picker { return pressOnPicker(action, at: point) }
    if page == .comparison {
      if action != .press { return perform(action == .wheelUp ? .up : .down) }
      return []
    }
    let layout = Layout(self)
    if action == .press, layout.tabs.contains(point) {
      let column = point.x - layout.tabs.x
      if let index = RunScreen.tabs(focus: focus).index(at: column, width: layout.tabs.width),
        let pane = Pane(rawValue: index + 1)
      {
        focus = pane
      }
      return []
    }
    if action == .press, layout.footer.contains(point) {
      return Footer(state: self).command(at: point, in: layout.footer).map { perform($0) } ?? []
    }
    if !drills.isEmpty {
      if action != .press { move(action == .wheelUp ? .up : .down) } else { pickInDrill(at: point) }
      return []
    }
    guard let placement = layout.panes.first(where: { $0.rect.contains(point) }) else { return [] }
    switch action {
    case .press:
      let hadFocus = focus == placement.pane
      focus = placement.pane
      guard placement.content.contains(point) else { return [] }
      return pick(at: point, in: placement, opens: hadFocus)
    case .wheelUp: turnWheel(over: placement.pane, isUp: true)
    case .wheelDown: turnWheel(over: placement.pane, isUp: false)
    }
    return []
  }

  /// Chooses what a pane shows at a place; what was chosen there already is no longer, a run is opened.
  private mutating func pick(
    at point: Point, in placement: Layout.Placement, opens: Bool
  ) -> [Effect] {
    let isList = Layout.kind(for: size) <= .list
    switch placement.pane {
    case .sparsity where sparsityView == .layers && !isList:
      guard
        let cell = SparsityLayersPane(state: self).cell(at: point, in: placement.content)
      else { return [] }
      (overlapView.layer, selected) = (cell.layer, cell.subnetwork)
    case .sparsity where sparsityView == .ownership && !isList:
      guard let owners = OwnershipPane(state: self).owners(at: point, in: placement.content) else {
        return []
      }
      overlapView.owners = owners
    case .sparsity:
      let pane = SparsityPane(
        run: shown, order: displayOrder, selected: selected,
        showsHead: Layout.kind(for: size) > .list)
      guard let index = pane.subnetwork(at: point, in: placement.content) else { return [] }
      selected = selected == index ? nil : index
    case .overlap:
      guard let pair = OverlapPane(state: self).pair(at: point, in: placement.content) else {
        return []
      }
      let isPointedAt = pointedPair.map { $0 == pair } ?? false
      selected = isPointedAt ? nil : pair.row
      overlapView.column = isPointedAt ? nil : pair.column
    case .runs where runList.isShown:
      guard let index = RunsPane(state: self).run(at: point, in: placement.content) else {
        return []
      }
      if opens, index == runList.selectedIndex { return perform(.open) }
      runList.move(by: index - (runList.selectedIndex ?? 0))
    case .layers:
      if let layer = LayersPane(state: self).layer(at: point, in: placement.content) {
        overlapView.layer = layer
      }
    case .loss, .runs, .log: break
    }
    return []
  }

  /// Chooses what a closer look shows at a place.
  private mutating func pickInDrill(at point: Point) {
    let drill = DrillScreen(state: self)
    let body = Layout(self).body
    if let layer = drill.layer(at: point, in: body) {
      overlapView.layer = layer
    } else if let pair = drill.pair(at: point, in: body) {
      (selected, overlapView.column) = (pair.row, pair.column)
    } else if let leaf = drill.leaf(at: point, in: body) {
      selected = leaf
    }
  }

  /// Scrolls the pane under the mouse; the focus stays where it is.
  private mutating func turnWheel(over pane: Pane, isUp: Bool) {
    let present = focus
    focus = pane
    switch pane {
    case .loss: move(isUp ? .left : .right)
    case .sparsity, .overlap: move(isUp ? .up : .down)
    case .layers, .runs, .log: for _ in 0..<Self.wheelRows { move(isUp ? .up : .down) }
    }
    focus = present
  }

  private mutating func pressOnPicker(_ action: MouseAction, at point: Point) -> [Effect] {
    switch action {
    case .wheelUp: picker.move(by: -1)
    case .wheelDown: picker.move(by: 1)
    case .press:
      let screen = Rect(size: size)
      guard let index = PickerScreen(state: self).configuration(at: point, in: screen) else {
        return []
      }
      // The second click on a line launches it.
      if picker.selected == index { return perform(.open) }
      picker.move(by: index - picker.selected)
    }
    return []
  }
}
