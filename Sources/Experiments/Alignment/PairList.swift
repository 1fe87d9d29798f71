/// The pairs of K things in a row: (0, 1), (0, 2), … (K−2, K−1).
package enum PairList {
  /// How many pairs there are.
  package static func count(of things: Int) -> Int { things * (things - 1) / 2 }

  /// Where the pair of two different things stands.
  package static func place(_ first: Int, _ second: Int, of things: Int) -> Int {
    let (i, j) = (min(first, second), max(first, second))
    return i * (2 * things - i - 1) / 2 + (j - i - 1)
  }

  /// What a symmetric matrix holds for each pair; `nan` where it holds nothing.
  package static func values(of matrix: [[Double]]) -> [Double] {
    matrix.indices.flatMap { i in
      matrix.indices.dropFirst(i + 1).map { matrix[i].indices.contains($0) ? matrix[i][$0] : .nan }
    }
  }
}
