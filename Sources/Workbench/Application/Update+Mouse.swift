internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Rows that a turn of the wheel goes.
  private static let wheelRows = 3

  /// Takes the mouse: the popup has it first, then what lies under it.
  mutating func press(_ action: MouseAction, at point: Point) -> [Effect] {
    guard isMouseOn else { return [] }
    switch popup {
    case .help(let panel): return press(action, at: point, in: panel)
    case .dialog(let dialog): return press(action, at: point, in: dialog)
    case .form, .prompt, .rounds, .note, .export: return []
    case nil: break
    }
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
      if action != .press { move(action == .wheelUp ? .up : .down) }
      return []
    }
    guard let placement = layout.panes.first(where: { $0.rect.contains(point) }) else { return [] }
    switch action {
    case .press:
      focus = placement.pane
      if placement.content.contains(point) { pick(at: point, in: placement) }
    case .wheelUp: turnWheel(over: placement.pane, isUp: true)
    case .wheelDown: turnWheel(over: placement.pane, isUp: false)
    }
    return []
  }

  /// Chooses what a pane shows at a place; what was chosen there already is no longer.
  private mutating func pick(at point: Point, in placement: Layout.Placement) {
    switch placement.pane {
    case .sparsity where sparsityView == .bars:
      let pane = SparsityPane(
        run: shown, order: displayOrder, selected: selected,
        showsHead: Layout.kind(for: size) > .list)
      guard let index = pane.subnetwork(at: point, in: placement.content) else { return }
      selected = selected == index ? nil : index
    case .overlap:
      guard let pair = OverlapPane(state: self).pair(at: point, in: placement.content) else {
        return
      }
      let isPointedAt = pointedPair.map { $0 == pair } ?? false
      selected = isPointedAt ? nil : pair.row
      overlapView.column = isPointedAt ? nil : pair.column
    case .runs where runList.isShown:
      if let index = RunsPane(state: self).run(at: point, in: placement.content) {
        runList.move(by: index - (runList.selectedIndex ?? 0))
      }
    case .loss, .sparsity, .layers, .runs, .log: break
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

  private mutating func press(
    _ action: MouseAction, at point: Point, in panel: HelpPanel
  ) -> [Effect] {
    switch action {
    case .wheelUp: return press(.up, in: panel)
    case .wheelDown: return press(.down, in: panel)
    case .press:
      let popup = HelpPopup(state: self, panel: panel)
      guard let index = popup.index(at: point, in: Rect(size: size)) else { return [] }
      var panel = panel
      // The second click on a row runs it.
      if panel.selected == index { return press(.enter, in: panel) }
      panel.selected = index
      self.popup = .help(panel)
      return []
    }
  }

  private mutating func press(
    _ action: MouseAction, at point: Point, in dialog: Dialog
  ) -> [Effect] {
    var dialog = dialog
    switch action {
    case .wheelUp: dialog.move(by: -1)
    case .wheelDown: dialog.move(by: 1)
    case .press:
      let popup = DialogPopup(dialog: dialog)
      guard let index = popup.choice(at: point, in: Rect(size: size)) else { return [] }
      // A click alone never answers: a slip must not end a run.
      dialog.move(by: index - dialog.selected)
    }
    popup = .dialog(dialog)
    return []
  }
}
