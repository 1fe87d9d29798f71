import Foundation
import NeuralNetworks
import Tensors
import Testing

@Suite struct CrossEntropyTests {
  func batch(_ rows: [[Float]]) -> LaneBatch {
    let batch = LaneBatch(channels: rows[0].count, pixels: 1, capacity: rows.count)
    for (sample, row) in rows.enumerated() {
      for (unit, value) in row.enumerated() {
        batch.storage[batch.offset(sample: sample, channel: unit, pixel: 0)] = value
      }
    }
    return batch
  }

  func value(_ batch: LaneBatch, _ sample: Int, _ unit: Int) -> Float {
    batch.storage[batch.offset(sample: sample, channel: unit, pixel: 0)]
  }

  @Test func binaryReadsOneUnit() {
    let logits = batch([[9, 0.5, -3], [9, -2, 8]])
    let gradient = LaneBatch(channels: 3, pixels: 1, capacity: 2)
    gradient.storage.fill(7)
    let loss = BinaryCrossEntropy.evaluate(
      logits: logits, output: 1, labels: [1, 0], gradient: gradient)
    let expected = (log(1 + exp(-0.5)) + log(1 + exp(-2.0))) / 2
    #expect(abs(Double(loss) - expected) < 1e-6)
    #expect(abs(value(gradient, 0, 1) - Float((1 / (1 + exp(-0.5)) - 1) / 2)) < 1e-6)
    #expect(abs(value(gradient, 1, 1) - Float(1 / (1 + exp(2.0)) / 2)) < 1e-6)
    for sample in 0..<2 {
      for unit in [0, 2] { #expect(value(gradient, sample, unit) == 0) }
    }
  }

  @Test func hugeLogitsStayFinite() {
    let logits = batch([[500, -500], [-500, 500], [3e30, 3e30]])
    let gradient = LaneBatch(channels: 2, pixels: 1, capacity: 3)
    let binary = BinaryCrossEntropy.evaluate(
      logits: logits, output: 0, labels: [0, 1, 1], gradient: gradient)
    #expect(abs(binary - 1000 / 3) < 1e-3)
    #expect(abs(value(gradient, 0, 0) - 1 / 3) < 1e-6)
    let softmax = SoftmaxCrossEntropy.evaluate(
      logits: logits, labels: [0, 0, 1], gradient: gradient)
    #expect(abs(softmax - (1000 + log(2)) / 3) < 1e-3)
    #expect(gradient.storage.values.allSatisfy { $0.isFinite })
  }

  @Test func softmaxGradientEqualsDifferences() {
    let rows: [[Float]] = [[0.1, -0.7, 1.3], [2, 0, -1]]
    let labels = [2, 1]
    let gradient = LaneBatch(channels: 3, pixels: 1, capacity: 2)
    _ = SoftmaxCrossEntropy.evaluate(logits: batch(rows), labels: labels, gradient: gradient)
    for sample in 0..<2 {
      for unit in 0..<3 {
        let ends = [Float(0.01), -0.01].map { step in
          var moved = rows
          moved[sample][unit] += step
          return SoftmaxCrossEntropy.evaluate(logits: batch(moved), labels: labels)
        }
        #expect(abs((ends[0] - ends[1]) / 0.02 - value(gradient, sample, unit)) < 1e-4)
      }
    }
  }
}
