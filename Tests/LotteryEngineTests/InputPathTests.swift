import Experiments
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Whether the input gets past a layer that has no weights left.
@Suite(.timeLimit(.minutes(2))) struct InputPathTests {
  /// What is said of the masks where that of the second subnetwork lacks a layer.
  private func reaches(without layer: String, _ config: ExperimentConfig) throws -> [Bool] {
    let task = try TaskCatalogue.task(config)
    let layout = task.makeLayout()
    let whole = BitVector(repeating: true, count: layout.prunableCount)
    var masks = [BitVector](repeating: whole, count: task.subnetworkNames.count)
    let range = try #require(layout.prunableLayers.first { $0.name == layer }?.range)
    for index in range { masks[1][index] = false }
    let path = InputPath(
      task: task, initial: try task.initialParameters(layout: layout),
      pool: WorkerPool(threads: 1))
    return try path.reaches(masks, layers: layout.prunableLayers.map(\.range))
  }

  /// Checks that the input gets through nowhere in the second subnetwork, or everywhere.
  private func expect(
    _ isReached: Bool, without layer: String, _ config: ExperimentConfig
  ) throws {
    let answers = try reaches(without: layer, config)
    #expect(answers.indices.allSatisfy { answers[$0] == ($0 != 1 || isReached) }, "\(layer)")
  }

  @Test(
    "a shortcut goes around a layer of a residual block",
    arguments: ["blocks.5.ghost2.primary.conv.weight", "blocks.2.ghost1.cheap.conv.weight"])
  func shortcut(layer: String) throws {
    try expect(true, without: layer, .tiny { $0.model.kind = .ghostnet })
  }

  @Test(
    "nothing goes around the first layer or the last",
    arguments: ["stem.conv.weight", "head.expand.conv.weight"])
  func ends(layer: String) throws {
    try expect(false, without: layer, .tiny { $0.model.kind = .ghostnet })
  }

  @Test(
    "nothing goes around a layer of a plain stack",
    arguments: [ExperimentConfig.tiny { _ in }, PictureTaskTests.config()])
  func plainStack(config: ExperimentConfig) throws {
    let names = try TaskCatalogue.task(config).makeLayout().prunableLayers.map(\.name)
    #expect(names.count >= 3)
    for name in names { try expect(false, without: name, config) }
  }

  @Test("the skips of a U-Net go around all but its first layer and its last")
  func skips() throws {
    let config = SpeechTaskTests.config()
    let names = try TaskCatalogue.task(config).makeLayout().prunableLayers.map(\.name)
    for name in names {
      try expect(name != names.first && name != names.last, without: name, config)
    }
  }
}
