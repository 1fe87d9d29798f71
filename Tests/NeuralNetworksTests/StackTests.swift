import NeuralNetworks
import Tensors
import Testing

/// Plain stacks: every order in which layers can follow each other.
@Suite struct StackTests {
  private static let stacks: [[StackLayer]] = [
    [.convolution(outputs: 4, kernel: 3, stride: 1), .maxPool(size: 2), .batchNorm, .rectifier],
    [.convolution(outputs: 4, kernel: 3, stride: 2), .averagePool(size: 2), .rectifier],
    [.averagePool(size: 2), .depthwise(kernel: 3, stride: 1), .batchNorm, .flatten, .batchNorm],
    [.flatten, .linear(outputs: 6), .batchNorm, .rectifier, .linear(outputs: 5), .rectifier],
    [
      .convolution(outputs: 4, kernel: 1, stride: 1), .squeezeExcitation(reduction: 2), .batchNorm,
      .rectifier, .batchNorm, .globalPool, .linear(outputs: 3),
    ],
    [
      .residual(body: [.convolution(outputs: 3, kernel: 3, stride: 1)], shortcut: []),
      .residual(
        body: [.residual(body: [.batchNorm, .depthwise(kernel: 3, stride: 1)], shortcut: [])],
        shortcut: [.residual(body: [.rectifier], shortcut: [.batchNorm])]),
      .batchNorm,
    ],
  ]

  @Test("gradients equal differences", arguments: stacks, [19, 32])
  func gradients(stack: [StackLayer], samples: Int) {
    GradientCheck.run(
      Network(.stack(stack, side: 8), outputs: 3, capacity: 40, pool: WorkerPool(threads: 1)),
      samples: samples)
  }

  @Test(
    "neither threads nor padding nor the mask's kernels change the bits",
    arguments: [
      Architecture.stack(NetworkFixtureTests.recipe, side: 16),
      .fullGhostNet(width: 0.25, side: 48),
    ])
  func invariance(architecture: Architecture) {
    let alone = InvarianceTests.train(architecture, threads: 1, samples: 35)
    #expect(!alone.contains { Float(bitPattern: $0).isNaN })
    expectSame(InvarianceTests.train(architecture, threads: 2, samples: 35), alone)
    expectSame(InvarianceTests.train(architecture, threads: 1, samples: 35, padding: 1e9), alone)
    expectSame(
      InvarianceTests.train(architecture, threads: 1, samples: 35, tellsMask: false), alone)
  }

  @Test("layers tell their shapes, counts and memory")
  func layers() {
    let stack = Architecture.stack(
      [.convolution(outputs: 8, kernel: 3, stride: 1), .maxPool(size: 4), .flatten], side: 8)
    let layers = stack.layers(outputs: 2)
    #expect(layers.map(\.kind) == ["convolution", "max pool", "flatten", "classifier"])
    #expect(layers.map(\.output) == [[8, 8, 8], [8, 2, 2], [32, 1, 1], [2]])
    #expect(layers.map(\.name) == ["layers.0", "", "", "classifier"])
    #expect(layers.map(\.prunable) == [216, 0, 0, 0])
    #expect(layers.map(\.dense) == [0, 0, 0, 66])
    // 16 samples side by side: images and three maps, and the gradients of these.
    let maps = 192 + 512 + 32 + 32
    let bytes = stack.memoryBytes(outputs: 2, capacity: 17, threads: 1)
    #expect(bytes > 2 * maps * 64 && bytes < 2 * (2 * maps) * 64 + 200_000)
    #expect(stack.memoryBytes(outputs: 2, capacity: 1700, threads: 1) > 50 * bytes / 2)
  }
}
