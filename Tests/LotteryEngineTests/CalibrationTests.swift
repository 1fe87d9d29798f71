import Datasets
import Experiments
import Foundation
import LotteryEngine
import Tensors
import Testing

/// The solver, the thresholds and the bins of calibration, each against plain arithmetic.
struct CalibrationTests {
  /// Logits, and members drawn with the probability σ(z / temperature + shift).
  private func drawn(
    _ count: Int, temperature: Double, shift: Double
  ) -> (logits: [Double], isMember: [Bool]) {
    var random = RandomStream(seed: 3, purpose: "calibration test")
    let logits = (0..<count).map { _ in Double(random.normal()) * 4 }
    return (
      logits,
      logits.map {
        Double(random.uniform()) < TemperatureScaling.sigmoid($0 / temperature + shift)
      }
    )
  }

  private func loss(
    _ temperature: Double, _ logits: [Double], _ isMember: [Bool], shift: Double
  ) -> Double {
    zip(logits, isMember).reduce(0) { sum, pair in
      let p = TemperatureScaling.sigmoid(pair.0 / temperature + shift)
      return sum - log(pair.1 ? p : 1 - p)
    }
  }

  @Test(
    "the temperature that the labels were drawn with comes out, and no other has less loss",
    arguments: [(0.5, 0.0), (1.0, -2.2), (2.5, 0.0), (4.0, -1.0)])
  func binary(_ temperature: Double, _ shift: Double) {
    let (logits, isMember) = drawn(20_000, temperature: temperature, shift: shift)
    let found = TemperatureScaling.fit(logits: logits, isMember: isMember, shift: shift)
    #expect(abs(found / temperature - 1) < 0.1)
    let least = loss(found, logits, isMember, shift: shift)
    for factor in [0.7, 0.9, 0.99, 1.01, 1.1, 1.4] {
      #expect(least <= loss(found * factor, logits, isMember, shift: shift))
    }
  }

  @Test("several classes: the temperature of the draw; no other has less loss")
  func multiclass() {
    var random = RandomStream(seed: 5, purpose: "calibration test")
    let (classes, count, temperature) = (4, 10_000, 3.0)
    let logits = (0..<classes * count).map { _ in Double(random.normal()) * 5 }
    let labels = (0..<count).map { sample in
      let p = TemperatureScaling.softmax(
        logits[sample * classes..<(sample + 1) * classes], beta: 1 / temperature)
      var rest = Double(random.uniform())
      return p.firstIndex { share in
        rest -= share
        return rest <= 0
      } ?? classes - 1
    }
    let found = TemperatureScaling.fit(logits: logits, labels: labels, classes: classes)
    #expect(abs(found / temperature - 1) < 0.1)
    func loss(_ temperature: Double) -> Double {
      labels.enumerated().reduce(0) { sum, pair in
        let row = logits[pair.offset * classes..<(pair.offset + 1) * classes]
        return sum - log(TemperatureScaling.softmax(row, beta: 1 / temperature)[pair.element])
      }
    }
    for factor in [0.9, 0.99, 1.01, 1.1] { #expect(loss(found) <= loss(found * factor)) }
  }

  @Test("the least of a convex function: inside, and at the ends of the range")
  func solver() {
    for place in [0.02, 1.0, 7.5, 99.0] {
      let found = TemperatureScaling.minimum(in: 0.01...100) { x in
        // x − place ln x, flat to the right and steep to the left, as likelihoods are.
        (1 - place / x, place / (x * x))
      }
      #expect(abs(found / place - 1) < 1e-9)
    }
    #expect(TemperatureScaling.minimum(in: 0.01...100) { (_: Double) in (-1, 0) } == 100)
    #expect(TemperatureScaling.minimum(in: 0.01...100) { (_: Double) in (1, 0) } == 0.01)
    // What a logit of the right sign always tells is told as surely as may be.
    let sure = TemperatureScaling.fit(
      logits: [-1, -2, 1, 3], isMember: [false, false, true, true], shift: 0)
    #expect(abs(sure - 0.01) < 1e-12)
  }

  @Test("thresholds are the best there are, by trying all; equal scores are accepted together")
  func thresholds() {
    var random = RandomStream(seed: 8, purpose: "threshold test")
    for round in 0..<50 {
      let count = 1 + random.index(below: 30)
      // Few different scores, so that many are equal.
      let scores = (0..<count).map { _ in Double(random.index(below: 8)) / 8 }
      let isMember = scores.indices.map { random.index(below: 3) == 0 || $0 == 0 }
      func counts(_ threshold: Double) -> BinaryConfusion {
        var counts = BinaryConfusion()
        for (score, isMember) in zip(scores, isMember) {
          counts.count(predicted: score >= threshold, actual: isMember)
        }
        return counts
      }
      let all = Set(scores).map(counts)
      let best = DecisionThreshold.choose(.bestF1, scores: scores, isMember: isMember)
      #expect(counts(best).f1 == all.map(\.f1).max(), "round \(round)")
      let wanted = 0.6
      let found = counts(
        DecisionThreshold.choose(.recall(wanted), scores: scores, isMember: isMember))
      #expect(found.recall >= wanted)
      #expect(
        found.falsePositives == all.filter { $0.recall >= wanted }.map(\.falsePositives).min())
    }
    #expect(DecisionThreshold.choose(.bestF1, scores: [0.2], isMember: [false]) == 1)
  }

  @Test("bins and the expected calibration error, by hand")
  func reliability() {
    let bins = Reliability.bins(
      scores: [0, 0.1, 0.55, 0.65, 1], isTrue: [false, true, true, false, true], count: 5)
    #expect(bins.map(\.count) == [2, 0, 1, 1, 1])
    #expect(bins[0].meanScore == 0.05 && bins[0].frequency == 0.5)
    #expect(bins[4].meanScore == 1 && bins[4].frequency == 1)
    #expect(abs(Reliability.error(bins) - (0.4 * 0.45 + 0.2 * 0.45 + 0.2 * 0.65)) < 1e-12)
    #expect(Reliability.error([]) == 0)
  }
}
