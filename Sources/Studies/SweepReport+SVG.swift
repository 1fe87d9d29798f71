/// The main effects as a picture: a column per factor, above what its values are worth, below how much the
/// masks have in common; a curve per sparsity.
extension SweepReport {
  /// The picture as SVG; `nil` where nothing is varied or judged.
  public var effectsSVG: String? {
    guard !table.effects.isEmpty else { return nil }
    let targets = Set(table.effects.map(\.target)).sorted()
    let rows = [
      Row(title: scoreTitle, places: places, figure: { $0.score }),
      Row(title: "mean J", places: 3, figure: { $0.meanJaccard }),
    ].filter { row in table.effects.contains { row.figure($0) != nil } }
    var sketch = SVGSketch()
    sketch.text(title, 8, 20, size: 14)
    var x = 8.0
    for (index, target) in targets.enumerated() {
      sketch.box(x, 31, 12, 4, color: Self.color(index, of: targets.count))
      sketch.text("\(Percent.text(target)) sparsity", x + 16, 38, size: 11)
      x += 110
    }
    sketch.text("bars: ± one deviation over the settings with the value", x, 38, size: 11)
    x += 290
    for (column, factor) in table.factors.enumerated() {
      for (line, row) in rows.enumerated() {
        draw(
          row, of: factor, targets: targets,
          at: (Self.pitch.x * Double(column), Self.head + Self.pitch.y * Double(line)),
          in: &sketch)
      }
    }
    return sketch.file(
      width: max(x, Self.pitch.x * Double(table.factors.count)),
      height: Self.head + Self.pitch.y * Double(rows.count))
  }

  private static let pitch = (x: 320.0, y: 210.0)
  private static let plot = (left: 56.0, top: 26.0, width: 240.0, height: 136.0)
  private static let head = 48.0

  /// One figure of the effects.
  private struct Row {
    let title: String
    let places: Int
    let figure: (SweepTable.Effect) -> MeanDeviation?
  }

  /// Low sparsities are dark, high ones bright, none so bright that it is lost on white.
  private static func color(_ index: Int, of count: Int) -> String {
    HeatColor.of(0.8 * Double(index) / Double(max(1, count - 1))).color
  }

  /// All panels of a row have the same axis, so that factors can be compared.
  private func draw(
    _ row: Row, of factor: SweepFactor, targets: [Double], at place: (x: Double, y: Double),
    in sketch: inout SVGSketch
  ) {
    let (left, top) = (place.x + Self.plot.left, place.y + Self.plot.top)
    let bottom = top + Self.plot.height
    let all = table.effects.compactMap(row.figure)
    let ends = all.flatMap { [$0.mean - ($0.deviation ?? 0), $0.mean + ($0.deviation ?? 0)] }
    let (lowest, highest) = (ends.min() ?? 0, ends.max() ?? 1)
    let margin = max(0.05 * (highest - lowest), 1e-6)
    let (low, height) = (lowest - margin, highest - lowest + 2 * margin)
    let means = all.map(\.mean)
    func y(_ value: Double) -> Double { bottom - (value - low) / height * Self.plot.height }
    func x(_ index: Int) -> Double {
      left + (Double(index) + 0.5) / Double(factor.values.count) * Self.plot.width
    }
    sketch.text("\(row.title) by \(factor.key)", place.x + 8, top - 10, size: 11)
    sketch.line(left, top, left, bottom, color: "#999")
    sketch.line(left, bottom, left + Self.plot.width, bottom, color: "#999")
    for value in [means.min() ?? 0, means.max() ?? 1] {
      sketch.text(
        MarkdownTable.decimal(value, row.places), left - 4, y(value) + 4, size: 10, anchor: .end)
    }
    // Long values would run into each other.
    let room = Int(Self.plot.width / Double(factor.values.count) / 5.5)
    for (index, value) in factor.values.enumerated() {
      let label = value.count > room ? value.prefix(max(1, room - 1)) + "…" : value[...]
      sketch.text(String(label), x(index), bottom + 14, size: 10, anchor: .middle)
    }
    for (number, target) in targets.enumerated() {
      let color = Self.color(number, of: targets.count)
      // Beside each other, so that no bar hides another.
      let aside = 3 * (Double(number) - Double(targets.count - 1) / 2)
      let points = factor.values.enumerated().compactMap { index, value in
        table.effects.first { $0.key == factor.key && $0.value == value && $0.target == target }
          .flatMap(row.figure).map { (x: x(index) + aside, figure: $0) }
      }
      sketch.curve(points.map { ($0.x, y($0.figure.mean)) }, color: color)
      for point in points {
        guard let deviation = point.figure.deviation else { continue }
        sketch.line(
          point.x, y(point.figure.mean - deviation), point.x, y(point.figure.mean + deviation),
          color: color)
      }
    }
  }
}
