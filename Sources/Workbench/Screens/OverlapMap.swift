internal import Experiments
internal import TerminalUI

/// A heatmap of subnetworks by subnetworks: below the diagonal J, above it J − chance, on it the
/// sparsity; with a line on the cell that is pointed at.
struct OverlapMap: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// J of each pair.
  let jaccard: [[Double]]
  /// The chance level of each pair.
  let chance: [[Double]]
  /// The sparsity of each subnetwork.
  let sparsity: [Double]

  private var order: [Int] { state.displayOrder.filter { jaccard.indices.contains($0) } }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    var (map, place, line) = placed(in: rect, look: look)
    map.cells = cells(isWritten: map.chosenMode(in: place, look: look) == .numbers)
    let room = rect.width - 20
    let mean = "J \(Figures.ratio(Matrix.pairMean(jaccard)))"
    let level = "chance \(Figures.ratio(Matrix.pairMean(chance)))"
    let words = line == nil ? pointedText(in: room) : nil
    map.legend = words ?? (room >= 16 ? "\(mean) \(level)" : room >= 8 ? mean : "")
    map.render(into: &screen, in: place, look: look)
    guard let line else { return }
    screen.put(
      " " + (pointedText(in: rect.width) ?? "lower J, upper J-c, diagonal sparsity"), in: line,
      style: look[pointedText(in: rect.width) == nil ? .dim : .text], ellipsis: look.glyphs.ellipsis
    )
  }

  /// The subnetworks of the cell at a place; `nil` where there is none.
  func pair(at point: Point, in rect: Rect) -> (row: Int, column: Int)? {
    let (map, place, _) = placed(in: rect, look: state.look)
    guard let cell = map.cell(at: point, in: place, look: state.look),
      order.indices.contains(cell.x), order.indices.contains(cell.y)
    else { return nil }
    return (order[cell.y], order[cell.x])
  }

  /// The heatmap without its cells, where it goes, and where the line below it goes, if there is one.
  private func placed(in rect: Rect, look: Look) -> (map: Heatmap, place: Rect, line: Rect?) {
    var map = Heatmap(
      heads: order.map(Names.letter), cells: [], mode: state.overlapView.mode,
      cursor: state.heatmapCursor)
    map.columnMarks = order.map(state.shown.signs)
    map.rowMarks = map.columnMarks
    let mode = map.chosenMode(in: rect, look: look)
    // Where the line below would cost the map a row, its words go beside the legend.
    let natural = map.naturalSize(mode)
    let hasLine = rect.height > natural.height || (rect.height < natural.height && rect.height >= 8)
    let parts = rect.rows([
      .fixed(min(natural.height, rect.height - (hasLine ? 1 : 0))), .fixed(hasLine ? 1 : 0),
    ])
    map.mode = state.overlapView.mode ?? map.chosenMode(in: parts[0], look: look)
    let named = order.map { state.shown.head(of: $0) + " " + name($0) }
    let nameWidth = named.map { DisplayText.width($0) }.max() ?? 0
    if natural.width + min(nameWidth, 24) <= rect.width {
      map.rowHeads = named
      map.rowMarks = []
      map.longestHead = 24
    }
    return (map, parts[0], hasLine ? parts[1] : nil)
  }

  /// The figures of the cell that is pointed at.
  private func pointedText(in width: Int) -> String? {
    guard let pair = state.pointedPair else { return nil }
    let (row, column) = pair
    if width < 32, let own = Matrix.element(jaccard, row, column) {
      return row == column
        ? "\(Names.letter(row)) \(Figures.ratio(sparsity(row)))"
        : "\(Names.letter(row))×\(Names.letter(column)) \(Figures.ratio(own))"
    }
    let named = width >= 60
    func called(_ index: Int) -> String {
      Names.letter(index) + (named ? " " + name(index) : "")
    }
    if row == column {
      let words = "\(called(row)) \(Figures.percent(sparsity(row))) sparse"
      guard let mean = Matrix.rowMean(jaccard, row), let level = Matrix.rowMean(chance, row) else {
        return words
      }
      return words + ", J \(Figures.ratio(mean)) chance \(Figures.ratio(level))"
    }
    guard let own = Matrix.element(jaccard, row, column),
      let level = Matrix.element(chance, row, column)
    else { return nil }
    let digits = named ? 4 : 2
    return called(row) + (named ? " × " : "×") + called(column)
      + " J \(Figures.ratio(own, digits)) chance \(Figures.ratio(level, digits)) "
      + "J-c \(Figures.signedRatio(own - level, digits))"
  }

  private func name(_ index: Int) -> String {
    let all = state.shown.subnetworks
    return all.indices.contains(index) ? all[index].name : ""
  }

  private func sparsity(_ index: Int) -> Double {
    sparsity.indices.contains(index) ? sparsity[index] : .nan
  }

  private func cells(isWritten: Bool) -> [[HeatCell]] {
    order.enumerated().map { place, row in
      order.enumerated().map { other, column in
        if row == column {
          // A number on the diagonal is no heat; without numbers there is nothing but heat.
          return HeatCell(
            value: sparsity(row), text: Figures.ratio(sparsity(row)),
            role: isWritten ? .strong : nil)
        }
        guard let own = Matrix.element(jaccard, row, column), own.isFinite,
          let level = Matrix.element(chance, row, column)
        else { return HeatCell(value: nil) }
        if place > other { return HeatCell(value: own, text: Figures.ratio(own)) }
        return HeatCell(value: own - level, text: Figures.ratio(own - level))
      }
    }
  }
}
