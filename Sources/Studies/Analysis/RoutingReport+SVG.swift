public import Experiments
internal import Foundation

/// The routes as a picture: a panel per target, a bar per route for the share of images that are decided
/// rightly, and beside it what that costs.
extension RoutingReport {
  /// The picture as SVG.
  public var svg: String {
    var sketch = SVGSketch()
    sketch.text("Routing of \(run): images decided rightly", 8, 20, size: 14)
    var y = 44.0
    for target in targets {
      sketch.text(Self.title(of: target), 8, y, size: 12)
      y += 12
      for route in target.routes {
        sketch.text(name(route.kind), Self.left - 8, y + 12, size: 11, anchor: .end)
        sketch.box(Self.left, y, Self.width, 16, color: "#eee")
        let share = route.accuracy.isFinite ? min(max(route.accuracy, 0), 1) : 0
        sketch.box(Self.left, y, share * Self.width, 16, color: Self.color(of: route.kind))
        sketch.text(
          "\(Self.decimal(route.accuracy)) · \(Self.grouped(route.multiplyAdds)) multiply-adds · "
            + "\(Self.decimal(route.millisecondsPerImage, places: 4)) ms",
          Self.left + Self.width + 8, y + 12, size: 11)
        y += 20
      }
      y += 20
    }
    return sketch.file(width: Self.left + Self.width + 300, height: y)
  }

  private static let left = 220.0
  private static let width = 300.0

  /// What is told the subset, what finds it by itself, and what is compared with.
  private static func color(of kind: Route.Kind) -> String {
    switch kind {
    case .oracle: "#999"
    case .argmax, .calibratedArgmax: "#1f6f8b"
    case .gateTopOne, .gateTopTwo: "#7a7a2e"
    case .baseline: "#b04a2f"
    }
  }
}
