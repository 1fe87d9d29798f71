internal import Experiments
package import TerminalUI

/// Where everything of the run screen goes, for any size down to nothing.
package struct Layout: Sendable, Equatable {
  /// The classes of layout, from nothing to everything.
  package enum Kind: Sendable, Equatable, Comparable {
    /// A character.
    case character
    /// A line.
    case line
    /// A header, a line per subnetwork, a strip.
    case list
    /// One big pane with tabs; sparsity and overlap below where there is room.
    case small
    /// Everything, stacked in one column.
    case portrait
    /// Everything, in two columns.
    case medium
    /// Everything, in three columns.
    case large
  }

  /// A pane and its place.
  package struct Placement: Sendable, Equatable {
    /// Which pane.
    package var pane: Pane
    /// Its place, frame included.
    package var rect: Rect
    /// Whether it has a frame of its own.
    package var isFramed: Bool

    /// The place of what it shows: within the frame, with a column of air where text would touch it.
    package var content: Rect {
      guard isFramed else { return rect }
      return rect.inset(1).inset(right: pane == .loss || pane == .overlap ? 0 : 1)
    }
  }

  /// The class.
  package let kind: Kind
  /// The line at the top.
  package private(set) var header = Rect.zero
  /// The tabs.
  package private(set) var tabs = Rect.zero
  /// The panes; they never overlap.
  package private(set) var panes: [Placement] = []
  /// The line for words and alarms.
  package private(set) var strip = Rect.zero
  /// The line of keys.
  package private(set) var footer = Rect.zero
  /// Everything between the line at the top and the strip.
  package private(set) var body = Rect.zero
  private let subnetworks: Int
  private let layers: Int

  /// The class for a size.
  package static func kind(for size: Size) -> Kind {
    if size.height < 1 || size.width < 6 { return .character }
    if size.height < 4 || size.width < 20 { return .line }
    if size.height < 15 || size.width < 60 { return .list }
    if size.width < 100 { return size.height < 46 ? .small : .portrait }
    if size.height < 30 { return .small }
    return size.width < 160 || size.height < 45 ? .medium : .large
  }

  /// The layout of a state.
  package init(_ state: WorkbenchState) {
    self.init(
      size: state.size, subnetworks: state.shown.subnetworks.count,
      layers: state.shown.description?.layers.count ?? 0, focus: state.focus,
      isZoomed: state.isZoomed)
  }

  /// The layout of a size and of so many subnetworks and layers.
  package init(size: Size, subnetworks: Int, layers: Int, focus: Pane, isZoomed: Bool) {
    kind = Self.kind(for: size)
    self.subnetworks = subnetworks
    self.layers = layers
    let whole = Rect(size: size)
    guard kind > .list else {
      if kind == .list { placeList(in: whole) }
      return
    }
    let rows = whole.rows([.fixed(1), .rest, .fixed(1), .fixed(1)])
    header = rows[0]
    strip = rows[2]
    footer = rows[3]
    body = rows[1]
    if kind == .small {
      placeSmall(in: body, focus: focus, isZoomed: isZoomed)
    } else if isZoomed {
      panes = [Placement(pane: focus, rect: body, isFramed: true)]
    } else {
      switch kind {
      case .portrait: placePortrait(in: body)
      case .medium: placeMedium(in: body)
      default: placeLarge(in: body)
      }
    }
  }

  /// The place of a pane; `nil` if it has none.
  package func rect(of pane: Pane) -> Rect? {
    panes.first { $0.pane == pane }?.rect
  }

  private mutating func placeList(in whole: Rect) {
    let strips = whole.height >= 4 ? 1 : 0
    let rows = whole.rows([.fixed(1), .rest, .fixed(strips)])
    header = rows[0]
    panes = [Placement(pane: .sparsity, rect: rows[1], isFramed: false)]
    strip = rows[2]
  }

  private mutating func placeSmall(in body: Rect, focus: Pane, isZoomed: Bool) {
    let rows = body.rows([.fixed(1), .rest])
    tabs = rows[0]
    if focus == .overlap, !isZoomed, subnetworks > 1, body.width - 4 * subnetworks - 5 >= 24 {
      // The numbers of the heatmap need height: sparsity goes beside it.
      let columns = rows[1].columns([.fixed(4 * subnetworks + 3), .rest], gap: 2)
      panes = [
        Placement(pane: .overlap, rect: columns[0], isFramed: false),
        Placement(pane: .sparsity, rect: columns[1], isFramed: false),
      ]
      return
    }
    // A head, a line per subnetwork, their mean; the big pane keeps at least eight lines.
    let below = min(subnetworks + 2, rows[1].height - 8)
    guard !isZoomed, focus != .sparsity, subnetworks > 0, below >= min(subnetworks + 2, 5) else {
      panes = [Placement(pane: focus, rect: rows[1], isFramed: false)]
      return
    }
    let parts = rows[1].rows([.rest, .fixed(below)])
    panes = [Placement(pane: focus, rect: parts[0], isFramed: false)]
    guard focus != .overlap, subnetworks > 1 else {
      panes.append(Placement(pane: .sparsity, rect: parts[1], isFramed: false))
      return
    }
    let overlap = max(18, min(parts[1].width / 2, 2 * subnetworks + 3))
    let columns = parts[1].columns([.rest, .fixed(overlap)], gap: 2)
    panes.append(Placement(pane: .sparsity, rect: columns[0], isFramed: false))
    panes.append(Placement(pane: .overlap, rect: columns[1], isFramed: false))
  }

  private mutating func placePortrait(in body: Rect) {
    let rows = body.rows([
      .fill(3), .fixed(sparsityHeight(of: body.height)), .fixed(overlapHeight(of: body.height)),
      .fill(2),
    ])
    place([.loss, .sparsity, .overlap, .log], in: rows)
  }

  private mutating func placeMedium(in body: Rect) {
    let columns = body.columns([.rest, .fixed(overlapWidth(limit: body.width * 2 / 5))])
    place(
      [.loss, .sparsity, .log],
      in: columns[0].rows([.fill(3), .fixed(sparsityHeight(of: body.height)), .fill(1)]))
    let overlap = overlapHeight(of: body.height)
    place(
      [.overlap, .layers, .runs],
      in: columns[1].rows([
        .fixed(overlap), .fixed(min(layers + 3, max(3, (body.height - overlap) / 2))), .rest,
      ]))
  }

  private mutating func placeLarge(in body: Rect) {
    let middle = min(66, body.width * 3 / 10)
    let columns = body.columns([
      .rest, .fixed(middle), .fixed(overlapWidth(limit: body.width * 3 / 10)),
    ])
    place(
      [.loss, .sparsity], in: columns[0].rows([.rest, .fixed(sparsityHeight(of: body.height))]))
    place(
      [.layers, .log], in: columns[1].rows([.fixed(min(layers + 3, body.height / 2)), .rest]))
    // The overlap pane has room for the ownership of the weights below the heatmap.
    let overlap = overlapHeight(of: body.height) + subnetworks + 3
    place(
      [.overlap, .runs], in: columns[2].rows([.fixed(min(body.height * 3 / 5, overlap)), .rest]))
  }

  private mutating func place(_ order: [Pane], in rects: [Rect]) {
    for (pane, rect) in zip(order, rects) where rect.height >= 3 && rect.width >= 3 {
      panes.append(Placement(pane: pane, rect: rect, isFramed: true))
    }
  }

  /// A frame, a head, a line per subnetwork and their mean, at most two fifths of the height.
  private func sparsityHeight(of height: Int) -> Int {
    min(max(1, subnetworks) + 4, height * 2 / 5)
  }

  /// A frame, a head, a row per subnetwork, a legend and a line, at most half of the height.
  private func overlapHeight(of height: Int) -> Int {
    min(max(3, subnetworks) + 5, height / 2)
  }

  /// Four columns for each subnetwork, its letter and the frame.
  private func overlapWidth(limit: Int) -> Int {
    max(min(42, limit), min(subnetworks * 4 + 4, limit))
  }
}
