internal import Tensors

/// A strided layer over spectra: a fine map with many frequencies and a coarse one with half as many, joined by
/// a kernel of 3 windows × 3 or 5 frequencies with stride (1, 2) and weights `[coarse, fine, 3, k]`.
///
/// coarse[a][t][q] meets fine[b][t + i − 1][2q + j − k/2] through weight [a][b][i][j]. A convolution sums over
/// b, i and j; a transposed convolution over a, i and j; each is the other's gradient by the input. From W
/// fine frequencies ⌈W / 2⌉ coarse ones come. The way back gives 2 ⌈W / 2⌉ − 1 of them and, where W is even,
/// the last one as well (PyTorch's `output_padding`): a decoder's maps are as large as the encoder's, so
/// skips need neither cropping nor padding.
///
/// The work goes over blocks of some rows and some coarse frequencies, so that what a block reads stays in
/// the second-level cache.
struct SpectralGeometry {
  /// Windows and, below, frequencies of both maps.
  let shape: SpectralShape
  let fineBins: Int
  let coarseBins: Int
  let fineChannels: Int
  let coarseChannels: Int
  /// Frequencies that the kernel covers, odd.
  let kernel: Int

  /// Coarse frequencies and rows of a block.
  let blockBins: Int
  let blockRows: Int

  /// Windows that the kernel covers.
  static let taps = 3

  init(
    frames: Int, fineBins: Int, fineChannels: Int, coarseChannels: Int, kernel: Int
  ) {
    precondition(kernel % 2 == 1, "an even kernel has no middle")
    shape = SpectralShape(frames: frames, bins: fineBins)
    (self.fineBins, self.kernel) = (fineBins, kernel)
    (self.fineChannels, self.coarseChannels) = (fineChannels, coarseChannels)
    coarseBins = (fineBins + 1) / 2
    let blocks = (coarseBins + 64) / 65
    blockBins = (coarseBins + blocks - 1) / blocks
    blockRows = min(shape.stretch, max(4, min(8, 96 / blockBins)))
  }

  var stretch: Int { shape.stretch }
  var border: Int { kernel / 2 }
  var weightCount: Int { fineChannels * coarseChannels * Self.taps * kernel }
  /// Multiply-adds of one lane.
  var multiplyAdds: Int { weightCount * stretch * coarseBins }
  /// Products of one coarse value.
  var fineTaps: Int { fineChannels * Self.taps * kernel }

  // MARK: Windows in scratch memory

  /// A part of a map with what its neighbours see of it: `[channel][row][column]`.
  struct Window {
    var rowStride: Int
    var channelStride: Int
    var channels: Int

    init(rowStride: Int, rows: Int, channels: Int) {
      self.rowStride = rowStride
      // Never a power of two.
      channelStride = rowStride * rows | 1
      self.channels = channels
    }

    var count: Int { channels * channelStride }
  }

  /// The fine map: its even columns, then its odd ones, from frequency 2 · first − border on.
  var fine: Window {
    Window(rowStride: 2 * fineHalf, rows: blockRows + 2, channels: fineChannels)
  }

  /// Columns of one parity.
  var fineHalf: Int { blockBins + border }

  /// The coarse map, from frequency first − 1 on.
  var coarse: Window {
    Window(rowStride: blockBins + 2, rows: blockRows + 2, channels: coarseChannels)
  }

  /// Vectors for one row of either map with its border.
  var rowCount: Int { 2 * fineHalf + 2 }

  /// Where weight (b, i, j) finds the fine map, from the block's first row and column on.
  var fineOffsets: [Int32] {
    let window = fine
    return (0..<fineChannels).flatMap { b in
      (0..<Self.taps).flatMap { i in
        (0..<kernel).map { j in
          Int32(
            b * window.channelStride + i * window.rowStride + (j & 1) * fineHalf + j >> 1)
        }
      }
    }
  }

  /// The taps that meet fine frequencies of a parity: kernel column, and by how much the coarse frequency is
  /// above half the fine one.
  func columns(parity: Int) -> [(tap: Int, shift: Int)] {
    (0..<kernel).filter { ($0 + parity + border) % 2 == 0 }
      .map { (tap: $0, shift: (parity + border - $0) / 2) }
  }

  /// Where the products of fine frequencies of a parity find the coarse map.
  func coarseOffsets(parity: Int) -> [Int32] {
    let window = coarse
    return (0..<coarseChannels).flatMap { a in
      (0..<Self.taps).flatMap { i in
        columns(parity: parity).map { column in
          Int32(
            a * window.channelStride + (Self.taps - 1 - i) * window.rowStride + 1 + column.shift)
        }
      }
    }
  }

  /// Where the weights of those products are in `[coarse, fine, 3, k]`, for fine channel 0.
  func coarseWeights(parity: Int) -> [Int32] {
    (0..<coarseChannels).flatMap { a in
      (0..<Self.taps).flatMap { i in
        columns(parity: parity).map { column in
          Int32((a * fineChannels * Self.taps + i) * kernel + column.tap)
        }
      }
    }
  }

  /// The blocks of coarse frequencies.
  var binBlocks: [Range<Int>] {
    stride(from: 0, to: coarseBins, by: blockBins).map { $0..<min($0 + blockBins, coarseBins) }
  }
}
