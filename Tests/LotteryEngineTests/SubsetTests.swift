import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Subsets of several classes, and such as the program finds.
struct SubsetTests {
  /// Ten classes around three places on a line, as an `.npy` file.
  private func embedding(in folder: RunFolder) throws -> String {
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    let path = folder.path + "/classes.npy"
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10, 1), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    data.append(contentsOf: header.utf8)
    for label in 0..<10 {
      let number = Double(label % 3) * 100 + Double(label)
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(
    "clusters are found once and written out: the run resumes without the embedding",
    arguments: [SubsetsConfig.Rule.kMeans, .agglomerative])
  func clusters(rule: SubsetsConfig.Rule) async throws {
    let folder = RunFolder()
    let path = try embedding(in: folder)
    let config = RunFolder.config {
      $0.subsets = SubsetsConfig()
      $0.subsets.by = rule
      $0.subsets.embedding = path
      $0.subsets.count = 3
    }
    try await folder.finished(config, name: "whole")
    let resolved = try folder.directory("whole").resolvedConfig().subsets
    let names = ProceduralImages.classNames
    #expect(resolved.by == .groups && resolved.embedding == nil)
    #expect(
      resolved.groups?.map(\.classes)
        == (0..<3).map { group in
          names.indices.filter { $0 % 3 == group }.map { names[$0] }
        })

    let cut = try await folder.start(config, name: "cut")
    await folder.stop(cut, after: 9)
    try FileManager.default.removeItem(atPath: path)
    await (try await folder.resume("cut")).waitUntilEnded()
    #expect(try folder.results("cut") == folder.results("whole"))
    #expect(try folder.metrics("cut") == folder.metrics("whole"))
  }

  @Test("class features are what the last layer reads: W h̄ + b is the mean of the logits")
  func features() async throws {
    let folder = RunFolder()
    let config = RunFolder.config {
      $0.extraction.epochsPerRound = 1
      $0.retraining.epochs = 1
      $0.model.kind = .ghostnet
      $0.extraction.pruneCount = 70_000
    }
    try await folder.finished(config, name: "run")
    let stored = try StoredRun.open("run", in: folder.path)
    #expect(throws: EngineError.noSuchSubnetwork(nil, names: stored.subnetworkNames)) {
      try stored.classFeatures(of: nil, round: nil, threads: 1)
    }
    #expect(throws: EngineError.self) {
      try stored.classFeatures(of: "rimg", round: nil, threads: 1)
    }
    let name = stored.subnetworkNames[1]
    let embedding = try stored.classFeatures(of: name, round: nil, threads: 2)
    #expect(embedding.dimensions == 128 && embedding.vectors.count == 10)
    let path = folder.path + "/classes.npy"
    try embedding.npy().write(to: URL(fileURLWithPath: path))
    #expect(try ClassEmbedding.read(path, classes: 10) == embedding)

    // The mean logit of each class over the training images, judged as if they were held out.
    let task = try ClassificationTask(config)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: 1))
    let layout = task.makeLayout()
    let directory = try folder.directory("run")
    let retrained = try #require(try directory.retrainedRounds().last)
    let weights = try Tickets.readWeights(
      directory.weightsPath(round: retrained.round, target: retrained.target), layout: layout)
    let masks = try Tickets.readMasks(
      directory.masksPath(round: retrained.round), subnetworks: stored.subnetworkNames,
      layout: layout, round: retrained.round)
    let statistics = try Tickets.readBatchNorm(
      directory.batchNormPath(round: retrained.round, target: retrained.target),
      subnetworks: stored.subnetworkNames, layout: trainer.network.batchNormLayout)
    trainer.useWeights(weights, mask: masks[1].bits)
    var sums = [Double](repeating: 0, count: 10)
    var counts = [Double](repeating: 0, count: 10)
    for sample in 0..<task.dataset.train.count {
      try task.load(
        unchanged: [sample][...], of: task.dataset.train, into: trainer.network.input,
        pool: trainer.pool)
      trainer.evaluate(statistics: statistics[1])
      var scores: [Float] = []
      task.appendScores(of: 0, subnetwork: 1, network: trainer.network, to: &scores)
      sums[Int(task.dataset.train.labels[sample])] += Double(scores[0])
      counts[Int(task.dataset.train.labels[sample])] += 1
    }
    let weight = try #require(layout.slice(named: "classifier.weight")).range
    let bias = try #require(layout.slice(named: "classifier.bias")).range
    for label in 0..<10 {
      let logit = embedding.vectors[label].enumerated().reduce(
        Double(weights[bias.lowerBound + 1])
      ) { $0 + $1.element * Double(weights[weight.lowerBound + 128 + $1.offset]) }
      #expect(abs(logit - sums[label] / counts[label]) < 1e-4)
    }
  }

  @Test("domains of an image folder: K multi-class subnetworks, each judged on its own domain")
  func domains() async throws {
    let folder = RunFolder()
    let images = folder.path + "/images"
    // Class by brightness in one domain, by its opposite in the other.
    for (d, domain) in ["bright", "dark"].enumerated() {
      for (c, name) in ["high", "low"].enumerated() {
        let place = "\(images)/\(domain)/\(name)"
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
        for number in 0..<20 {
          let value = UInt8((d == c ? 180 : 20) + number)
          let picture = Picture(
            width: 8, height: 8, channels: 3, bytes: [UInt8](repeating: value, count: 192))
          try PictureFile.png(picture).write(to: URL(fileURLWithPath: "\(place)/\(number).png"))
        }
      }
    }
    let config = ExperimentConfig.tiny {
      $0.dataset = DatasetConfig()
      $0.dataset.kind = .folder
      $0.dataset.path = images
      $0.dataset.cache = folder.path + "/cache"
      $0.subsets = SubsetsConfig()
      $0.subsets.by = .domain
      $0.task.kind = .multiclass
      $0.extraction.epochsPerRound = 20
      $0.extraction.pruneCount = 12_000
      $0.extraction.targets = [0.5]
      $0.retraining.epochs = 20
    }
    try await folder.finished(config, name: "domains")
    let stored = try StoredRun.open("domains", in: folder.path)
    #expect(stored.subnetworkNames == ["bright", "dark"])
    // What is right in one domain is wrong in the other: only a judge who knows the domain sees it.
    let report = try stored.evaluate(round: nil, threads: 1).report
    #expect(report.subnetworks.allSatisfy { $0.balancedAccuracy == 1 })
    #expect(try stored.overlap(round: nil).jaccard.count == 2)
  }

  @Test("a subset of several classes is judged as one, and chosen between as one")
  func quality() throws {
    let task = try ClassificationTask(
      .tiny {
        $0.subsets = SubsetsConfig()
        $0.subsets.by = .groups
        $0.subsets.groups = [
          .init(name: "some", classes: ["disc", "ring"]), .init(name: "other", classes: ["cross"]),
        ]
      })
    #expect(task.subnetworkNames == ["some", "other"] && task.scoreNames == ["some", "other"])
    let names = task.dataset.classNames
    let label = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    #expect(
      task.rightChoices
        == [
          label["disc"]: 0, label["ring"]: 0, label["cross"]: 1,
        ].reduce(into: [:]) { if let key = $1.key { $0[key] = $1.value } })
    let samples = task.heldOutSamples
    let perfect = samples.map { sample -> Float in
      ["disc", "ring"].contains(names[Int(task.dataset.test.labels[sample])]) ? 1 : -1
    }
    let quality = task.quality(of: perfect, subnetwork: 0, samples: samples)
    #expect(quality.balancedAccuracy == 1 && quality.precision == 1 && quality.recall == 1)
    #expect(task.argmaxChoices(scores: [[0.5, 2, 1], [0.25, 3, 1]]) == [0, 1, 0])
  }
}
