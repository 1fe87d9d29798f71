/// A point of a curve; a `y` that isn't finite is a gap, an `x` that isn't finite lifts the pen.
public struct ChartPoint: Hashable, Sendable {
  /// Where: a step, an epoch, a time.
  public var x: Double
  /// How much.
  public var y: Double

  /// A point.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// Between two stretches of a curve that no line shall join.
  public static let lift = ChartPoint(x: .nan, y: .nan)
}

/// A curve of a chart.
public struct ChartSeries: Hashable, Sendable {
  /// Its name, shown at its end.
  public var name: String
  /// Its points in the order of `x`.
  public var points: [ChartPoint]
  /// The points it was smoothed from, drawn faintly behind it; empty if it wasn't.
  public var raw: [ChartPoint]
  /// Its colour.
  public var role: StyleRole
  /// What tells it apart without colour.
  public var mark: Character
  /// Whether each point has the mark on it, as where points are few and far between.
  public var marksPoints: Bool
  /// The value at the cursor, where it's known better than from the points.
  public var readOut: Double?

  /// A curve.
  public init(
    name: String, points: [ChartPoint], raw: [ChartPoint] = [], role: StyleRole = .series1,
    mark: Character = "●", marksPoints: Bool = false
  ) {
    self.name = name
    self.points = points
    self.raw = raw
    self.role = role
    self.mark = mark
    self.marksPoints = marksPoints
  }
}

/// A vertical line in a chart where something happened, with a letter on top.
public struct ChartMarker: Hashable, Sendable {
  /// Where.
  public var x: Double
  /// What happened, as a letter.
  public var letter: Character
  /// Its colour.
  public var role: StyleRole

  /// A marker.
  public init(x: Double, letter: Character, role: StyleRole = .marker) {
    self.x = x
    self.letter = letter
    self.role = role
  }
}

/// How values become heights.
public enum ChartScale: String, Hashable, Sendable, CaseIterable {
  /// Equal differences are equally high.
  case linear
  /// Equal ratios are equally high; zero and less have no place and are marked gaps.
  case logarithmic
}
