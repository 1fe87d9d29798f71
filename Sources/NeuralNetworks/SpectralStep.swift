internal import Tensors

/// What strided and transposed convolutions over spectra share: their scratch memory, the way through the
/// blocks, and the three products over a block.
class SpectralStep: Step {
  let geometry: SpectralGeometry
  let map: FeatureMap
  /// The weights, `[coarse, fine, 3, k]`: PyTorch's layout of either layer.
  let weights: Range<Int>
  let isFirst: Bool
  /// The channels of each source among all of them.
  let parts: [Range<Int>]

  private let fineOffsets: [Int32]
  private let coarseOffsets: [[Int32]]
  private let coarseWeights: [[Int32]]
  let fineReader: SpectralReader
  let coarseReader: SpectralReader

  init(
    sources: [FeatureMap], output: FeatureMap, weights: Range<Int>, geometry: SpectralGeometry,
    isFirst: Bool
  ) {
    (self.geometry, map, self.weights) = (geometry, output, weights)
    self.isFirst = isFirst
    var first = 0
    parts = sources.map { source in
      defer { first += source.channels }
      return first..<first + source.channels
    }
    fineOffsets = geometry.fineOffsets
    coarseOffsets = (0..<2).map(geometry.coarseOffsets)
    coarseWeights = (0..<2).map(geometry.coarseWeights)
    fineReader = SpectralReader(geometry, bins: geometry.fineBins)
    coarseReader = SpectralReader(geometry, bins: geometry.coarseBins)
    super.init(sources: sources, output: output)
  }

  override var multiplyAdds: Int { geometry.multiplyAdds }
  override var sumsSources: Bool { true }
  override func wire() { if !isFirst { super.wire() } }

  // MARK: Scratch memory

  /// Vectors for packed weights of either direction, parities and sources included, and for weights in the
  /// order of a product.
  private var packedCount: Int {
    // Tiles are filled up to at most eight outputs, source by source and for both parities.
    let padded = 8 * 2 * (parts.count + 1)
    let rows = max(geometry.fineTaps, geometry.coarseChannels * SpectralGeometry.taps * 3)
    let floats = geometry.weightCount + padded * rows
    return 2 * (floats / LaneBatch.lanes + 1)
  }

  override var scratchCount: Int {
    packedCount + geometry.rowCount + geometry.fine.count + geometry.coarse.count
  }

  /// The places in a worker's scratch memory.
  struct Memory {
    /// Taken from the front while weights are packed.
    var packed: UnsafeMutablePointer<Float>
    let row: UnsafeMutablePointer<Lanes>
    let fine: UnsafeMutablePointer<Lanes>
    let coarse: UnsafeMutablePointer<Lanes>
  }

  func memory(_ pass: ShardPass) -> Memory {
    let row = pass.scratch + packedCount
    let fine = row + geometry.rowCount
    return Memory(
      packed: UnsafeMutableRawPointer(pass.scratch).assumingMemoryBound(to: Float.self), row: row,
      fine: fine, coarse: fine + geometry.fine.count)
  }

  // MARK: Packed weights

  /// The weights of products that sum over the fine map, for some coarse channels.
  func gatherMatrix(
    _ pass: ShardPass, _ channels: Range<Int>, _ memory: inout Memory
  ) -> PackedMatrix {
    let taps = geometry.fineTaps
    let source = PackedMatrix.Source(
      pass.weights + (weights.lowerBound + channels.lowerBound * taps), outputs: channels.count,
      channels: taps)
    defer { memory.packed += PackedMatrix.count(outputs: channels.count, inputs: taps) }
    return PackedMatrix(source, into: memory.packed)
  }

  /// The weights of products that sum over the coarse map, for some fine channels and each parity.
  func scatterMatrices(
    _ pass: ShardPass, _ channels: Range<Int>, _ memory: inout Memory
  ) -> [PackedMatrix] {
    coarseWeights.map { places in
      let ordered = memory.packed
      memory.packed += channels.count * places.count
      for (output, channel) in channels.enumerated() {
        let from =
          pass.weights
          + (weights.lowerBound + channel * SpectralGeometry.taps * geometry.kernel)
        for (k, place) in places.enumerated() {
          ordered[output &* places.count &+ k] = from[Int(place)]
        }
      }
      let source = PackedMatrix.Source(
        ordered, outputs: channels.count, channels: places.count)
      defer { memory.packed += PackedMatrix.count(outputs: channels.count, inputs: places.count) }
      return PackedMatrix(source, into: memory.packed)
    }
  }

  // MARK: Blocks

  /// Some rows and coarse frequencies.
  struct Block {
    var rows: Range<Int>
    var bins: Range<Int>
    /// Whether the block before was the one above.
    var continues: Bool
  }

  /// Goes through all blocks, top to bottom, then to the next frequencies.
  func forEachBlock(_ body: (Block) -> Void) {
    for bins in geometry.binBlocks {
      for row in stride(from: 0, to: geometry.stretch, by: geometry.blockRows) {
        let rows = row..<min(row + geometry.blockRows, geometry.stretch)
        body(Block(rows: rows, bins: bins, continues: row > 0))
      }
    }
  }

  /// Fills a window: two rows are there already where a block continues the one above.
  private func fill(
    _ window: SpectralGeometry.Window, _ place: UnsafeMutablePointer<Lanes>, _ block: Block,
    _ read: (_ channel: Int, _ row: Int, _ to: UnsafeMutablePointer<Lanes>) -> Void
  ) {
    for channel in 0..<window.channels {
      let plane = place + channel * window.channelStride
      if block.continues {
        let kept = 2 * window.rowStride
        // Only the last block may be shorter, so the one above was full.
        plane.update(from: plane + geometry.blockRows * window.rowStride, count: kept)
      }
      let first = block.rows.lowerBound - 1
      for row in (block.continues ? first + 2 : first)...block.rows.upperBound {
        read(channel, row, plane + (row - first) * window.rowStride)
      }
    }
  }

  /// Fills the window of the fine map.
  func fillFine(
    _ memory: Memory, _ block: Block,
    _ read: (
      _ channel: Int, _ row: Int, _ first: Int, _ count: Int, UnsafeMutablePointer<Lanes>
    ) -> Void
  ) {
    let (half, count) = (geometry.fineHalf, 2 * geometry.fineHalf)
    let first = 2 * block.bins.lowerBound - geometry.border
    fill(geometry.fine, memory.fine, block) { channel, row, to in
      read(channel, row, first, count, memory.row)
      SpectralRows.part(memory.row, even: to, odd: to + half, count: count)
    }
  }

  /// Fills the window of the coarse map.
  func fillCoarse(
    _ memory: Memory, _ block: Block,
    _ read: (
      _ channel: Int, _ row: Int, _ first: Int, _ count: Int, UnsafeMutablePointer<Lanes>
    ) -> Void
  ) {
    fill(geometry.coarse, memory.coarse, block) { channel, row, to in
      read(channel, row, block.bins.lowerBound - 1, geometry.blockBins + 2, to)
    }
  }

  // MARK: Products over a block

  /// Where some channels of a map go, and what they are added to.
  struct Target {
    var planes: UnsafeMutablePointer<Lanes>
    var base: UnsafeMutablePointer<Lanes>?
    var bias: UnsafePointer<Float>?
  }

  /// Coarse values from the fine window.
  func gather(_ matrix: PackedMatrix, _ memory: Memory, _ block: Block, into target: Target) {
    let bins = geometry.coarseBins
    fineOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      for (index, row) in block.rows.enumerated() {
        let at = row * bins + block.bins.lowerBound
        multiply(
          matrix, memory.fine + index * geometry.fine.rowStride, offsets, target, at, step: 1,
          channelStride: geometry.stretch * bins, pixels: block.bins.count)
      }
    }
    mask(target.planes, matrix.outputs, block, bins: bins, block.bins)
  }

  /// Fine values from the coarse window, even and odd frequencies by themselves.
  func scatter(_ matrices: [PackedMatrix], _ memory: Memory, _ block: Block, into target: Target) {
    let bins = geometry.fineBins
    let fine = 2 * block.bins.lowerBound..<min(2 * block.bins.upperBound, bins)
    for parity in 0..<2 {
      coarseOffsets[parity].withUnsafeBufferPointer { offsets in
        guard let offsets = offsets.baseAddress else { return }
        for (index, row) in block.rows.enumerated() {
          multiply(
            matrices[parity], memory.coarse + index * geometry.coarse.rowStride, offsets, target,
            row * bins + fine.lowerBound + parity, step: 2,
            channelStride: geometry.stretch * bins, pixels: (fine.count + 1 - parity) / 2)
        }
      }
    }
    mask(target.planes, matrices[0].outputs, block, bins: bins, fine)
  }

  /// The gradient of the weights from both windows.
  func accumulate(_ pass: ShardPass, _ memory: Memory, _ block: Block) {
    let (coarse, fine) = (geometry.coarse, geometry.fine)
    fineOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      DenseProduct.accumulateGradient(
        pass.gradients + weights.lowerBound, outputs: geometry.coarseChannels,
        inputs: geometry.fineTaps,
        dy: DenseProduct.Rectangle(
          memory.coarse + (coarse.rowStride + 1), channelStride: coarse.channelStride,
          rowStride: coarse.rowStride),
        x: memory.fine, xRowStride: fine.rowStride, offsets: offsets, rows: block.rows.count,
        columns: block.bins.count)
    }
  }

  private func multiply(
    _ matrix: PackedMatrix, _ x: UnsafePointer<Lanes>, _ offsets: UnsafePointer<Int32>,
    _ target: Target, _ at: Int, step: Int, channelStride: Int, pixels: Int
  ) {
    DenseProduct.multiply(
      matrix, x, xStride: 1, offsets: offsets,
      into: DenseProduct.Line(
        target.planes + at, channelStride: channelStride, pixelStride: step),
      DenseProduct.Ends(
        bias: target.bias,
        base: target.base.map {
          DenseProduct.Line($0 + at, channelStride: channelStride, pixelStride: step)
        }), pixels: pixels)
  }

  /// Zeros where a lane has no window.
  private func mask(
    _ planes: UnsafeMutablePointer<Lanes>, _ channels: Int, _ block: Block, bins: Int,
    _ columns: Range<Int>
  ) {
    for row in block.rows where geometry.shape.isPartial(row: row) {
      let presence = geometry.shape.presence(row: row)
      for channel in 0..<channels {
        SpectralRows.scale(
          planes + ((channel * geometry.stretch + row) * bins + columns.lowerBound), by: presence,
          count: columns.count)
      }
    }
  }

  // MARK: Gradients of sources

  /// Where the gradient of a source goes.
  func target(part: Int, group: Int) -> Target {
    let edge = channelEdges[parts[part].lowerBound]
    return Target(planes: edge.destination(group: group), base: edge.base(group: group))
  }

  /// Sums the gradients of the sources that are finished after this step.
  func sumSources(group: Int) {
    for (reader, edge) in zip(readers, channelEdges) {
      guard let sums = edge.sums, let numbers = reader.normalization?.pointee else { continue }
      sums[group &* edge.sumsStride] = ExponentialUnit.gradientSums(
        dz: edge.destination(group: group), reader.stored(group: group), numbers,
        count: sources[0].pixels)
    }
  }
}
