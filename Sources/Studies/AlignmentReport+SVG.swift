internal import Experiments
internal import Foundation

extension AlignmentReport {
  /// The heat map of J in the order of the tree, with the tree; beside it the same of the names, if
  /// anybody knows how alike they are.
  public var mapSVG: String {
    let count = subnetworks.count
    let cell = max(7, min(32, 640 / Double(max(1, count))))
    let font = max(6, min(12, cell * 0.75))
    let longest = subnetworks.map(\.count).max() ?? 0
    let labels = min(180, 8 + 0.62 * font * Double(longest))
    let (tree, gap, top) = (140.0, 40.0, 64.0)
    let side = cell * Double(count)
    let left = 12 + tree + labels
    var sketch = SVGSketch()
    sketch.text("\(run): masks after round \(map.round), \(map.level) weights", 12, 22, size: 15)
    drawTree(into: &sketch, left: 12, width: tree, top: top, cell: cell)
    for (row, leaf) in map.tree.order.enumerated() {
      sketch.text(
        subnetworks[leaf], left - 6, top + cell * (Double(row) + 0.5) + font * 0.35, size: font,
        anchor: .end)
    }
    drawMap(map.jaccard, "J", into: &sketch, left: left, top: top, cell: cell)
    var width = left + side + 20
    if let names {
      drawMap(
        names.values, "similarity of the names", into: &sketch, left: left + side + gap, top: top,
        cell: cell)
      sketch.text(names.source, left + side + gap, top + side + 30, size: 11, color: "#666")
      width += side + gap
    }
    return sketch.file(width: max(width, 420), height: top + side + 44)
  }

  private func drawTree(
    into sketch: inout SVGSketch, left: Double, width: Double, top: Double, cell: Double
  ) {
    // Leaves stand at the right, beside their names.
    func x(_ depth: Double?) -> Double {
      depth.map { left + width * (0.94 - 0.9 * $0) } ?? left + width
    }
    func y(_ row: Double) -> Double { top + cell * (row + 0.5) }
    for fork in map.tree.forks {
      let place = x(fork.depth)
      sketch.line(place, y(fork.rows.upper), x(fork.branches.upper), y(fork.rows.upper))
      sketch.line(place, y(fork.rows.lower), x(fork.branches.lower), y(fork.rows.lower))
      sketch.line(place, y(fork.rows.upper), place, y(fork.rows.lower))
    }
    guard let range = map.tree.range else { return }
    let places = Self.decimals(for: [1 - range.lowerBound, 1 - range.upperBound])
    func written(_ distance: Double) -> String { String(format: "%.\(places)f", 1 - distance) }
    sketch.text("J \(written(range.upperBound))", x(1) - 4, top - 8, size: 10, color: "#666")
    sketch.text(
      written(range.lowerBound), x(0), top - 8, size: 10, anchor: .end, color: "#666")
  }

  /// How many decimals figures need so that a tenth of their range shows: two, or three.
  private static func decimals(for values: [Double]) -> Int {
    guard let least = values.min(), let most = values.max(), most > least else { return 2 }
    return most - least < 0.1 ? 3 : 2
  }

  private func drawMap(
    _ matrix: [[Double]], _ title: String, into sketch: inout SVGSketch, left: Double, top: Double,
    cell: Double
  ) {
    let pairs = matrix.indices.flatMap { i in
      matrix[i].indices.filter { $0 != i && matrix[i][$0].isFinite }.map { matrix[i][$0] }
    }
    guard let least = pairs.min(), let most = pairs.max() else { return }
    let range = String(format: "%.3f to %.3f", least, most)
    let places = Self.decimals(for: pairs)
    sketch.text("\(title), \(range)", left, top - 10, size: 12)
    for (row, i) in map.tree.order.enumerated() {
      for (column, j) in map.tree.order.enumerated() {
        let (x, y) = (left + cell * Double(column), top + cell * Double(row))
        guard i != j, matrix[i].indices.contains(j), matrix[i][j].isFinite else {
          sketch.box(x, y, cell, cell, color: "#ddd")
          continue
        }
        let value = matrix[i][j]
        let heat = HeatColor.of(most > least ? (value - least) / (most - least) : 0.5)
        let figure = String(format: "%.\(places)f", value)
        // Four characters have room.
        let text = places > 2 && figure.hasPrefix("0.") ? String(figure.dropFirst()) : figure
        sketch.box(
          x, y, cell, cell, color: heat.color,
          title: "\(subnetworks[i]) × \(subnetworks[j]): " + String(format: "%.4f", value))
        guard cell >= 24 else { continue }
        sketch.text(
          text, x + cell / 2, y + cell / 2 + 3.5, size: 9.5, anchor: .middle,
          color: heat.isLight ? "#111" : "#fff")
      }
    }
  }

  /// Spearman's correlation of masks and names against sparsity, a curve per depth; `nil` where there are
  /// no two rounds with one.
  public var sparsitySVG: String? {
    let series = (["all"] + DepthGroup.allCases.map(\.rawValue)).map { name in
      (
        name: name,
        points: rounds.compactMap { round -> (x: Double, y: Double)? in
          guard let level = round.level(name), let y = level.byJaccard.spearman,
            let x = round.level("all")?.sparsity
          else { return nil }
          return (x, y)
        }
      )
    }.filter { !$0.points.isEmpty }
    let points = series.flatMap(\.points)
    guard (series.map(\.points.count).max() ?? 0) > 1, let lowest = points.map(\.y).min(),
      let highest = points.map(\.y).max(), let furthest = points.map(\.x).max()
    else { return nil }
    // Whole fifths, zero always in sight.
    let bottom = min(0, (lowest * 5).rounded(.down) / 5)
    let top = max(0.2, (highest * 5).rounded(.up) / 5)
    let right = min(1, max(0.1, (furthest * 10).rounded(.up) / 10))
    let plot = (x: 64.0, y: 48.0, width: 520.0, height: 300.0)
    func x(_ sparsity: Double) -> Double { plot.x + plot.width * sparsity / right }
    func y(_ value: Double) -> Double { plot.y + plot.height * (top - value) / (top - bottom) }
    var sketch = SVGSketch()
    sketch.text("\(run): do similar masks mean similar names?", 12, 22, size: 15)
    for tick in 0...Int(((top - bottom) * 5).rounded()) {
      let value = bottom + Double(tick) / 5
      let isZero = abs(value) < 1e-9
      sketch.line(
        plot.x, y(value), plot.x + plot.width, y(value), color: isZero ? "#444" : "#ddd")
      sketch.text(
        String(format: "%.1f", isZero ? 0 : value), plot.x - 8, y(value) + 4, size: 11, anchor: .end
      )
    }
    for tick in 0...Int((right * 10).rounded()) {
      let value = Double(tick) / 10
      sketch.line(x(value), plot.y, x(value), plot.y + plot.height, color: "#eee")
      sketch.text(
        "\(tick * 10) %", x(value), plot.y + plot.height + 18, size: 11, anchor: .middle)
    }
    sketch.text("sparsity", plot.x + plot.width / 2, plot.y + plot.height + 38, anchor: .middle)
    sketch.text("Spearman's ρ", plot.x - 52, plot.y - 10, size: 11)
    let colors = ["all": "#555", "shallow": "#2b83ba", "middle": "#fdae61", "deep": "#d7191c"]
    for (index, curve) in series.enumerated() {
      let color = colors[curve.name] ?? "#000"
      sketch.curve(curve.points.map { (x($0.x), y($0.y)) }, color: color)
      let line = plot.y + 14 + 20 * Double(index)
      sketch.line(
        plot.x + plot.width + 16, line, plot.x + plot.width + 36, line, color: color, width: 2.5)
      sketch.text(curve.name, plot.x + plot.width + 42, line + 4)
    }
    return sketch.file(width: plot.x + plot.width + 120, height: plot.y + plot.height + 52)
  }
}
