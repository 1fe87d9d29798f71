import NeuralNetworks
import Tensors
import Testing

/// Regression networks: the squared error, and linear layers' gradients against differences.
@Suite struct RegressionTests {
  static func batch(_ rows: [[Float]], capacity: Int) -> LaneBatch {
    let batch = LaneBatch(channels: rows[0].count, pixels: 1, capacity: capacity)
    batch.count = rows.count
    for (sample, row) in rows.enumerated() {
      for (unit, value) in row.enumerated() {
        batch.storage[batch.offset(sample: sample, channel: unit, pixel: 0)] = value
      }
    }
    return batch
  }

  @Test func squaredErrorIsTheMeanOverSamplesAndOutputs() {
    var rows: [[Float]] = (0..<19).map { [Float($0), 1, Float($0 % 3)] }
    let targets = Self.batch(Array(repeating: [1, 0, 2], count: 19), capacity: 40)
    let outputs = Self.batch(rows, capacity: 40)
    outputs.storage[outputs.offset(sample: 25, channel: 0, pixel: 0)] = 1e9  // not in the batch
    let gradient = LaneBatch(channels: 3, pixels: 1, capacity: 40)
    gradient.storage.fill(7)
    let loss = MeanSquaredError.evaluate(outputs: outputs, targets: targets, gradient: gradient)
    let squares = rows.map { row in
      (row[0] - 1) * (row[0] - 1) + row[1] * row[1] + (row[2] - 2) * (row[2] - 2)
    }
    #expect(abs(loss - squares.reduce(0, +) / 57) < 1e-4)
    let total = gradient.storage.values.reduce(0) { $0 + abs($1) }
    let expected = rows.reduce(Float(0)) {
      $0 + (abs($1[0] - 1) + abs($1[1]) + abs($1[2] - 2)) * 2 / 57
    }
    #expect(abs(total - expected) < 1e-4)  // nothing outside the batch
    for unit in 0..<3 {
      let ends = [Float(0.5), -0.5].map { step in
        rows[4][unit] += step
        defer { rows[4][unit] -= step }
        return MeanSquaredError.evaluate(outputs: Self.batch(rows, capacity: 19), targets: targets)
      }
      let at = gradient.offset(sample: 4, channel: unit, pixel: 0)
      #expect(abs(ends[0] - ends[1] - gradient.storage[at]) < 1e-5)
    }
  }

  /// Two branches of linear layers that meet in a sum: a map with two readers, rectified and plain
  /// layers, widths that fill no tile.
  static func describe(_ b: NetworkBuilder) {
    let first = b.linear("first", b.images, outputs: 13, rectified: true)
    let left = b.linear("left", first, outputs: 6, rectified: true)
    let right = b.linear("right", first, outputs: 6, rectified: false)
    b.regression(b.linear("last", b.sum([left], right), outputs: 2, rectified: false))
  }

  @Test(arguments: [3, 32, 81])
  func gradientEqualsDifferences(samples: Int) {
    let network = Network(
      outputs: 2, capacity: 96, channels: 5, side: 1, pool: WorkerPool(threads: 2),
      describedBy: Self.describe)
    var stream = RandomStream(seed: 3, purpose: "gradients")
    // Stale values in the padding lanes must not matter.
    for i in 0..<network.input.storage.count { network.input.storage[i] = stream.normal() }
    network.input.count = samples
    let theta = network.layout.initialParameters(from: &stream)
    for slice in network.layout.slices where !slice.isPrunable {
      // Rectifiers that are nearly always on or off: a kink inside a step would spoil the difference.
      for (n, i) in slice.range.enumerated() { theta[i] = n % 3 == 1 ? -6 : 6 }
    }
    let targets = LaneBatch(channels: 2, pixels: 1, capacity: 96)
    for i in 0..<targets.storage.count { targets.storage[i] = stream.normal() }
    targets.count = samples
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    func loss(_ parameters: FloatBuffer) -> Double {
      network.forward(weights: parameters, statistics: statistics, mode: .training)
      return Double(
        MeanSquaredError.evaluate(
          outputs: network.logits, targets: targets, gradient: network.logitGradient))
    }
    _ = loss(theta)
    let gradients = FloatBuffer(count: network.layout.count)
    gradients.fill(.nan)
    network.backward(weights: theta, gradients: gradients)
    for slice in network.layout.slices {
      let norm = slice.range.reduce(0.0) { $0 + Double(gradients[$1] * gradients[$1]) }
        .squareRoot()
      #expect(norm > 1e-2, "\(slice.name)")
      let direction = slice.range.map { _ in Double(stream.normal()) }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let predicted = zip(slice.range, direction).reduce(0) {
        $0 + Double(gradients[$1.0]) * $1.1 / length
      }
      let step = 0.01
      let ends = [1.0, -1.0].map { sign in
        let moved = FloatBuffer(theta.values)
        for (n, i) in slice.range.enumerated() {
          moved[i] += Float(sign * step * direction[n] / length)
        }
        return loss(moved)
      }
      let difference = (ends[0] - ends[1]) / (2 * step)
      #expect(
        abs(difference - predicted) < 0.01 * norm, "\(slice.name): \(difference), \(predicted)")
    }
  }
}
