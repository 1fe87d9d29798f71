/// Neighbouring points of a history in brief: the ends, the extremes, the first gap.
struct Bucket: Sendable {
  /// The `x` of the first point, gap or not.
  let start: Double
  /// The `x` of the last point, gap or not.
  var end: Double
  /// The points it stands for.
  var count = 1
  private var first: ChartPoint?
  private var least: ChartPoint?
  private var greatest: ChartPoint?
  private var last: ChartPoint?
  private var gap: Double?

  init(_ point: ChartPoint) {
    start = point.x
    end = point.x
    if point.y.isFinite {
      first = point
      least = point
      greatest = point
      last = point
    } else {
      gap = point.x
    }
  }

  /// Takes in a bucket that follows this one.
  mutating func merge(_ other: Bucket) {
    end = max(end, other.end)
    count += other.count
    first = first ?? other.first
    last = other.last ?? last
    if let candidate = other.least, least.map({ candidate.y < $0.y }) ?? true { least = candidate }
    if let candidate = other.greatest, greatest.map({ candidate.y > $0.y }) ?? true {
      greatest = candidate
    }
    gap = gap ?? other.gap
  }

  /// What it keeps, in the order of `x`, each once; the gap is a point that isn't a number.
  var points: [ChartPoint] {
    var points: [ChartPoint] = []
    for case let point? in [first, least, greatest, last] where !points.contains(point) {
      points.append(point)
    }
    if let gap { points.append(ChartPoint(x: gap, y: .nan)) }
    if points.count > 1 {
      // Few and nearly sorted; equal x keep their order.
      for index in 1..<points.count {
        var place = index
        while place > 0, points[place].x < points[place - 1].x {
          points.swapAt(place, place - 1)
          place -= 1
        }
      }
    }
    return points
  }
}
