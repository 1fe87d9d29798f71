import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Implicit representations of a picture: their θ₀, mini-batches, figures and drawings, through the same
/// stages as every task.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PictureTaskTests {
  private let folder = RunFolder()

  /// A picture of 32 × 24 in five regions.
  static func config(_ change: (inout ExperimentConfig) -> Void = { _ in }) -> ExperimentConfig {
    var config = ExperimentConfig()
    config.dataset.kind = .landscape
    config.dataset.longestSide = 32
    config.subsets.by = .region
    config.task.kind = .inr
    config.task.stepsPerEpoch = 10
    config.model.kind = .coordinateMLP
    config.batchSize = 64
    config.optimizer.learningRate = 2e-3
    config.extraction.epochsPerRound = 3
    config.extraction.pruneCount = 16_384
    config.extraction.targets = [0.25, 0.5]
    config.retraining.epochs = 6
    config.evaluation.roundSamples = 40
    config.checkpoints.everySteps = 50
    change(&config)
    return config
  }

  private static func single(_ change: (inout ExperimentConfig) -> Void = { _ in })
    -> ExperimentConfig
  {
    config {
      $0.subsets.by = .all
      change(&$0)
    }
  }

  @Test("θ₀ is the baseline's without the inputs that tell the region")
  func sharedInitialParameters() throws {
    let (narrow, wide) = (try PictureTask(Self.config()), try PictureTask(Self.single()))
    let (narrowLayout, wideLayout) = (narrow.makeLayout(), wide.makeLayout())
    #expect(narrowLayout.prunableCount == 53_888)
    #expect(wideLayout.prunableCount == 55_936)
    let a = try narrow.initialParameters(layout: narrowLayout)
    let b = try wide.initialParameters(layout: wideLayout)
    for slice in narrowLayout.slices {
      let other = try #require(wideLayout.slice(named: slice.name))
      if slice.name == "layers.0.weight" {
        for row in 0..<128 {
          for column in 0..<34 {
            #expect(
              a[slice.range.lowerBound + row * 34 + column]
                == b[other.range.lowerBound + row * 50 + column])
          }
        }
      } else {
        #expect(zip(slice.range, other.range).allSatisfy { a[$0] == b[$1] }, "\(slice.name)")
      }
    }
    #expect(narrow.subnetworkNames == ["sky", "sun", "hills", "house", "lake"])
    #expect(wide.subnetworkNames == ["all"])
  }

  @Test("mini-batches are of the region, without repetition within a pass, the same each time")
  func batches() throws {
    let task = try PictureTask(Self.config())
    for k in task.subnetworkNames.indices {
      let region = Set(task.image.map.pixels(of: k))
      let batches = task.epoch(stage: .extraction, round: 1, subnetwork: k, epoch: 2)
      #expect(batches.count == 10 && task.stepsPerEpoch(subnetwork: k) == 10)
      #expect(batches == task.epoch(stage: .extraction, round: 1, subnetwork: k, epoch: 2))
      #expect(batches.allSatisfy { region.isSuperset(of: $0.samples) })
      if region.count <= 64 {
        #expect(batches.allSatisfy { Set($0.samples) == region })
      } else {
        #expect(batches.allSatisfy { Set($0.samples).count == 64 })
        #expect(batches != task.epoch(stage: .extraction, round: 1, subnetwork: k, epoch: 3))
        let pass = batches.prefix(region.count / 64).flatMap(\.samples)
        #expect(Set(pass).count == pass.count)
      }
    }
    // As many updates of θ, and points, as all regions together.
    #expect(try PictureTask(Self.single()).stepsPerEpoch(subnetwork: 0) == 50)
  }

  private func reports(_ name: String) throws -> [EvaluationReport] {
    try folder.metrics(name).compactMap { event in
      if case .evaluated(let report) = event, report.stage == .retraining { report } else { nil }
    }
  }

  @Test("a run through all stages: exact masks, PSNR per region and over all, drawings")
  func wholeRun() async throws {
    try await folder.finished(Self.config(), name: "run", threads: 2)
    let reports = try reports("run")
    #expect(reports.map(\.target) == [0.25, 0.5])
    let last = try #require(reports.last)
    #expect(last.samples == 32 * 24 && last.argmaxAccuracy == nil)
    #expect(last.subnetworks.allSatisfy { $0.score.metric == .psnr && $0.score.value > 12 })
    #expect(last.subnetworks.allSatisfy { $0.balancedAccuracy.isNaN })
    let overall = try #require(last.overall)
    let scores = last.subnetworks.map(\.score.value)
    #expect(overall.value > (scores.min() ?? 0) && overall.value < (scores.max() ?? 0))
    let summary = try folder.directory("run").summary()
    #expect(summary.subnetworks.allSatisfy { $0.weightsLeft == 26_944 })
    #expect(summary.subnetworks.map { $0.score?.value } == scores.map(Optional.init))
    #expect(summary.subnetworks.allSatisfy { $0.balancedAccuracy == nil })
    // Each region after its extraction, and all of them after each retraining.
    let drawn = try folder.metrics("run").compactMap { event in
      if case .pictureDrawn(let report) = event { report } else { nil }
    }
    #expect(drawn.count { $0.stage == .extraction && $0.subnetwork != nil } == 2 * 5)
    #expect(drawn.count { $0.stage == .retraining && $0.subnetwork == nil } == 2)
    #expect(drawn.allSatisfy { $0.width == 32 && $0.height == 24 && $0.shown.count == 2304 })

    let stored = try StoredRun.open("run", in: folder.path)
    let again = try stored.evaluate(round: nil, threads: 1)
    #expect(again.report.subnetworks == last.subnetworks && again.report.overall == overall)
    #expect(again.predictions.split(separator: "\n").count == 1 + 32 * 24)
    func render(
      _ scale: Double = 1, _ style: StoredRun.RenderingStyle = .colors, borders: Bool = false,
      target: Double? = nil
    ) throws -> StoredRun.Rendering {
      try stored.render(
        round: nil, target: target, scale: scale, style: style, hasBorders: borders, threads: 2)
    }
    let plain = try render()
    #expect(plain.round == last.round && plain.target == 0.5)
    #expect(plain.picture.bytes == Array(try #require(drawn.last).shown))
    // In eight bits: within a little of the exact figure.
    #expect(abs(plain.overall.value - overall.value) < 0.1)
    #expect(plain.regions.map(\.name) == ["sky", "sun", "hills", "house", "lake"])
    #expect(try render(target: 0.25).round == reports[0].round)
    let large = try render(2.5)
    #expect(large.picture.width == 80 && large.picture.height == 60)
    // A drawing of its own, not a magnified one, and still of the same picture.
    #expect(large.overall.value > 10)
    #expect(large.picture != plain.picture.resized(width: 80, height: 60))
    let borders = try render(borders: true)
    let map = ProceduralLandscape.image(longestSide: 32).map
    for pixel in 0..<31 where map.regions[pixel] == map.regions[pixel + 1] {
      guard map.regions[pixel] == map.regions[pixel + 32] else { continue }
      #expect(borders.picture.bytes[3 * pixel] == plain.picture.bytes[3 * pixel])
    }
    #expect(borders.picture != plain.picture)
    #expect(try render(1, .error).picture.bytes.reduce(0) { $0 + Int($1) } > 0)
    for (target, scale, text) in [
      (0.9, 1.0, "target: found 0.9, expected one that run 'run' has reached: 0.25, 0.5"),
      (0.5, 1e6, "scale: found 1000000.0, which makes 32000000 × 24000000 pixels"),
    ] {
      do {
        _ = try render(scale, target: target)
        Issue.record("nothing was refused")
      } catch {
        #expect("\(error)".hasPrefix(text), "\(error)")
      }
    }
  }

  @Test("the bits do not depend on the number of threads")
  func threads() async throws {
    for (name, threads) in [("one", 1), ("three", 3)] {
      try await folder.finished(Self.config(), name: name, threads: threads)
    }
    #expect(try folder.results("one") == folder.results("three"))
    #expect(try folder.metricsBySubnetwork("one") == folder.metricsBySubnetwork("three"))
  }

  @Test("stopped anywhere, resumed: the same log and the same bytes", arguments: [false, true])
  func resume(isSingle: Bool) async throws {
    let config = isSingle ? Self.single() : Self.config()
    try await folder.finished(config, name: "whole")
    let (metrics, results) = (try folder.metrics("whole"), try folder.results("whole"))
    var cuts = 0
    for cut in stride(from: 40, to: metrics.count, by: metrics.count / 4) {
      let name = "cut-\(cut)"
      await folder.stop(try await folder.start(config, name: name), after: cut)
      if try folder.directory(name).summary().state == .finished { continue }
      cuts += 1
      await (try await folder.resume(name)).waitUntilEnded()
      #expect(try folder.metrics(name) == metrics, "cut after \(cut)")
      #expect(try folder.results(name) == results, "cut after \(cut)")
    }
    #expect(cuts > 1, "most stops came in time")
  }

  @Test("the baseline: one mask, all pixels, a network that knows the region")
  func baseline() async throws {
    try await folder.finished(
      Self.config { $0.method = .impSingle }.resolvedForMethod(), name: "imp", threads: 2)
    let report = try #require(try reports("imp").last)
    #expect(report.subnetworks.count == 1 && report.samples == 32 * 24)
    #expect(report.overall == report.subnetworks[0].score)
    let summary = try folder.directory("imp").summary()
    #expect(summary.prunableParameters == 55_936)
    #expect(summary.subnetworks.map(\.weightsLeft) == [27_968])
    let rendering = try StoredRun.open("imp", in: folder.path).render(
      round: nil, target: nil, scale: 1, style: .colors, hasBorders: false, threads: 1)
    #expect(rendering.regions.count == 5)
  }

  @Test("K networks that share nothing go the same way")
  func independent() async throws {
    try await folder.finished(
      Self.config {
        $0.method = .impMultiple
        $0.extraction.targets = [0.3]
      }, name: "own", threads: 2)
    #expect(try reports("own").last?.subnetworks.count == 5)
  }

  @Test("a classifier and a picture are not taken for each other")
  func mixedUp() throws {
    #expect(throws: EngineError.self) {
      _ = try ClassificationTask(ExperimentConfig.tiny { $0.model.kind = .coordinateMLP })
    }
    #expect(throws: EngineError.self) { _ = try ClassificationTask(Self.config()) }
  }
}

extension ExperimentConfig {
  /// The config as a file would give it, with what its method fixes.
  fileprivate func resolvedForMethod() throws -> ExperimentConfig {
    try ExperimentConfig.parse(yaml: yaml(), file: "config", overrides: [])
  }
}
