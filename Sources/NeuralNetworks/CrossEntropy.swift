internal import Foundation
public import Tensors

/// Binary cross entropy with logits on one output unit: the loss of a binary subnetwork (paper §4).
public enum BinaryCrossEntropy {
  /// The mean over the batch of max(x, 0) − x·y + log(1 + e^−|x|).
  /// - Parameters:
  ///   - logits: `[outputs]` per sample.
  ///   - output: the unit x that is read; the others get gradient zero.
  ///   - labels: y per sample, 0 or 1.
  ///   - gradient: overwritten with (sigmoid(x) − y) / batch where given.
  /// - Returns: the mean loss in nats.
  public static func evaluate(
    logits: LaneBatch, output: Int, labels: [Float], gradient: LaneBatch? = nil
  ) -> Float {
    precondition(labels.count == logits.count, "as many labels as samples")
    precondition(output >= 0 && output < logits.channels, "no such output unit")
    gradient?.storage.fill(0)
    gradient?.count = logits.count
    var total = 0.0
    for (sample, label) in labels.enumerated() {
      let at = logits.offset(sample: sample, channel: output, pixel: 0)
      let (x, y) = (Double(logits.storage[at]), Double(label))
      let e = exp(-abs(x))
      total += max(x, 0) - x * y + log1p(e)
      let sigmoid = x >= 0 ? 1 / (1 + e) : e / (1 + e)
      gradient?.storage[at] = Float((sigmoid - y) / Double(logits.count))
    }
    return Float(total / Double(logits.count))
  }
}

/// Softmax cross entropy over all output units: the loss of an ordinary classifier.
public enum SoftmaxCrossEntropy {
  /// The mean over the batch of log Σⱼ e^xⱼ − x_label.
  /// - Parameters:
  ///   - logits: `[outputs]` per sample.
  ///   - labels: the right unit per sample.
  ///   - gradient: overwritten with (softmax(x) − one-hot) / batch where given.
  /// - Returns: the mean loss in nats.
  public static func evaluate(
    logits: LaneBatch, labels: [Int], gradient: LaneBatch? = nil
  ) -> Float {
    precondition(labels.count == logits.count, "as many labels as samples")
    gradient?.storage.fill(0)
    gradient?.count = logits.count
    var total = 0.0
    for (sample, label) in labels.enumerated() {
      precondition(label >= 0 && label < logits.channels, "no such output unit")
      let row = (0..<logits.channels).map {
        Double(logits.storage[logits.offset(sample: sample, channel: $0, pixel: 0)])
      }
      let peak = row.max() ?? 0
      let powers = row.map { exp($0 - peak) }
      let sum = powers.reduce(0, +)
      total += log(sum) + peak - row[label]
      guard let gradient else { continue }
      for (unit, power) in powers.enumerated() {
        let value = power / sum - (unit == label ? 1 : 0)
        gradient.storage[gradient.offset(sample: sample, channel: unit, pixel: 0)] = Float(
          value / Double(logits.count))
      }
    }
    return Float(total / Double(logits.count))
  }
}
