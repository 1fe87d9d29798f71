/// A history of any length in bounded memory that never loses its extremes.
///
/// Points are gathered into at most `capacity` buckets of equally many points; a full history merges
/// neighbours and doubles the points per bucket. A bucket keeps its first, least, greatest and last
/// point and its first gap, so that a spike of one point stays in sight for ever.
public struct MinMaxSeries: Sendable {
  /// The most buckets that are kept.
  public let capacity: Int
  /// The points that were appended.
  public private(set) var count = 0
  /// The point that was appended last.
  public private(set) var last: ChartPoint?
  private var buckets: [Bucket] = []
  /// The same in groups of neighbours, so that all of a long history is drawn as fast as a short one.
  private var groups: [Bucket] = []
  private var pointsPerBucket = 1
  private static let bucketsPerGroup = 4

  /// An empty history of at most `capacity` buckets, at least 2.
  public init(capacity: Int = 2048) {
    self.capacity = max(2, capacity)
  }

  /// Whether nothing was appended.
  public var isEmpty: Bool { buckets.isEmpty }

  /// The first and the last `x`; nil while it's empty.
  public var xRange: ClosedRange<Double>? {
    guard let first = buckets.first, let last = buckets.last, first.start <= last.end else {
      return nil
    }
    return first.start...last.end
  }

  /// The memory that its buckets take.
  public var byteCount: Int { (buckets.capacity + groups.capacity) * MemoryLayout<Bucket>.stride }

  /// Appends a point; a `y` that isn't finite is a gap. `x` should not fall; one that does counts as
  /// the last `x`, one that isn't finite is ignored.
  public mutating func append(x: Double, y: Double) {
    guard x.isFinite else { return }
    let point = ChartPoint(x: max(x, last?.x ?? x), y: y)
    count += 1
    last = point
    let bucket = Bucket(point)
    if !hasRoom, buckets.count == capacity { halve() }
    guard hasRoom else {
      if buckets.count.isMultiple(of: Self.bucketsPerGroup) {
        groups.append(bucket)
      } else {
        groups[groups.count - 1].merge(bucket)
      }
      buckets.append(bucket)
      return
    }
    buckets[buckets.count - 1].merge(bucket)
    groups[groups.count - 1].merge(bucket)
  }

  /// Whether the newest bucket takes another point.
  private var hasRoom: Bool { buckets.last.map { $0.count < pointsPerBucket } ?? false }

  /// Forgets all points beyond `x`, as when a run goes back to an earlier round.
  public mutating func truncate(after x: Double) {
    while let bucket = buckets.last, bucket.start > x {
      count -= bucket.count
      buckets.removeLast()
    }
    if let open = buckets.indices.last {
      let kept = buckets[open].points.filter { $0.x <= x }
      if let first = kept.first, kept.count < buckets[open].points.count {
        var bucket = Bucket(first)
        for point in kept.dropFirst() { bucket.merge(Bucket(point)) }
        count -= max(0, buckets[open].count - bucket.count)
        buckets[open] = bucket
      }
    }
    groups = Self.merged(buckets[...], by: Self.bucketsPerGroup)
    last = buckets.last?.points.last
  }

  /// The points to draw, in the order of `x`: at most five for each of `limit` buckets, those of
  /// `range` (and one neighbour at each side, so that a curve reaches the edge).
  public func points(in range: ClosedRange<Double>? = nil, buckets limit: Int) -> [ChartPoint] {
    guard limit > 0 else { return [] }
    var chosen = buckets[...]
    if let range {
      let start = firstIndex { $0.end >= range.lowerBound }
      let end = firstIndex { $0.start > range.upperBound }
      chosen = buckets[max(0, start - 1)..<min(buckets.count, max(start, end) + 1)]
    }
    if chosen.count >= limit * Self.bucketsPerGroup {
      let first = chosen.startIndex / Self.bucketsPerGroup
      chosen = groups[first...((chosen.endIndex - 1) / Self.bucketsPerGroup)]
    }
    return Self.merged(chosen, by: (chosen.count + limit - 1) / limit).flatMap(\.points)
  }

  /// The last kept point at or before `x`; nil if there is none.
  public func point(atOrBefore x: Double) -> ChartPoint? {
    let next = firstIndex { $0.start > x }
    guard next > 0 else { return nil }
    return buckets[next - 1].points.last { $0.x <= x }
  }

  private func firstIndex(where holds: (Bucket) -> Bool) -> Int {
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) / 2
      if holds(buckets[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func halve() {
    buckets = Self.merged(buckets[...], by: 2)
    groups = Self.merged(buckets[...], by: Self.bucketsPerGroup)
    pointsPerBucket *= 2
  }

  /// So many neighbours each made one.
  private static func merged(_ buckets: ArraySlice<Bucket>, by count: Int) -> [Bucket] {
    guard count > 1 else { return Array(buckets) }
    var merged: [Bucket] = []
    merged.reserveCapacity((buckets.count + count - 1) / count)
    var index = buckets.startIndex
    while index < buckets.endIndex {
      var bucket = buckets[index]
      let end = min(index + count, buckets.endIndex)
      for other in buckets[(index + 1)..<end] { bucket.merge(other) }
      merged.append(bucket)
      index = end
    }
    return merged
  }
}
