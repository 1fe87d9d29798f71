public import Experiments
internal import Foundation

/// The picture of a run's collapse as SVG: a panel per subnetwork, quality and overlap against sparsity
/// (the paper's Fig. 2), raw and corrected for chance.
public struct CollapseFigure: Sendable {
  private let title: String
  private let course: CollapseCourse
  private let falls: [Int?]

  /// The figure of a run.
  /// - Parameter rule: when quality counts as fallen; the rounds are marked.
  public init(title: String, course: CollapseCourse, rule: CollapseRule = CollapseRule()) {
    self.title = title
    self.course = course
    falls = course.subnetworks.indices.map { rule.fall(of: $0, in: course) }
  }

  // MARK: - Measures

  private let panel = (width: 230.0, height: 170.0)
  private let plot = (left: 34.0, top: 22.0, width: 160.0, height: 118.0)
  private let head = 56.0

  private var columns: Int { min(5, max(1, course.subnetworks.count)) }
  private var rows: Int { (course.subnetworks.count + columns - 1) / columns }

  /// Quality's axis: the whole of a balanced accuracy above 0.4, or all decibels there are.
  private var scoreRange: ClosedRange<Double> {
    let scores = course.subnetworks.indices.flatMap { k in
      (course.retrained(k) + course.extracted(k)).map(\.value)
    }
    guard course.metric != .balancedAccuracy else { return min(0.4, scores.min() ?? 0.4)...1 }
    let (low, high) = (scores.min() ?? 0, scores.max() ?? 1)
    return low.rounded(.down)...max(high.rounded(.up), low.rounded(.down) + 1)
  }

  // MARK: - Drawing

  private struct Curve {
    var name: String
    var color: String
    var dash: String?
    var points: [CollapseCourse.Point]
    var isScore = false
  }

  private func curves(_ k: Int) -> [Curve] {
    func over(_ chance: @escaping (CollapseCourse.Round) -> [Double]) -> [CollapseCourse.Point] {
      course.curve(of: k) { round in zip(round.jaccard, chance(round)).map { $0 - $1 } }
    }
    return [
      Curve(
        name: "\(course.metric.title), joint", color: "#0b62a4", points: course.retrained(k),
        isScore: true),
      Curve(
        name: "\(course.metric.title), before the rewind", color: "#7fb2d9", dash: "3 2",
        points: course.extracted(k), isScore: true),
      Curve(name: "mean J", color: "#c23b22", points: course.curve(of: k, \.jaccard)),
      Curve(name: "J − chance", color: "#e08e2b", dash: "5 2", points: over(\.chance)),
      Curve(
        name: "J − chance layer by layer", color: "#7a7a2e", dash: "1 2",
        points: over(\.layerChance)),
    ]
  }

  /// The whole picture.
  public var svg: String {
    var sketch = SVGSketch()
    sketch.text(title, 8, 18, size: 14)
    drawLegend(in: &sketch)
    for k in course.subnetworks.indices {
      let x = Double(k % columns) * panel.width
      let y = head + Double(k / columns) * panel.height
      drawPanel(of: k, at: (x + plot.left, y + plot.top), in: &sketch)
    }
    return sketch.file(
      width: Double(columns) * panel.width, height: head + Double(max(1, rows)) * panel.height)
  }

  private func drawLegend(in sketch: inout SVGSketch) {
    var (x, y) = (8.0, 36.0)
    for curve in curves(0) {
      let width = 30 + 5.6 * Double(curve.name.count)
      if x + width > Double(columns) * panel.width, x > 8 { (x, y) = (8, y + 14) }
      draw(curve, [(x, y - 3), (x + 18, y - 3)], in: &sketch)
      sketch.text(curve.name, x + 22, y, size: 10)
      x += width
    }
  }

  /// - Parameter place: the upper left corner of the plot inside the panel.
  private func drawPanel(
    of k: Int, at place: (x: Double, y: Double), in sketch: inout SVGSketch
  ) {
    let (right, bottom) = (place.x + plot.width, place.y + plot.height)
    sketch.text(course.subnetworks[k], place.x, place.y - 8, size: 11)
    for y in [place.y, bottom] { sketch.line(place.x, y, right, y, color: "#999") }
    for x in [place.x, right] { sketch.line(x, place.y, x, bottom, color: "#999") }
    for part in [0.0, 0.5, 1] {
      let y = bottom - part * plot.height
      let score = scoreRange.lowerBound + part * (scoreRange.upperBound - scoreRange.lowerBound)
      sketch.text(Self.short(score), place.x - 4, y + 3, size: 8, anchor: .end, color: "#0b62a4")
      sketch.text(Self.short(part), right + 4, y + 3, size: 8, color: "#c23b22")
    }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      sketch.text(
        "\(Int(share * 100)) %", place.x + share * plot.width, bottom + 12, size: 8,
        anchor: .middle, color: "#333")
    }
    if let fall = falls[k], let round = course.rounds.first(where: { $0.round == fall }),
      round.sparsity.indices.contains(k)
    {
      let x = place.x + round.sparsity[k] * plot.width
      sketch.line(x, place.y, x, bottom, color: "#555", dashes: "2 3")
    }
    for curve in curves(k) {
      let points = curve.points.sorted { $0.sparsity < $1.sparsity }.map { point in
        let range = curve.isScore ? scoreRange : 0...1
        let share = (point.value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return (
          x: place.x + point.sparsity * plot.width,
          y: bottom - min(max(share, 0), 1) * plot.height
        )
      }
      draw(curve, points, in: &sketch)
    }
  }

  private func draw(_ curve: Curve, _ points: [(x: Double, y: Double)], in sketch: inout SVGSketch)
  {
    sketch.curve(points, color: curve.color, width: 1.4, dashes: curve.dash, dot: 0)
  }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}
