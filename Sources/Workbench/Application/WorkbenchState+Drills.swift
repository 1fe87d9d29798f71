internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// The subnetworks in the order in which they are listed.
  package var displayOrder: [Int] {
    let count = shown.subnetworks.count
    guard overlapView.order == .similarity, shown.similarityOrder.count == count else {
      return Array(0..<count)
    }
    return shown.similarityOrder
  }

  /// The layers that can be pointed at.
  package var layerCount: Int {
    shown.overlap.map { $0.layers.count } ?? shown.description?.layers.count ?? 0
  }

  /// The layer that is pointed at; 0 where there is none.
  package var layerCursor: Int { min(max(0, overlapView.layer), max(0, layerCount - 1)) }

  /// The line of the ownership histogram that is pointed at.
  package var ownersCursor: Int {
    min(max(0, overlapView.owners), max(0, (shown.overlap?.ownership.count ?? 0) - 1))
  }

  /// The subnetworks of the row and the column that the heatmaps point at; `nil` without a selection.
  package var pointedPair: (row: Int, column: Int)? {
    let count = shown.subnetworks.count
    guard let selected, (0..<count).contains(selected) else { return nil }
    // Selected elsewhere, a subnetwork is shown by its own cell.
    let isHere = focus == .overlap || !drills.isEmpty
    let column = isHere ? overlapView.column ?? selected : selected
    return (selected, (0..<count).contains(column) ? column : selected)
  }

  /// Where that cell stands in a heatmap.
  var heatmapCursor: Point? {
    let order = displayOrder
    guard let pair = pointedPair, let row = order.firstIndex(of: pair.row),
      let column = order.firstIndex(of: pair.column)
    else { return nil }
    return Point(x: column, y: row)
  }

  /// What Enter would open; `nil` if there is nothing.
  package var drillTarget: Drill? {
    guard shown.overlap != nil, Layout.kind(for: size) >= .small else { return nil }
    let cell = pointedPair.map {
      $0.row == $0.column ? Drill.subnetwork($0.row) : .pair($0.row, $0.column)
    }
    let hasPairs = (shown.overlap?.jaccard.count ?? 0) > 1 && layerCount > 0
    switch drills.last {
    case .layer?: return cell
    case .pair?, .subnetwork?: return hasPairs ? .layer(layerCursor) : nil
    case .picture?, .collapse?, .analysis?, .spectrogram?: return nil
    case .alignment?: return selected.map { .subnetwork($0) }
    case nil: break
    }
    switch focus {
    case .overlap: return cell
    case .layers: return hasPairs ? .layer(layerCursor) : nil
    case .sparsity where sparsityView != .ownership: return selected.map { .subnetwork($0) }
    default: return nil
    }
  }

  /// Why Enter opens nothing; `nil` if it does.
  var reasonAgainstOpening: String? {
    if drillTarget != nil { return nil }
    guard !drills.isEmpty || [.overlap, .layers, .sparsity].contains(focus) else {
      return "nothing to open here"
    }
    if Layout.kind(for: size) < .small { return "there is no room for more here" }
    if shown.overlap == nil { return "overlap is measured at the end of a round" }
    if focus == .layers { return "one subnetwork has nothing to overlap with" }
    return "nothing is pointed at: \(label(of: .up)) \(label(of: .down)) do"
  }

  /// Why no picture can be shown; `nil` if it can.
  var reasonAgainstPicture: String? {
    if Layout.kind(for: size) < .small { return "there is no room for a picture here" }
    guard shown.picture == nil, shown.spectrograms.isEmpty else { return nil }
    return
      "no picture was drawn yet; runs with task.kind: inr or speech draw one when they are judged"
  }

  /// Why the arrows do not move sideways; `nil` if they do.
  var reasonAgainstSideways: String? {
    if !drills.isEmpty { return nil }
    switch focus {
    case .loss, .overlap, .layers: return nil
    case .sparsity where sparsityView == .layers: return nil
    default: return "nothing to move sideways"
    }
  }

  /// Why there is no other view; `nil` if there is.
  var reasonAgainstNextView: String? {
    guard drills.isEmpty, [.loss, .sparsity, .log].contains(focus) else {
      return "there is one view of this: \(label(of: .nextView)) is for Loss, Sparsity and Log"
    }
    return isShowing(focus) ? nil : "the pane is not on the screen"
  }

  /// Why the order of the subnetworks cannot be changed; `nil` if it can.
  var reasonAgainstOrdering: String? {
    if shown.subnetworks.count < 2 { return "there is nothing to order" }
    if case .layer? = drills.last { return nil }
    let isListed = drills.isEmpty && [.sparsity, .overlap, .layers].contains(focus)
    return isListed
      ? nil : "\(label(of: .order)) orders the subnetworks of Sparsity, Overlap and Layers"
  }

  /// Why the heatmap's look cannot be changed; `nil` if it can.
  var reasonAgainstHeatmap: String? {
    if case .layer? = drills.last { return nil }
    let hasMap = focus == .overlap || (focus == .sparsity && sparsityView == .layers)
    return hasMap && isShowing(focus)
      ? nil : "no heatmap has the focus: press \(label(of: .pane(.overlap)))"
  }
}
