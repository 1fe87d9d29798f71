import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Networks by recipe, of other sizes, and from files of somebody's own.
@Suite struct ModelTests {
  private let runs = RunFolder()

  private static let recipe: [LayerRecipe] = [
    .convolution(outputs: 8, kernel: 3, stride: 2), .batchNorm, .rectifier,
    .residual(
      body: [
        .depthwise(kernel: 3, stride: 1), .batchNorm,
        .convolution(outputs: 8, kernel: 1, stride: 1),
      ],
      shortcut: []),
    .rectifier, .maxPool(size: 2), .squeezeExcitation(reduction: 2), .flatten,
    .linear(outputs: 12), .rectifier,
  ]

  private static func config(_ change: (inout ExperimentConfig) -> Void) -> ExperimentConfig {
    RunFolder.config {
      $0.extraction.epochsPerRound = 4
      $0.retraining.epochs = 4
      $0.extraction.pruneCount = 100_000
      $0.extraction.targets = [0.3, 0.6]
      change(&$0)
    }
  }

  private static func recipeConfig(_ change: (inout ExperimentConfig) -> Void = { _ in })
    -> ExperimentConfig
  {
    config {
      $0.dataset.imageSize = 16
      $0.model.kind = .recipe
      $0.model.layers = recipe
      change(&$0)
    }
  }

  @Test("a run of a recipe is the same on any number of threads, stopped and resumed, or branched")
  func recipeRuns() async throws {
    // Long enough that the stop does not come too late.
    let config = Self.recipeConfig {
      $0.extraction.epochsPerRound = 120
      $0.retraining.epochs = 40
    }
    try await runs.finished(config, name: "whole")
    try await runs.finished(config, name: "shared", threads: 2)
    #expect(try runs.results("whole") == runs.results("shared"))
    await runs.stop(try await runs.start(config, name: "stopped"), after: 20)
    await (try await runs.resume("stopped")).waitUntilEnded()
    #expect(try runs.results("stopped") == runs.results("whole"))
    let branch = try await EngineRunner.branch(
      "whole", round: 1, changes: [], runsFolder: runs.path, name: "branch", threads: 1,
      isInteractive: false)
    await branch.waitUntilEnded()
    let (a, b) = (try runs.results("whole"), try runs.results("branch"))
    #expect(a["masks/round-0002.safetensors"] == b["masks/round-0002.safetensors"])
    #expect(try StoredRun.open("whole", in: runs.path).overlap(round: 2).round == 2)
  }

  @Test("all of GhostNet runs on larger images")
  func largerImages() async throws {
    try await runs.finished(
      Self.config {
        $0.dataset.imageSize = 48
        $0.dataset.trainSamples = 60
        $0.model.kind = .ghostnetFull
        $0.model.width = 0.25
        $0.extraction.epochsPerRound = 1
        $0.extraction.targets = [0.5]
        $0.retraining.epochs = 1
      }, name: "large", threads: 2)
    let summary = try runs.directory("large").summary()
    #expect(summary.subnetworks.allSatisfy { abs($0.sparsity - 0.5) < 1e-4 })
  }

  @Test("networks beyond the memory are refused before there is a run")
  func memory() async throws {
    let config = Self.config {
      $0.model.kind = .ghostnetFull
      $0.model.width = 2
      $0.dataset.imageSize = 256
      $0.dataset.trainSamples = 40
      $0.batchSize = 4096
    }
    await #expect {
      _ = try await runs.start(config, name: "huge")
    } throws: {
      "\($0)".hasPrefix("batch_size: the run's networks take ") && "\($0)".contains("GiB")
    }
    #expect(!FileManager.default.fileExists(atPath: runs.path + "/huge"))
  }

  @Test("images beyond the memory are refused")
  func images() throws {
    #expect {
      _ = try ClassificationTask(
        Self.config {
          $0.dataset.imageSize = 256
          $0.dataset.trainSamples = 50_000
        })
    } throws: { "\($0)".hasPrefix("dataset.image_size: found 256, at which 50020") }
  }

  @Test("whatever recipe the config's check accepts can be built and trained")
  func randomRecipes() throws {
    var random = RandomStream(seed: 9, purpose: "recipes")
    var accepted = 0
    for _ in 0..<400 {
      let layers = Self.layers(&random, depth: 0)
      var config = ExperimentConfig()
      config.dataset.imageSize = 8
      config.model.kind = .recipe
      config.model.layers = layers
      guard (try? ExperimentConfig.parse(yaml: config.yaml(), file: "c.yaml")) == config else {
        continue
      }
      accepted += 1
      let network = Network(
        ModelCatalogue.architecture(of: config), outputs: 2, capacity: 20,
        pool: WorkerPool(threads: 1))
      let theta = network.layout.initialParameters(from: &random)
      for index in 0..<network.input.storage.count {
        network.input.storage[index] = random.normal()
      }
      network.input.count = 19
      let statistics = BatchNormStatistics(layout: network.batchNormLayout)
      let gradients = FloatBuffer(count: network.layout.count)
      gradients.fill(.nan)
      network.forward(weights: theta, statistics: statistics, mode: .training)
      _ = SoftmaxCrossEntropy.evaluate(
        logits: network.logits, labels: (0..<19).map { $0 % 2 }, gradient: network.logitGradient)
      network.backward(weights: theta, gradients: gradients)
      #expect(gradients.values.allSatisfy { $0.isFinite }, "\(config.yaml())")
      let report = ModelReport(config)
      #expect(report.prunable == network.layout.prunableCount)
    }
    #expect(accepted > 50, "\(accepted)")
  }

  @Test("a picture's network reads coordinates and makes a colour")
  func pictures() {
    var config = ExperimentConfig()
    config.task.kind = .inr
    config.model.kind = .coordinateMLP
    let report = ModelReport(config)
    #expect(report.input == "34 features" && report.outputs == 3 && report.prunable == 53_888)
    #expect(report.layers.last?.output.contains("3") == true)
    let classifier = ModelReport(ExperimentConfig())
    #expect(classifier.input == "3 × 32 × 32" && classifier.outputs == 1)
  }

  private static func layers(_ random: inout RandomStream, depth: Int) -> [LayerRecipe] {
    (0..<1 + random.index(below: 5)).map { _ in
      switch random.index(below: depth < 3 ? 13 : 10) {
      case 0, 1:
        .convolution(
          outputs: 3, kernel: 1 + 2 * random.index(below: 3), stride: 1 + random.index(below: 2))
      case 2: .depthwise(kernel: 3, stride: 1)
      case 3, 4: .batchNorm
      case 5: .rectifier
      case 6: random.index(below: 2) == 0 ? .maxPool(size: 2) : .averagePool(size: 2)
      case 7: random.index(below: 2) == 0 ? .globalPool : .flatten
      case 8: .linear(outputs: 3)
      case 9: .squeezeExcitation(reduction: 1 + random.index(below: 3))
      default:
        .residual(
          body: layers(&random, depth: depth + 1),
          shortcut: random.index(below: 2) == 0 ? [] : layers(&random, depth: depth + 1))
      }
    }
  }
}
