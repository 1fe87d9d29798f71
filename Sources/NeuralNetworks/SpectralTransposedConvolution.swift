internal import Tensors

/// A transposed convolution over spectra with kernel 3 × k and stride (1, 2), weights
/// `[inputs, outputs, 3, k]`, with or without bias:
/// y[o][t][f] = b[o] + Σ w[c][o][i][j] · x[c][t − i + 1][q] over all q with 2q + j − k/2 = f (paper §7).
final class SpectralTransposedConvolution: SpectralStep {
  private let bias: Range<Int>?

  init(
    sources: [FeatureMap], output: FeatureMap, weights: Range<Int>, bias: Range<Int>?,
    geometry: SpectralGeometry, isFirst: Bool
  ) {
    self.bias = bias
    super.init(
      sources: sources, output: output, weights: weights, geometry: geometry, isFirst: isFirst)
  }

  override var kind: String { "transposed convolution" }

  override func forward(_ pass: ShardPass) {
    var memory = memory(pass)
    let matrices = scatterMatrices(pass, 0..<map.channels, &memory)
    for group in pass.groups {
      let target = Target(
        planes: map.planes.plane(group: group, channel: 0),
        bias: bias.map { pass.weights + $0.lowerBound })
      forEachBlock { block in
        read(memory, block, group)
        scatter(matrices, memory, block, into: target)
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    var memory = memory(pass)
    let matrices = isFirst ? [] : parts.map { gatherMatrix(pass, $0, &memory) }
    for group in pass.groups {
      forEachBlock { block in
        read(memory, block, group)
        fillFine(memory, block) { channel, row, first, count, to in
          fineReader.slopes(
            outputGradients[channel], group: group, row: row, from: first, count: count, into: to)
        }
        accumulate(pass, memory, block)
        for (part, matrix) in matrices.enumerated() {
          gather(matrix, memory, block, into: target(part: part, group: group))
        }
      }
      addBiasGradient(pass, group)
      sumSources(group: group)
      sumCompleted(group: group)
    }
  }

  /// Padding has no gradient, so whole planes are summed.
  private func addBiasGradient(_ pass: ShardPass, _ group: Int) {
    guard let bias else { return }
    for (channel, gradient) in outputGradients.enumerated() {
      pass.gradients[bias.lowerBound + channel] +=
        Normalization.sums(gradient.slope(group: group), pixels: map.pixels).0
    }
  }

  private func read(_ memory: Memory, _ block: Block, _ group: Int) {
    fillCoarse(memory, block) { channel, row, first, count, to in
      coarseReader.values(
        readers[channel], group: group, row: row, from: first, count: count, into: to)
    }
  }
}
