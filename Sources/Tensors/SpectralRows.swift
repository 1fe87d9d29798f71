internal import CProcessor

/// Small loops over rows of spectra whose sixteen lanes are stretches of time that follow each other.
package enum SpectralRows {
  /// The row before the first one of each stretch: the lane before has it as its last row.
  package static func moveUp(_ row: UnsafeMutablePointer<Lanes>, count: Int) {
    for i in 0..<count { row[i] = lanes16_moved_up(row[i]) }
  }

  /// The row after the last one of each stretch: the next lane has it as its first row.
  package static func moveDown(_ row: UnsafeMutablePointer<Lanes>, count: Int) {
    for i in 0..<count { row[i] = lanes16_moved_down(row[i]) }
  }

  /// row ← factor · row, one factor per lane.
  package static func scale(_ row: UnsafeMutablePointer<Lanes>, by factor: Lanes, count: Int) {
    for i in 0..<count { row[i] *= factor }
  }

  /// y = factor · x.
  package static func copy(
    _ x: UnsafePointer<Lanes>, by factor: Lanes, into y: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    for i in 0..<count { y[i] = factor * x[i] }
  }

  /// Every second vector to one place, the others to another: even[i] = row[2i], odd[i] = row[2i + 1].
  package static func part(
    _ row: UnsafePointer<Lanes>, even: UnsafeMutablePointer<Lanes>,
    odd: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    for i in 0..<count / 2 {
      even[i] = row[2 &* i]
      odd[i] = row[2 &* i &+ 1]
    }
    if count % 2 == 1 { even[count / 2] = row[count &- 1] }
  }
}
