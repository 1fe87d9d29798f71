extension LineChart {
  /// The range of `x` in sight; nil while there is nothing to draw.
  var visibleX: ClosedRange<Double>? {
    if let xRange, xRange.lowerBound.isFinite, xRange.upperBound.isFinite {
      return widened(xRange)
    }
    var least = Double.infinity
    var greatest = -Double.infinity
    for curve in series {
      for points in [curve.points, curve.raw] {
        for point in points where point.x.isFinite {
          least = min(least, point.x)
          greatest = max(greatest, point.x)
        }
      }
    }
    guard least <= greatest else { return nil }
    return widened(least...greatest)
  }

  /// The range of `y` for the points in sight, on the logarithmic scale only of positive values; nil
  /// while there is nothing to draw.
  func visibleY(in x: ClosedRange<Double>) -> ClosedRange<Double>? {
    if let yRange, yRange.lowerBound.isFinite, yRange.upperBound.isFinite,
      yScale == .linear || yRange.lowerBound > 0
    {
      return widened(yRange)
    }
    var values: [Double] = []
    for curve in series {
      for points in [curve.points, curve.raw] {
        for point in points where point.y.isFinite && x.contains(point.x) {
          if yScale == .linear || point.y > 0 { values.append(point.y) }
        }
      }
    }
    let hasPoints = series.contains { !$0.points.isEmpty || !$0.raw.isEmpty }
    guard !values.isEmpty else { return hasPoints ? (yScale == .linear ? 0...1 : 0.1...1) : nil }
    if isRobust, values.count >= 20 {
      values.sort()
      let cut = values.count / 100
      return widened(values[cut]...values[values.count - 1 - cut])
    }
    return widened((values.min() ?? 0)...(values.max() ?? 1))
  }

  /// The range, made a little wider where it's a single value.
  private func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let span = range.upperBound - range.lowerBound
    let size = max(abs(range.lowerBound), abs(range.upperBound))
    guard !(span > size * 1e-12) else { return range }
    if size == 0 { return -0.5...0.5 }
    if yScale == .logarithmic, range.lowerBound > 0 {
      return max(range.lowerBound / 2, .leastNormalMagnitude)...min(size * 2, 1e300)
    }
    return (range.lowerBound - size * 0.1)...(range.upperBound + size * 0.1)
  }
}
