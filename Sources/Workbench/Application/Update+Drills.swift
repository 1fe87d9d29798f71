internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Opens what is pointed at; what is open already is gone back to.
  mutating func drillDown() {
    guard let target = drillTarget else { return }
    if let index = drills.firstIndex(of: target) {
      drills.removeSubrange((index + 1)...)
    } else {
      drills.append(target)
    }
  }

  /// Opens the picture, or its next view; the spectrograms, or those of the next scene.
  mutating func showPicture() {
    switch drills.last {
    case .picture(let view)?: drills[drills.count - 1] = .picture(view.next)
    case .spectrogram(let scene)?: showScene(1, after: scene, around: true)
    default:
      let scenes = shown.spectrograms.keys.sorted()
      let wanted = selected.flatMap { scenes.contains($0) ? $0 : nil } ?? scenes.first
      drills.append(
        shown.picture == nil
          ? wanted.map { .spectrogram($0) } ?? .picture(.plain) : .picture(.plain))
    }
  }

  /// The spectrograms of the scene that is so many after another.
  private mutating func showScene(_ offset: Int, after scene: Int, around: Bool) {
    let scenes = shown.spectrograms.keys.sorted()
    guard let place = scenes.firstIndex(of: scene) else { return }
    let wanted = around ? (place + offset) % scenes.count : place + offset
    if scenes.indices.contains(wanted) { drills[drills.count - 1] = .spectrogram(scenes[wanted]) }
  }

  /// The next view of the focused pane.
  mutating func showNextView() {
    switch focus {
    case .sparsity: sparsityView = sparsityView.next
    case .log:
      showsWarningsOnly.toggle()
      scroll[.log] = 0
    default: lossView.stage = nextStage
    }
  }

  /// The next way to draw the cells: what fits, then each of those that the look tells apart.
  mutating func showNextHeatmapMode() {
    let modes: [HeatmapMode?] = [nil] + HeatmapMode.allCases.filter { $0.shown(by: look) == $0 }
    let index = modes.firstIndex(of: overlapView.mode?.shown(by: look)) ?? 0
    overlapView.mode = modes[(index + 1) % modes.count]
    say("heatmap: \(overlapView.mode?.title ?? "what fits")")
  }

  /// The other order of the subnetworks.
  mutating func changeOrder() {
    overlapView.order = overlapView.order == .name ? .similarity : .name
    say(
      overlapView.order == .name
        ? "subnetworks by name" : "subnetworks by similarity: what overlaps most side by side")
  }

  /// Moves the cell of a heatmap that is pointed at.
  mutating func moveInHeatmap(_ command: Command) {
    let order = displayOrder
    guard let first = order.first, let last = order.last else { return }
    guard let pair = pointedPair else {
      (selected, overlapView.column) = (first, first)
      return
    }
    func moved(_ subnetwork: Int, by offset: Int) -> Int {
      let place = order.firstIndex(of: subnetwork) ?? 0
      return order[min(max(0, place + offset), order.count - 1)]
    }
    overlapView.column = pair.column
    switch command {
    case .up: selected = moved(pair.row, by: -1)
    case .down: selected = moved(pair.row, by: 1)
    case .left: overlapView.column = moved(pair.column, by: -1)
    case .right: overlapView.column = moved(pair.column, by: 1)
    case .pageUp: selected = moved(pair.row, by: -pageLength)
    case .pageDown: selected = moved(pair.row, by: pageLength)
    case .top: (selected, overlapView.column) = (first, first)
    case .bottom: (selected, overlapView.column) = (last, last)
    default: break
    }
  }

  /// Moves the line of a list of layers, and sideways over the subnetworks.
  mutating func moveInLayers(_ command: Command) {
    switch command {
    case .left: select(by: -1)
    case .right: select(by: 1)
    default: overlapView.layer = line(layerCursor, of: layerCount, after: command)
    }
  }

  /// Moves within the sparsity pane's view.
  mutating func moveInSparsity(_ command: Command) {
    switch sparsityView {
    case .layers: moveInLayers(command)
    case .ownership:
      overlapView.owners = line(
        ownersCursor, of: shown.overlap?.ownership.count ?? 0, after: command)
    case .bars:
      let order = displayOrder
      switch command {
      case .up: select(by: -1)
      case .down: select(by: 1)
      case .pageUp: select(by: -pageLength)
      case .pageDown: select(by: pageLength)
      case .top: selected = order.first
      case .bottom: selected = order.last
      default: break
      }
    }
  }

  /// Moves within the closer look: the cell of a layer's heatmap, or the line of a layer; sideways to
  /// the next subnetwork.
  mutating func moveInDrill(_ drill: Drill, _ command: Command) {
    let offset = command == .left ? -1 : command == .right ? 1 : 0
    switch drill {
    case .layer: moveInHeatmap(command)
    case .pair(let first, let second) where offset != 0:
      if let next = neighbour(of: second, by: offset, without: first) {
        drills[drills.count - 1] = .pair(first, next)
        overlapView.column = next
      }
    case .subnetwork(let subnetwork) where offset != 0:
      if let next = neighbour(of: subnetwork, by: offset, without: nil) {
        drills[drills.count - 1] = .subnetwork(next)
        (selected, overlapView.column) = (next, next)
      }
    case .spectrogram(let scene): showScene(offset, after: scene, around: false)
    case .picture: break
    case .collapse(let firstRow): moveInCollapse(from: firstRow, command)
    case .alignment:
      let order = treeOrder
      guard !order.isEmpty else { return }
      let place = selected.flatMap { order.firstIndex(of: $0) }
      // The first movement points at the first leaf, or the last if it is to the end.
      let first = command == .bottom ? order.count - 1 : 0
      selected = order[place.map { line($0, of: order.count, after: command) } ?? first]
    case .analysis(let view): drills[drills.count - 1] = .analysis(moved(view, by: offset))
    case .pair, .subnetwork:
      overlapView.layer = line(layerCursor, of: layerCount, after: command)
    }
  }

  /// The next subnetwork in the order of the lists; `nil` at its ends.
  private func neighbour(of subnetwork: Int, by offset: Int, without other: Int?) -> Int? {
    let order = displayOrder.filter { $0 != other }
    guard let place = order.firstIndex(of: subnetwork), order.indices.contains(place + offset)
    else { return nil }
    return order[place + offset]
  }

  /// The line that a movement leads to from a line of a list.
  private func line(_ line: Int, of count: Int, after command: Command) -> Int {
    let last = max(0, count - 1)
    let wanted =
      switch command {
      case .up: line - 1
      case .down: line + 1
      case .pageUp: line - pageLength
      case .pageDown: line + pageLength
      case .top: 0
      case .bottom: last
      default: line
      }
    return min(max(0, wanted), last)
  }

  private var nextStage: Stage? {
    switch lossView.stage {
    case nil: .extraction
    case .extraction?: .retraining
    default: nil
    }
  }
}

extension HeatmapMode {
  /// What the mode is called.
  var title: String {
    switch self {
    case .numbers: "numbers"
    case .swatches: "swatches"
    case .halfBlocks: "half blocks"
    case .digits: "digits"
    }
  }
}
