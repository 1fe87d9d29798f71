internal import Foundation

/// The part of an x axis that is in sight: a share of it up to its newest end, or a part that is held.
package struct ChartWindow: Sendable, Equatable {
  /// How often the axis can be halved.
  package static let mostHalvings = 12

  /// How often the axis is halved while its newest end is followed: 1, ½, ¼, … of it is in sight.
  package private(set) var halvings = 0
  /// What is held in sight whatever is added; `nil` while the newest end is followed.
  package private(set) var held: ClosedRange<Double>?

  /// All of the axis.
  package init() {}

  /// The part in sight of an axis that reaches so far.
  package func range(of whole: ClosedRange<Double>) -> ClosedRange<Double> {
    if let held { return held }
    let width = Self.width(whole) / Double(1 << halvings)
    return (whole.upperBound - width)...whole.upperBound
  }

  /// How many times larger the axis is than the part in sight.
  package func magnification(of whole: ClosedRange<Double>) -> Double {
    Self.width(whole) / max(Self.width(range(of: whole)), .leastNormalMagnitude)
  }

  /// Halves or doubles the part in sight.
  /// - Parameters:
  ///   - place: what stays where it is on the screen; `nil` for the newest end, or the middle of
  ///     what is held.
  /// - Returns: whether there was anything to do.
  @discardableResult
  package mutating func zoom(
    in isIn: Bool, around place: Double?, whole: ClosedRange<Double>
  ) -> Bool {
    let before = self
    if held == nil, place == nil {
      halvings = min(max(0, halvings + (isIn ? 1 : -1)), Self.mostHalvings)
      return self != before
    }
    let now = range(of: whole)
    let least = Self.width(whole) / Double(1 << Self.mostHalvings)
    let width = max(least, Self.width(now) * (isIn ? 0.5 : 2))
    guard width < Self.width(whole) * 0.999 else {
      follow(halvings: 0)
      return self != before
    }
    let middle = (now.lowerBound + now.upperBound) / 2
    let place = min(max(place ?? middle, now.lowerBound), now.upperBound)
    let share = (place - now.lowerBound) / max(Self.width(now), .leastNormalMagnitude)
    hold(from: place - share * width, width: width, whole: whole)
    return self != before
  }

  /// Moves by a share of its width, to the left if negative; at the newest end it follows again.
  /// - Returns: whether there was anything to do.
  @discardableResult
  package mutating func pan(by share: Double, whole: ClosedRange<Double>) -> Bool {
    let now = range(of: whole)
    let width = Self.width(now)
    guard width < Self.width(whole) * 0.999 else { return false }
    let start = now.lowerBound + share * width
    if share > 0, start + width >= whole.upperBound {
      guard held != nil else { return false }
      follow(halvings: Int(log2(Self.width(whole) / width).rounded()))
      return true
    }
    guard start > whole.lowerBound || now.lowerBound > whole.lowerBound else { return false }
    hold(from: start, width: width, whole: whole)
    return true
  }

  /// Holds the beginning of the axis in sight.
  package mutating func goToStart(of whole: ClosedRange<Double>) {
    let width = Self.width(range(of: whole))
    guard width < Self.width(whole) * 0.999 else { return }
    hold(from: whole.lowerBound, width: width, whole: whole)
  }

  /// Follows the newest end again, as much of the axis in sight as now.
  package mutating func goToEnd(of whole: ClosedRange<Double>) {
    follow(halvings: Int(log2(max(1, magnification(of: whole))).rounded()))
  }

  /// Moves as little as is needed to have a place in sight.
  package mutating func reveal(_ place: Double, whole: ClosedRange<Double>) {
    let now = range(of: whole)
    if place < now.lowerBound {
      hold(from: place, width: Self.width(now), whole: whole)
    } else if place > now.upperBound {
      hold(from: place - Self.width(now), width: Self.width(now), whole: whole)
    }
  }

  private mutating func follow(halvings: Int) {
    held = nil
    self.halvings = min(max(0, halvings), Self.mostHalvings)
  }

  private mutating func hold(from start: Double, width: Double, whole: ClosedRange<Double>) {
    let latest = max(whole.lowerBound, whole.upperBound - width)
    let start = min(max(start, whole.lowerBound), latest)
    held = start...(start + width)
  }

  private static func width(_ range: ClosedRange<Double>) -> Double {
    range.upperBound - range.lowerBound
  }
}
