internal import Tensors

/// A convolution over spectra with kernel 3 × k and stride (1, 2), weights `[outputs, inputs, 3, k]`:
/// y[o][t][q] = Σ w[o][c][i][j] · x[c][t + i − 1][2q + j − k/2], zeros around the map (paper §7).
final class SpectralConvolution: SpectralStep {
  override var kind: String { "spectral convolution" }

  override func forward(_ pass: ShardPass) {
    var memory = memory(pass)
    let matrix = gatherMatrix(pass, 0..<map.channels, &memory)
    for group in pass.groups {
      let target = Target(planes: map.planes.plane(group: group, channel: 0))
      forEachBlock { block in
        read(memory, block, group)
        gather(matrix, memory, block, into: target)
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    var memory = memory(pass)
    let matrices = isFirst ? [] : parts.map { scatterMatrices(pass, $0, &memory) }
    for group in pass.groups {
      forEachBlock { block in
        read(memory, block, group)
        fillCoarse(memory, block) { channel, row, first, count, to in
          coarseReader.slopes(
            outputGradients[channel], group: group, row: row, from: first, count: count, into: to)
        }
        accumulate(pass, memory, block)
        for (part, pair) in matrices.enumerated() {
          scatter(pair, memory, block, into: target(part: part, group: group))
        }
      }
      sumSources(group: group)
      sumCompleted(group: group)
    }
  }

  private func read(_ memory: Memory, _ block: Block, _ group: Int) {
    fillFine(memory, block) { channel, row, first, count, to in
      fineReader.values(
        readers[channel], group: group, row: row, from: first, count: count, into: to)
    }
  }
}
