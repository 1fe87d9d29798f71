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
    var dash = ""
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
    let width = Double(columns) * panel.width
    let height = head + Double(max(1, rows)) * panel.height
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" \
      height="\(Self.number(height))" viewBox="0 0 \(Self.number(width)) \(Self.number(height))" \
      font-family="sans-serif" font-size="10">
      <rect width="100%" height="100%" fill="white"/>
      <text x="8" y="18" font-size="14">\(SVGSketch.escaped(title))</text>

      """
    text += legend
    for k in course.subnetworks.indices {
      let x = Double(k % columns) * panel.width
      let y = head + Double(k / columns) * panel.height
      text += "<g transform=\"translate(\(Self.number(x)) \(Self.number(y)))\">\n"
      text += panel(of: k) + "</g>\n"
    }
    return text + "</svg>\n"
  }

  private var legend: String {
    var (x, y, text) = (8.0, 36.0, "")
    for curve in curves(0) {
      let width = 30 + 5.6 * Double(curve.name.count)
      if x + width > Double(columns) * panel.width, x > 8 { (x, y) = (8, y + 14) }
      text += line(curve, [(x, y - 3), (x + 18, y - 3)])
      text += "<text x=\"\(Self.number(x + 22))\" y=\"\(Self.number(y))\">"
      text += SVGSketch.escaped(curve.name) + "</text>\n"
      x += width
    }
    return text
  }

  private func panel(of k: Int) -> String {
    let bottom = plot.top + plot.height
    var text = "<text x=\"\(Self.number(plot.left))\" y=\"14\" font-weight=\"bold\">"
    text += SVGSketch.escaped(course.subnetworks[k]) + "</text>\n"
    text += "<rect x=\"\(Self.number(plot.left))\" y=\"\(Self.number(plot.top))\" "
    text += "width=\"\(Self.number(plot.width))\" height=\"\(Self.number(plot.height))\" "
    text += "fill=\"none\" stroke=\"#999\"/>\n"
    for part in [0.0, 0.5, 1] {
      let y = bottom - part * plot.height
      let score = scoreRange.lowerBound + part * (scoreRange.upperBound - scoreRange.lowerBound)
      text += label(Self.short(score), x: plot.left - 4, y: y + 3, anchor: "end", "#0b62a4")
      text += label(Self.short(part), x: plot.left + plot.width + 4, y: y + 3, "#c23b22")
    }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      text += label(
        "\(Int(share * 100)) %", x: plot.left + share * plot.width, y: bottom + 12,
        anchor: "middle", "#333")
    }
    if let fall = falls[k], let round = course.rounds.first(where: { $0.round == fall }),
      round.sparsity.indices.contains(k)
    {
      let x = Self.number(plot.left + round.sparsity[k] * plot.width)
      text += "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.number(plot.top))\" "
      text += "y2=\"\(Self.number(bottom))\" stroke=\"#555\" stroke-dasharray=\"2 3\"/>\n"
    }
    for curve in curves(k) where !curve.points.isEmpty {
      text += line(
        curve,
        curve.points.sorted { $0.sparsity < $1.sparsity }.map { point in
          let range = curve.isScore ? scoreRange : 0...1
          let share = (point.value - range.lowerBound) / (range.upperBound - range.lowerBound)
          return (
            plot.left + point.sparsity * plot.width, bottom - min(max(share, 0), 1) * plot.height
          )
        })
    }
    return text
  }

  private func line(_ curve: Curve, _ points: [(x: Double, y: Double)]) -> String {
    let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
    let dash = curve.dash.isEmpty ? "" : " stroke-dasharray=\"\(curve.dash)\""
    let style = "fill=\"none\" stroke=\"\(curve.color)\" stroke-width=\"1.4\"\(dash)"
    guard points.count > 1 else {
      return points.map { point in
        "<circle cx=\"\(Self.number(point.x))\" cy=\"\(Self.number(point.y))\" r=\"2\" "
          + "fill=\"\(curve.color)\"/>\n"
      }.joined()
    }
    return "<polyline points=\"\(places.joined(separator: " "))\" \(style)/>\n"
  }

  private func label(
    _ text: String, x: Double, y: Double, anchor: String = "start", _ color: String
  ) -> String {
    "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\" "
      + "fill=\"\(color)\" font-size=\"8\">\(SVGSketch.escaped(text))</text>\n"
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}
