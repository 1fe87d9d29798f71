/// Pooling of one plane over windows of `size` × `size` that do not overlap and fill the plane.
package enum Pooling {
  /// What becomes of a window.
  package enum Kind: Sendable, Hashable {
    /// Its largest value.
    case maximum
    /// Its mean.
    case average
  }

  /// y[r][c] = the largest value, or the mean, of x[r·s …][c·s …].
  /// - Parameters:
  ///   - x: contiguous, `rows` · `size` × `columns` · `size`.
  ///   - y: contiguous, `rows` × `columns`.
  package static func forward(
    _ kind: Kind, size: Int, _ x: UnsafeMutablePointer<Lanes>,
    into y: UnsafeMutablePointer<Lanes>, rows: Int, columns: Int
  ) {
    let width = columns &* size
    let share = Lanes(repeating: 1 / Float(size &* size))
    for row in 0..<rows {
      for column in 0..<columns {
        let window = x + (row &* size &* width &+ column &* size)
        var largest = window[0]
        var sum = Lanes.zero
        for i in 0..<size {
          for j in 0..<size {
            let value = window[i &* width &+ j]
            largest = largest.larger(value)
            sum += value
          }
        }
        y[row &* columns &+ column] = kind == .maximum ? largest : sum * share
      }
    }
  }

  /// dx = base + the gradient of what was pooled: dy goes to the first of the largest values, lane by
  /// lane, or in equal parts to all of the window.
  /// - Parameters:
  ///   - x: what was pooled; not read for means.
  ///   - base: laid out as `dx`; may be `dx`.
  package static func backward(
    _ kind: Kind, size: Int, _ dy: UnsafeMutablePointer<Lanes>, _ x: UnsafeMutablePointer<Lanes>,
    adding base: UnsafeMutablePointer<Lanes>?, into dx: UnsafeMutablePointer<Lanes>, rows: Int,
    columns: Int
  ) {
    let width = columns &* size
    let share = Lanes(repeating: 1 / Float(size &* size))
    for row in 0..<rows {
      for column in 0..<columns {
        let first = row &* size &* width &+ column &* size
        let slope = dy[row &* columns &+ column]
        var rest = slope  // what has not gone to an earlier value of the window
        var largest = Lanes.zero
        if kind == .maximum {
          largest = x[first]
          for i in 0..<size {
            for j in 0..<size { largest = largest.larger(x[first &+ i &* width &+ j]) }
          }
        }
        for i in 0..<size {
          for j in 0..<size {
            let at = first &+ i &* width &+ j
            var part = slope * share
            if kind == .maximum {
              let isLargest = x[at] .== largest
              part = Lanes.zero.replacing(with: rest, where: isLargest)
              rest = rest.replacing(with: 0, where: isLargest)
            }
            if let base { dx[at] = base[at] + part } else { dx[at] = part }
          }
        }
      }
    }
  }
}
