/// Means over the pairs of a K×K matrix; `nil` for K < 2 and for what is not a square.
enum PairMean {
  /// Mean of the entries below the diagonal.
  static func of(_ matrix: [[Double]]) -> Double? {
    let count = matrix.count
    guard count > 1, matrix.allSatisfy({ $0.count == count }) else { return nil }
    var sum = 0.0
    for i in 1..<count {
      for j in 0..<i { sum += matrix[i][j] }
    }
    return sum / Double(count * (count - 1) / 2)
  }

  /// How much the first matrix exceeds the second: mean of J − chance over the pairs.
  static func excess(_ jaccard: [[Double]], over chance: [[Double]]) -> Double? {
    guard let mean = of(jaccard), let level = of(chance), jaccard.count == chance.count else {
      return nil
    }
    return mean - level
  }
}
