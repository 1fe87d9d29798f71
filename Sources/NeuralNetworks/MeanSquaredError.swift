public import Tensors

/// The mean squared error: the loss of a regression, such as an implicit representation's colours
/// (paper §6).
public enum MeanSquaredError {
  /// The mean over samples and outputs of (x − target)².
  /// - Parameters:
  ///   - outputs: x, `[outputs]` per sample.
  ///   - targets: as many values per sample, for as many samples.
  ///   - gradient: overwritten with 2 (x − target) / (samples · outputs) where given.
  /// - Returns: the mean loss.
  public static func evaluate(
    outputs: LaneBatch, targets: LaneBatch, gradient: LaneBatch? = nil
  ) -> Float {
    precondition(targets.count == outputs.count, "as many targets as samples")
    precondition(
      targets.channels == outputs.channels && targets.pixels == outputs.pixels,
      "targets of another shape")
    let perSample = outputs.channels * outputs.pixels
    let values = Double(outputs.count * perSample)
    gradient?.storage.fill(0)
    gradient?.count = outputs.count
    var total = 0.0
    for group in 0..<outputs.groups {
      total += Double(
        SquaredError.sum(
          outputs.planes.plane(group: group, channel: 0),
          target: targets.planes.plane(group: group, channel: 0),
          presence: outputs.presence(group: group), count: perSample, factor: Float(2 / values),
          gradient: gradient?.planes.plane(group: group, channel: 0)))
    }
    return Float(total / values)
  }
}
