internal import Datasets
internal import Experiments

/// What each image is given, from what the subnetworks say of it.
///
/// A binary subnetwork stands for its subset, a multi-class one for the class it finds; `choices` are
/// numbered so.
struct RouteDecisions {
  let task: ClassificationTask
  /// `[subnetwork][sample × scoresPerSample]`.
  let logits: [[Float]]
  /// By subnetwork.
  let calibration: [CalibrationReport.Subnetwork]

  private var isBinary: Bool { task.config.task.kind == .binary }

  /// What subnetwork k finds, and how sure it is after calibration: the log odds of a membership, which
  /// tell apart what scores near 1 do not, or the score of a class.
  func finding(_ k: Int, sample: Int) -> (choice: Int, sureness: Double) {
    guard !isBinary else {
      return (k, calibration[k].logOdds(ofLogit: Double(logits[k][sample])))
    }
    let scores = calibration[k].scores(ofLogits: row(k, sample))
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    return (best, scores[best])
  }

  /// The surest of some subnetworks; the first of equally sure ones.
  func surestSubnetwork(of subnetworks: [Int], sample: Int) -> Int {
    var best: (subnetwork: Int, sureness: Double)?
    for k in subnetworks {
      let sureness = finding(k, sample: sample).sureness
      if best.map({ sureness > $0.sureness }) ?? true { best = (k, sureness) }
    }
    return best?.subnetwork ?? 0
  }

  /// What the surest of some subnetworks finds.
  func surest(of subnetworks: [Int], sample: Int) -> Int {
    finding(surestSubnetwork(of: subnetworks, sample: sample), sample: sample).choice
  }

  /// Whether the subnetwork of an image's own subset is right about it: says yes, or finds its class.
  func ownIsRight(_ k: Int, sample: Int, right: Int) -> Bool {
    isBinary ? logits[k][sample] > 0 : finding(k, sample: sample).choice == right
  }

  private func row(_ k: Int, _ sample: Int) -> [Double] {
    let count = task.scoresPerSample
    return logits[k][sample * count..<(sample + 1) * count].map(Double.init)
  }
}

extension CalibrationReport.Subnetwork {
  /// The log odds of a membership: logit / temperature + shift.
  func logOdds(ofLogit logit: Double) -> Double { logit / temperature + shift }

  /// The calibrated scores of classes: softmax(logits / temperature).
  func scores(ofLogits logits: [Double]) -> [Double] {
    TemperatureScaling.softmax(logits[...], beta: 1 / temperature)
  }
}
