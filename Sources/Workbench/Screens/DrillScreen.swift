internal import Experiments
internal import TerminalUI

/// The closer look that lies over the panes.
struct DrillScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let drill = state.drills.last else { return }
    let round = round(of: drill).map { " · after round \($0)" } ?? ""
    let inner = screen.box(rect, title: title(of: drill) + round, focused: true, look: look)
    switch drill {
    case .pair(let first, let second):
      PairInspector(state: state, first: first, second: second)
        .render(into: &screen, in: inner, look: look)
    case .subnetwork(let index):
      SubnetworkInspector(state: state, index: index).render(into: &screen, in: inner, look: look)
    case .layer(let index):
      guard let layers = state.shown.overlap?.layers, layers.indices.contains(index) else { return }
      map(of: layers[index]).render(into: &screen, in: inner, look: look)
    case .collapse(let firstRow):
      CollapseScreen(state: state, firstRow: firstRow)
        .render(into: &screen, in: inner, look: look)
    case .picture(let view):
      PictureInspector(state: state, view: view).render(into: &screen, in: inner, look: look)
    case .alignment:
      AlignmentScreen(state: state).render(into: &screen, in: inner, look: look)
    case .analysis(let view):
      AnalysisInspector(state: state, view: view).render(into: &screen, in: inner, look: look)
    case .spectrogram(let scene):
      SpectrogramInspector(state: state, scene: scene)
        .render(into: &screen, in: inner, look: look)
    }
  }

  /// The layer whose line is at a place; `nil` where there is none.
  func layer(at point: Point, in rect: Rect) -> Int? {
    let inner = rect.inset(1)
    let names = (0..<state.layerCount).map { "\($0)" }
    let table = LayerTable(names: names, total: "", columns: [], cursor: state.layerCursor)
    return switch state.drills.last {
    case .pair(let first, let second)?:
      table.layer(
        at: point, in: PairInspector(state: state, first: first, second: second).table(in: inner))
    case .subnetwork?: table.layer(at: point, in: inner)
    case .layer?, .picture?, .collapse?, .alignment?, .analysis?, .spectrogram?, nil: nil
    }
  }

  /// The subnetworks of a layer's cell at a place; `nil` where there is none.
  func pair(at point: Point, in rect: Rect) -> (row: Int, column: Int)? {
    guard case .layer(let index)? = state.drills.last, let layers = state.shown.overlap?.layers,
      layers.indices.contains(index)
    else { return nil }
    return map(of: layers[index]).pair(at: point, in: rect.inset(1))
  }

  /// The subnetwork whose leaf of the tree is at a place; `nil` where there is none.
  func leaf(at point: Point, in rect: Rect) -> Int? {
    guard case .alignment? = state.drills.last else { return nil }
    return AlignmentScreen(state: state).subnetwork(at: point, in: rect.inset(1))
  }

  private func map(of layer: LayerOverlap) -> OverlapMap {
    OverlapMap(
      state: state, jaccard: layer.jaccard, chance: layer.chance, sparsity: layer.sparsity)
  }

  /// The round that is shown.
  private func round(of drill: Drill) -> Int? {
    switch drill {
    case .picture: state.shown.picture?.round ?? state.shown.overlap?.round
    case .analysis(let view): state.analysis?.round(of: view)
    case .spectrogram(let scene):
      state.shown.spectrograms[scene]?.round ?? state.shown.overlap?.round
    default: state.shown.overlap?.round
    }
  }

  private func title(of drill: Drill) -> String {
    switch drill {
    case .pair(let first, let second): "\(named(first)) × \(named(second))"
    case .subnetwork(let index): named(index)
    case .picture: "Picture"
    case .collapse(let firstRow):
      ["Collapse", state.collapseGrid.part(from: firstRow)].compactMap(\.self)
        .joined(separator: " · ")
    case .alignment: "Masks and names"
    case .analysis(let view): view.page.title
    case .spectrogram(let scene):
      "Spectrograms"
        + (state.shown.spectrograms[scene].map { " · \(Names.printable($0.sceneName))" } ?? "")
    case .layer(let index):
      [
        state.layerName(index),
        state.shown.overlap.flatMap { overlap in
          overlap.layers.indices.contains(index)
            ? state.shown.weights(ofLayer: overlap.layers[index].name) : nil
        }.map { "\(Figures.grouped($0)) weights" },
        state.overlapView.order == .similarity ? "by similarity" : nil,
      ].compactMap(\.self).joined(separator: " · ")
    }
  }

  private func named(_ index: Int) -> String {
    let all = state.shown.subnetworks
    return all.indices.contains(index)
      ? "\(all[index].letter) \(all[index].name)" : Names.letter(index)
  }
}
