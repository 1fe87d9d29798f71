extension Reference {
  /// Pooling of planes of `side` × `side` one after the other, window by window.
  package static func pool(
    _ x: [Float], side: Int, size: Int, _ kind: Pooling.Kind
  ) -> [Double] {
    windows(count: x.count, side: side, size: size).map { window in
      let values = window.map { Double(x[$0]) }
      return kind == .maximum
        ? values.reduce(-.infinity, max) : values.reduce(0, +) / Double(values.count)
    }
  }

  /// The gradient of what was pooled from that of the result.
  package static func poolGradient(
    _ x: [Float], _ dy: [Float], side: Int, size: Int, _ kind: Pooling.Kind
  ) -> [Double] {
    var dx = [Double](repeating: 0, count: x.count)
    for (window, slope) in zip(windows(count: x.count, side: side, size: size), dy) {
      switch kind {
      case .average: for at in window { dx[at] += Double(slope) / Double(window.count) }
      case .maximum:
        var best = window[0]
        for at in window where x[at] > x[best] { best = at }
        dx[best] += Double(slope)
      }
    }
    return dx
  }

  /// The places of each window's values, row by row.
  private static func windows(count: Int, side: Int, size: Int) -> [[Int]] {
    let across = side / size
    return (0..<count / (side * side)).flatMap { plane in
      (0..<across * across).map { window in
        (0..<size * size).map { place in
          let row = window / across * size + place / size
          let column = window % across * size + place % size
          return (plane * side + row) * side + column
        }
      }
    }
  }
}
