internal import Datasets
internal import Experiments
internal import Foundation

/// Fits a subnetwork's calibration on some images and judges it on others.
struct ScoreCalibration {
  let task: ClassificationTask
  let goal: DecisionThreshold.Goal

  /// Images with what a subnetwork says of them.
  struct Sample {
    let images: LabeledImages
    let indices: [Int]
    /// `[sample × scoresPerSample]`.
    let logits: [Float]
  }

  private var isBinary: Bool { task.config.task.kind == .binary }

  /// - Throws: `EngineError.unsupported` if no image of the subset calibrates.
  func calibrate(
    subnetwork k: Int, on calibration: Sample, judgedBy judge: Sample
  ) throws -> CalibrationReport.Subnetwork {
    try isBinary
      ? membership(k, calibration, judge) : classes(k, calibration, judge)
  }

  // MARK: - Whether an image is of the subset

  private func membership(
    _ k: Int, _ calibration: Sample, _ judge: Sample
  ) throws -> CalibrationReport.Subnetwork {
    let name = task.subnetworkNames[k]
    let isMember = members(calibration, k)
    let share = Double(isMember.count { $0 }) / Double(max(1, isMember.count))
    guard share > 0, share < 1 else {
      throw EngineError.unsupported(
        "subset '\(name)': found \(share == 0 ? "none" : "nothing but its own") among the "
          + "\(isMember.count) images that calibrate, expected some of both; set more aside "
          + "(dataset.calibration_fraction)")
    }
    // Balanced batches show a subnetwork members and others alike; outside they are as rare as they are.
    let shift = task.config.task.negatives == .balanced ? log(share / (1 - share)) : 0
    let logits = calibration.logits.map(Double.init)
    let temperature = TemperatureScaling.fit(logits: logits, isMember: isMember, shift: shift)
    func score(_ logit: Double) -> Double {
      TemperatureScaling.sigmoid(logit / temperature + shift)
    }
    let threshold = DecisionThreshold.choose(
      goal, scores: logits.map(score), isMember: isMember)
    let (judged, truth) = (judge.logits.map(Double.init), members(judge, k))
    let before = figures(judged.map(TemperatureScaling.sigmoid), truth, yes: { $0 > 0.5 })
    let after = figures(judged.map(score), truth, yes: { $0 >= threshold })
    let alone = TemperatureScaling.fit(logits: logits, isMember: isMember, shift: 0)
    let byTemperature = judged.map { TemperatureScaling.sigmoid($0 / alone) }
    return CalibrationReport.Subnetwork(
      name: name, temperature: temperature, shift: shift, threshold: threshold,
      before: before.figures, after: after.figures,
      errorByTemperatureAlone: shift == 0
        ? nil : Reliability.error(Reliability.bins(scores: byTemperature, isTrue: truth)),
      reliabilityBefore: before.bins, reliabilityAfter: after.bins)
  }

  private func members(_ sample: Sample, _ k: Int) -> [Bool] {
    let labels = Set(task.subsetLabels(k))
    return sample.indices.map { labels.contains(sample.images.labels[$0]) }
  }

  private func figures(
    _ scores: [Double], _ isMember: [Bool], yes: (Double) -> Bool
  ) -> (figures: CalibrationReport.Figures, bins: [CalibrationReport.Bin]) {
    var counts = BinaryConfusion()
    var loss = 0.0
    for (score, isMember) in zip(scores, isMember) {
      counts.count(predicted: yes(score), actual: isMember)
      loss -= Self.logarithm(isMember ? score : 1 - score)
    }
    let bins = Reliability.bins(scores: scores, isTrue: isMember)
    return (
      CalibrationReport.Figures(
        precision: counts.precision, recall: counts.recall, f1: counts.f1,
        balancedAccuracy: counts.balancedAccuracy, calibrationError: Reliability.error(bins),
        loss: loss / Double(max(1, scores.count))), bins
    )
  }

  // MARK: - Which class an image is of

  private func classes(
    _ k: Int, _ calibration: Sample, _ judge: Sample
  ) throws -> CalibrationReport.Subnetwork {
    let name = task.subnetworkNames[k]
    let (rows, labels) = judgedRows(calibration, k)
    guard !labels.isEmpty else {
      throw EngineError.unsupported(
        "subset '\(name)': found no image of it among those that calibrate; set more aside "
          + "(dataset.calibration_fraction)")
    }
    let classes = task.dataset.classNames.count
    let temperature = TemperatureScaling.fit(logits: rows, labels: labels, classes: classes)
    let quality = task.quality(of: judge.logits, subnetwork: k, samples: judge.indices)
    let (judgedLogits, truth) = judgedRows(judge, k)
    func judged(
      beta: Double
    ) -> (figures: CalibrationReport.Figures, bins: [CalibrationReport.Bin]) {
      var (loss, sure, isTrue) = (0.0, [Double](), [Bool]())
      for (place, label) in truth.enumerated() {
        let p = TemperatureScaling.softmax(
          judgedLogits[place * classes..<(place + 1) * classes], beta: beta)
        loss -= Self.logarithm(p[label])
        let highest = p.max() ?? 0
        sure.append(highest)
        isTrue.append(p.firstIndex(of: highest) == label)
      }
      let bins = Reliability.bins(scores: sure, isTrue: isTrue)
      return (
        CalibrationReport.Figures(
          precision: quality.precision, recall: quality.recall, f1: quality.f1,
          balancedAccuracy: quality.balancedAccuracy, calibrationError: Reliability.error(bins),
          loss: loss / Double(max(1, truth.count))), bins
      )
    }
    let (before, after) = (judged(beta: 1), judged(beta: 1 / temperature))
    return CalibrationReport.Subnetwork(
      name: name, temperature: temperature, shift: 0, threshold: nil, before: before.figures,
      after: after.figures, errorByTemperatureAlone: nil, reliabilityBefore: before.bins,
      reliabilityAfter: after.bins)
  }

  /// The logits and classes of the samples that subnetwork k is judged on.
  private func judgedRows(_ sample: Sample, _ k: Int) -> (logits: [Double], labels: [Int]) {
    let classes = task.dataset.classNames.count
    var (rows, labels) = ([Double](), [Int]())
    for (place, index) in sample.indices.enumerated()
    where task.isJudged(index, of: sample.images, subnetwork: k) {
      rows += sample.logits[place * classes..<(place + 1) * classes].map(Double.init)
      labels.append(Int(sample.images.labels[index]))
    }
    return (rows, labels)
  }

  /// The logarithm of a score, finite also where a score is 0.
  private static func logarithm(_ score: Double) -> Double { log(max(score, 1e-300)) }
}
