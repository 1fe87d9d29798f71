import Datasets
import Tensors
import Testing

/// Who is drawn, how often, and how reproducibly (paper §3, §4, §10).
struct SamplerTests {
  /// A set of blank images with the given number of each class.
  private func dataset(_ counts: [Int]) -> ImageDataset {
    var random = RandomStream(seed: 2, purpose: "sampler test")
    var labels = counts.enumerated().flatMap { label, count in
      [UInt8](repeating: UInt8(label), count: count)
    }
    random.shuffle(&labels)
    let images = LabeledImages(
      values: [UInt8](repeating: 0, count: labels.count * 3072), labels: labels)
    return ImageDataset(
      name: "blank", classNames: counts.indices.map { "class \($0)" }, train: images, test: images)
  }

  @Test("balanced: every positive once, as many different negatives in each mini-batch")
  func balanced() throws {
    let data = dataset([45, 30, 61])
    let partition = try Partition.byClass(data)
    for k in 0..<3 {
      let sampler = EpochSampler(
        .balanced, partition: partition, subset: k, labels: data.train.labels, batchSize: 16)
      var random = RandomStream(seed: 1, purpose: "epoch", k)
      let batches = sampler.epoch(random: &random)
      #expect(batches.count == sampler.batchesPerEpoch)
      #expect(batches.count == (partition.subsets[k].samples.count + 7) / 8)
      var positives: [Int] = []
      for batch in batches {
        let ones = zip(batch.samples, batch.labels).filter { $0.1 == 1 }.map(\.0)
        let zeros = zip(batch.samples, batch.labels).filter { $0.1 == 0 }.map(\.0)
        #expect(ones.count == zeros.count)
        #expect(zeros.allSatisfy { Int(data.train.labels[$0]) != k })
        #expect(Set(zeros).count == zeros.count)
        positives += ones
      }
      #expect(positives.sorted() == partition.subsets[k].samples)
    }
  }

  @Test("negatives are uniform over the samples outside the subset")
  func uniformNegatives() throws {
    let data = dataset([10, 10, 10])
    let partition = try Partition.byClass(data)
    let sampler = EpochSampler(
      .balanced, partition: partition, subset: 0, labels: data.train.labels, batchSize: 10)
    var drawn = [Int](repeating: 0, count: data.train.count)
    var random = RandomStream(seed: 1, purpose: "uniform")
    for _ in 0..<2000 {
      for batch in sampler.epoch(random: &random) {
        for (sample, label) in zip(batch.samples, batch.labels) where label == 0 {
          drawn[sample] += 1
        }
      }
    }
    // 2,000 epochs of 10 negatives over 20 samples: 1,000 each, deviation about 27.
    for sample in partition.negatives(of: 0) {
      #expect(abs(drawn[sample] - 1000) < 150, "sample \(sample): \(drawn[sample])")
    }
  }

  @Test("the same stream gives the same epoch, another one a different epoch")
  func reproducible() throws {
    let data = dataset([40, 40])
    let sampler = EpochSampler(
      .balanced, partition: try .byClass(data), subset: 0, labels: data.train.labels, batchSize: 8)
    var a = RandomStream(seed: 1, purpose: "x", 1)
    var b = RandomStream(seed: 1, purpose: "x", 1)
    var c = RandomStream(seed: 1, purpose: "x", 2)
    let first = sampler.epoch(random: &a)
    #expect(first == sampler.epoch(random: &b))
    #expect(first != sampler.epoch(random: &c))
  }

  @Test("multi-class and natural epochs hold every sample once")
  func wholeEpochs() throws {
    let data = dataset([5, 9, 4])
    for (rule, partition) in [
      (EpochSampler.Rule.multiclass, Partition.all(data)), (.natural, try .byClass(data)),
    ] {
      let sampler = EpochSampler(
        rule, partition: partition, subset: 0, labels: data.train.labels, batchSize: 4)
      var random = RandomStream(seed: 1, purpose: "whole")
      let batches = sampler.epoch(random: &random)
      #expect(batches.count == sampler.batchesPerEpoch)
      #expect(batches.flatMap(\.samples).sorted() == Array(0..<18))
      for batch in batches {
        for (sample, label) in zip(batch.samples, batch.labels) {
          let truth = data.train.labels[sample]
          #expect(label == (rule == .multiclass ? truth : truth == 0 ? 1 : 0))
        }
      }
    }
  }

  @Test("an unknown class is named with its nearest")
  func unknownClass() {
    #expect(throws: DatasetError.noSuchClass("clas 1", nearest: "class 1")) {
      try Partition.byClass(dataset([1, 1]), keeping: ["clas 1"])
    }
  }
}
