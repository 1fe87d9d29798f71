package import Experiments

/// How often scores came true: the bins of a reliability diagram and the error made of them.
package enum Reliability {
  /// Images by their scores, in equal parts of 0…1; a score of 1 is in the last.
  package static func bins(
    scores: [Double], isTrue: [Bool], count: Int = CalibrationReport.bins
  ) -> [CalibrationReport.Bin] {
    var sums = [(count: Int, score: Double, hits: Int)](repeating: (0, 0, 0), count: count)
    for (score, isTrue) in zip(scores, isTrue) {
      let bin = min(count - 1, max(0, Int(score * Double(count))))
      sums[bin].count += 1
      sums[bin].score += score
      sums[bin].hits += isTrue ? 1 : 0
    }
    return sums.map { sum in
      let number = Double(max(1, sum.count))
      return CalibrationReport.Bin(
        count: sum.count, meanScore: sum.score / number, frequency: Double(sum.hits) / number)
    }
  }

  /// The expected calibration error: Σ count / all · |frequency − mean score|.
  package static func error(_ bins: [CalibrationReport.Bin]) -> Double {
    let all = bins.reduce(0) { $0 + $1.count }
    guard all > 0 else { return 0 }
    return bins.reduce(0) {
      $0 + Double($1.count) / Double(all) * abs($1.frequency - $1.meanScore)
    }
  }
}
