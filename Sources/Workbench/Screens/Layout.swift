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

  /// The class for a size.
  package static func kind(for size: Size) -> Kind {
    if size.height < 1 || size.width < 6 { return .character }
    if size.height < 3 || size.width < 20 { return .line }
    if size.height < 15 || size.width < 60 { return .list }
    if size.width < 100 { return size.height < 46 ? .small : .portrait }
    if size.height < 30 { return .small }
    return size.width < 160 || size.height < 45 ? .medium : .large
  }

  /// The layout of a state.
  package init(_ state: WorkbenchState) {
    self.init(
      size: state.size, subnetworks: state.shown.subnetworks.count, focus: state.focus,
      isZoomed: state.isZoomed)
  }

  /// The layout of a size and a number of subnetworks.
  package init(size: Size, subnetworks: Int, focus: Pane, isZoomed: Bool) {
    kind = Self.kind(for: size)
    let whole = Rect(size: size)
    guard kind > .list else {
      if kind == .list { placeList(in: whole) }
      return
    }
    let rows = whole.rows([.fixed(1), .rest, .fixed(1), .fixed(1)])
    header = rows[0]
    strip = rows[2]
    footer = rows[3]
    let body = rows[1]
    if kind == .small {
      placeSmall(in: body, subnetworks: subnetworks, focus: focus, isZoomed: isZoomed)
    } else if isZoomed {
      panes = [Placement(pane: focus, rect: body, isFramed: true)]
    } else {
      switch kind {
      case .portrait: placePortrait(in: body, subnetworks: subnetworks)
      case .medium: placeMedium(in: body, subnetworks: subnetworks)
      default: placeLarge(in: body, subnetworks: subnetworks)
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

  private mutating func placeSmall(in body: Rect, subnetworks: Int, focus: Pane, isZoomed: Bool) {
    let rows = body.rows([.fixed(1), .rest])
    tabs = rows[0]
    let below = subnetworks + 2
    guard !isZoomed, focus != .sparsity, rows[1].height >= min(below, 12) + 8, subnetworks > 0
    else {
      panes = [Placement(pane: focus, rect: rows[1], isFramed: false)]
      return
    }
    let parts = rows[1].rows([.rest, .fixed(min(below, rows[1].height - 8))])
    panes = [Placement(pane: focus, rect: parts[0], isFramed: false)]
    let overlapWidth = min(parts[1].width / 2, 2 * subnetworks + 6)
    if focus == .overlap || subnetworks < 2 {
      panes.append(Placement(pane: .sparsity, rect: parts[1], isFramed: false))
    } else {
      let columns = parts[1].columns([.rest, .fixed(max(24, overlapWidth))], gap: 1)
      panes.append(Placement(pane: .sparsity, rect: columns[0], isFramed: false))
      panes.append(Placement(pane: .overlap, rect: columns[1], isFramed: false))
    }
  }

  private mutating func placePortrait(in body: Rect, subnetworks: Int) {
    let rows = body.rows([
      .fill(3), .fixed(sparsityHeight(subnetworks, of: body.height)),
      .fixed(overlapHeight(subnetworks, of: body.height)), .fill(2),
    ])
    place([.loss, .sparsity, .overlap, .log], in: rows)
  }

  private mutating func placeMedium(in body: Rect, subnetworks: Int) {
    let columns = body.columns([
      .rest, .fixed(overlapWidth(subnetworks, limit: body.width * 2 / 5)),
    ])
    place(
      [.loss, .sparsity, .log],
      in: columns[0].rows([
        .fill(5), .fixed(sparsityHeight(subnetworks, of: body.height)), .fill(2),
      ]))
    place(
      [.overlap, .layers, .rounds],
      in: columns[1].rows([
        .fixed(overlapHeight(subnetworks, of: body.height)), .fill(1), .fill(1),
      ]))
  }

  private mutating func placeLarge(in body: Rect, subnetworks: Int) {
    let overlap = overlapWidth(subnetworks, limit: body.width * 3 / 10)
    let columns = body.columns([.rest, .fixed(body.width * 3 / 10), .fixed(overlap)])
    place([.loss, .log], in: columns[0].rows([.fill(5), .fill(2)]))
    place(
      [.sparsity, .layers],
      in: columns[1].rows([.fixed(sparsityHeight(subnetworks, of: body.height)), .rest]))
    place(
      [.overlap, .rounds],
      in: columns[2].rows([
        .fixed(
          min(body.height * 3 / 5, overlapHeight(subnetworks, of: body.height) + subnetworks + 3)),
        .rest,
      ]))
  }

  private mutating func place(_ order: [Pane], in rects: [Rect]) {
    for (pane, rect) in zip(order, rects) where rect.height >= 3 && rect.width >= 3 {
      panes.append(Placement(pane: pane, rect: rect, isFramed: true))
    }
  }

  /// A frame, a head and a line per subnetwork, at most two fifths of the height.
  private func sparsityHeight(_ subnetworks: Int, of height: Int) -> Int {
    min(max(1, subnetworks) + 3, height * 2 / 5)
  }

  /// A frame, a head, a row per subnetwork and a legend, at most half of the height.
  private func overlapHeight(_ subnetworks: Int, of height: Int) -> Int {
    min(max(3, subnetworks) + 5, height / 2)
  }

  /// Four columns for each subnetwork, its letter and the frame.
  private func overlapWidth(_ subnetworks: Int, limit: Int) -> Int {
    max(min(40, limit), min(subnetworks * 4 + 6, limit))
  }
}
