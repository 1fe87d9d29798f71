public import Experiments
internal import Foundation

/// The reliability diagrams of all subnetworks: a row per target, a panel per subnetwork; how often a score
/// came true against the score, before and after, beside the diagonal on which it would say the truth.
extension CalibrationReport {
  /// The picture as SVG.
  public var reliabilityDiagram: String {
    let columns = targets.map(\.subnetworks.count).max() ?? 0
    let (width, height) = (
      Panel.margin + columns * Panel.pitch, Panel.margin + targets.count * Panel.pitch
    )
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="10">
      <rect width="\(width)" height="\(height)" fill="white"/>
      <text x="8" y="16" font-size="13">Reliability of \(SVGSketch.escaped(run)): \
      how often (up) against the score (right)</text>
      <text x="8" y="31"><tspan fill="\(Panel.colors[0])">before</tspan> · \
      <tspan fill="\(Panel.colors[1])">after calibration</tspan> · the area of a point is its share of \
      the images</text>

      """
    for (row, target) in targets.enumerated() {
      for (column, subnetwork) in target.subnetworks.enumerated() {
        let title = [subnetwork.name, target.target.map(Percent.text) ?? "round \(target.round)"]
        let panel = Panel(
          x: Panel.margin / 2 + column * Panel.pitch, y: Panel.margin + row * Panel.pitch)
        svg += panel.frame(title: SVGSketch.escaped(title.joined(separator: ", ")))
        for (bins, color) in zip(
          [subnetwork.reliabilityBefore, subnetwork.reliabilityAfter], Panel.colors)
        { svg += panel.curve(bins, color: color) }
      }
    }
    return svg + "</svg>\n"
  }

  /// A square of 0…1 in both directions.
  private struct Panel {
    static let (side, pitch, margin) = (130, 170, 60)
    static let colors = ["#b04a2f", "#1f6f8b"]
    let x: Int
    let y: Int

    func frame(title: String) -> String {
      let (right, bottom) = (x + Self.side, y + Self.side)
      return """
        <text x="\(x)" y="\(y - 5)">\(title)</text>
        <rect x="\(x)" y="\(y)" width="\(Self.side)" height="\(Self.side)" fill="none" stroke="#999"/>
        <line x1="\(x)" y1="\(bottom)" x2="\(right)" y2="\(y)" stroke="#bbb" stroke-dasharray="3 3"/>
        <text x="\(x)" y="\(bottom + 12)">0</text>
        <text x="\(right)" y="\(bottom + 12)" text-anchor="end">1</text>

        """
    }

    func curve(_ bins: [Bin], color: String) -> String {
      let all = Double(max(1, bins.reduce(0) { $0 + $1.count }))
      let points = bins.filter { $0.count > 0 }.map { bin in
        (
          x: Double(x) + bin.meanScore * Double(Self.side),
          y: Double(y) + (1 - bin.frequency) * Double(Self.side),
          radius: 1 + 9 * (Double(bin.count) / all).squareRoot()
        )
      }
      func number(_ value: Double) -> String { String(format: "%.1f", value) }
      let line = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(line)\" fill=\"none\" stroke=\"\(color)\"/>\n"
        + points.map {
          "<circle cx=\"\(number($0.x))\" cy=\"\(number($0.y))\" r=\"\(number($0.radius))\" "
            + "fill=\"\(color)\" fill-opacity=\"0.45\"/>\n"
        }.joined()
    }
  }
}
