/// Spearman's rank correlation; equal values share the mean of their ranks.
public enum RankCorrelation {
  /// ρ of two lists of the same length: the correlation of their ranks, −1 … 1; `nil` for fewer than
  /// three values, where all are equal, or where one is not finite.
  public static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    guard first.count == second.count, first.count > 2,
      let a = Ranks(first), let b = Ranks(second)
    else { return nil }
    return a.correlation(with: b)
  }
}

/// The ranks of some values in whole numbers: twice each rank less the mean of all, so that sums over them
/// are exact.
struct Ranks {
  /// 2 · rank − (n + 1), ranks from 1, equal values sharing their mean.
  let centred: [Int]
  /// The sum of the squares.
  let squares: Int

  /// Ranks values; `nil` if one is not finite or all are equal.
  init?(_ values: [Double]) {
    guard values.allSatisfy(\.isFinite) else { return nil }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var centred = [Int](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Places start…end−1 have the ranks start+1…end, of which twice the mean is start + end + 1.
      for place in start..<end { centred[order[place]] = start + end - values.count }
      start = end
    }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return nil }
    self.centred = centred
    self.squares = squares
  }

  /// The sum of the products with other ranks; exact.
  func product(with other: [Int]) -> Int {
    var sum = 0
    for index in centred.indices { sum &+= centred[index] &* other[index] }
    return sum
  }

  func correlation(with other: Ranks) -> Double {
    let value =
      Double(product(with: other.centred)) / (Double(squares) * Double(other.squares)).squareRoot()
    return min(1, max(-1, value))
  }
}
