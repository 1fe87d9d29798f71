import Datasets
import Tensors
import Testing

struct ProceduralImagesTests {
  @Test("same seed, same bytes; another seed or the other split, different ones")
  func seeded() throws {
    let a = ProceduralImages.generate(seed: 1, trainSamples: 30, testSamples: 30)
    let b = ProceduralImages.generate(seed: 1, trainSamples: 40, testSamples: 30)
    let c = ProceduralImages.generate(seed: 2, trainSamples: 30, testSamples: 30)
    #expect(a.test == b.test)
    for image in 0..<30 {
      #expect(try a.train.bytes(of: image) == b.train.bytes(of: image))
      #expect(try a.train.bytes(of: image) != a.test.bytes(of: image))
    }
    #expect(a.train != c.train)
    for label in 0..<10 {
      #expect(a.train.labels.filter { Int($0) == label }.count == 3)
    }
  }

  @Test("a linear model does not solve it")
  func notLinear() throws {
    let accuracy = try linearAccuracy(
      ProceduralImages.generate(seed: 3, trainSamples: 3000, testSamples: 1000))
    #expect(accuracy < 0.35, "softmax regression reached \(accuracy)")
    // The same regression solves what a linear model can: a bright band of rows per class.
    let control = try linearAccuracy(
      ImageDataset(
        name: "bands", classNames: (0..<10).map { "band \($0)" },
        train: bands(600, purpose: "training"), test: bands(200, purpose: "held out")))
    #expect(control > 0.9, "on bands it reached only \(control)")
  }

  /// Noise with three brighter rows whose place is the class.
  private func bands(_ count: Int, purpose: String) -> LabeledImages {
    var random = RandomStream(seed: 5, purpose: purpose)
    let labels = (0..<count).map { UInt8($0 % 10) }
    let values = labels.flatMap { label in
      (0..<3072).map { index in
        let row = index % 1024 / 32
        return UInt8(random.index(below: 120) + (row / 3 == Int(label) ? 130 : 60))
      }
    }
    return LabeledImages(values: values, labels: labels)
  }

  /// Held-out accuracy of softmax regression on the pixels by plain stochastic gradient descent.
  private func linearAccuracy(_ data: ImageDataset) throws -> Double {
    let classes = 10
    let inputs = 3072
    var weights = [Float](repeating: 0, count: classes * inputs)
    var bias = [Float](repeating: 0, count: classes)
    func row(_ images: LabeledImages, _ index: Int) throws -> [Float] {
      try images.bytes(of: index).map { Float($0) / 128 - 1 }
    }
    func logits(_ input: [Float]) -> [Float] {
      (0..<classes).map { unit in
        var sum = bias[unit]
        for index in 0..<inputs { sum += weights[unit * inputs + index] * input[index] }
        return sum
      }
    }
    for epoch in 0..<4 {
      let rate = Float(0.002) / Float(epoch + 1)
      for sample in 0..<data.train.count {
        let input = try row(data.train, sample)
        var scores = logits(input)
        let highest = scores.max() ?? 0
        scores = scores.map { exponential($0 - highest) }
        let sum = scores.reduce(0, +)
        for unit in 0..<classes {
          let error =
            scores[unit] / sum - (Int(data.train.labels[sample]) == unit ? 1 : 0)
          for index in 0..<inputs { weights[unit * inputs + index] -= rate * error * input[index] }
          bias[unit] -= rate * error
        }
      }
    }
    let right = try (0..<data.test.count).filter { sample in
      let scores = logits(try row(data.test, sample))
      return scores.firstIndex(of: scores.max() ?? 0) == Int(data.test.labels[sample])
    }.count
    return Double(right) / Double(data.test.count)
  }

  /// e^x by the limit definition; enough for a softmax.
  private func exponential(_ x: Float) -> Float {
    var value = 1 + max(x, -40) / 1024
    for _ in 0..<10 { value *= value }
    return value
  }
}
