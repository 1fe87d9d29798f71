internal import Experiments

extension WorkbenchState {
  /// Opens what the masks say of the names, or closes it; the names are looked up the first time.
  mutating func showAlignment() -> [Effect] {
    guard drills.last != .alignment else {
      drills.removeLast()
      return []
    }
    drills.append(.alignment)
    alignment.take(shown)
    guard alignment.names == .unasked, let names = shown.description?.subnetworks else { return [] }
    alignment.names = .asked(names)
    return [.lookUpNames(names)]
  }

  /// Takes in what was found out about the names of a run.
  mutating func take(_ found: AlignmentView.Names, for names: [String]) {
    // Another run may be on the screen by now.
    guard alignment.names == .asked(names) else { return }
    alignment.names = found
    refreshAlignment()
  }

  /// Compares anew, where that is in sight.
  mutating func refreshAlignment() {
    guard drills.contains(.alignment) else { return }
    alignment.take(shown)
  }

  /// Why masks and names cannot be compared; `nil` if they can.
  var reasonAgainstAlignment: String? {
    if Layout.kind(for: size) < .small { return "there is no room for more here" }
    guard let overlap = shown.overlap else { return "overlap is measured at the end of a round" }
    return overlap.jaccard.count > 1 ? nil : "one subnetwork has nothing to overlap with"
  }

  /// The subnetworks in the order of the tree.
  var treeOrder: [Int] {
    (alignment.tree?.order ?? []).filter { shown.subnetworks.indices.contains($0) }
  }
}
