/// The places of a weight matrix that a mask keeps, row by row.
package struct KeptEntries: Sendable {
  /// Row r's entries are `starts[r] ..< starts[r + 1]`.
  package private(set) var starts: [Int]
  /// The column of each entry, ascending within a row.
  package private(set) var columns: [Int32]
  /// The place of each entry in the row-major matrix it comes from.
  package private(set) var places: [Int32]

  /// Fraction of the matrix that is kept.
  package let density: Double

  /// The kept entries of a row-major matrix, or of its transpose.
  /// - Parameters:
  ///   - mask: ones over all prunable weights.
  ///   - first: the matrix' first weight among them.
  ///   - isTransposed: whether rows are the matrix' columns, as the gradient of the input needs them.
  package init(mask: BitVector, first: Int, rows: Int, columns: Int, isTransposed: Bool = false) {
    starts = [0]
    self.columns = []
    places = []
    let (outer, inner) = isTransposed ? (columns, rows) : (rows, columns)
    starts.reserveCapacity(outer + 1)
    for row in 0..<outer {
      for column in 0..<inner {
        let place = isTransposed ? column * columns + row : row * columns + column
        guard mask[first + place] else { continue }
        self.columns.append(Int32(column))
        places.append(Int32(place))
      }
      starts.append(places.count)
    }
    density = Double(places.count) / Double(max(rows * columns, 1))
  }

  /// For each row whether it keeps something.
  package var keepsSomething: [Bool] {
    (0..<starts.count - 1).map { starts[$0] < starts[$0 + 1] }
  }
}
