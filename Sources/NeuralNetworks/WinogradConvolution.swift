internal import Tensors

/// A 3×3 convolution of stride 1 by Winograd's minimal filtering, weights `[outputs, inputs, 3, 3]`:
/// a matrix product at each of 16 positions, over tiles of 2 × 2 outputs (`Winograd`).
///
/// Tiles go through in blocks whose transforms stay in the second-level cache. The gradient of the
/// weights is summed over tiles and lanes, for which it takes larger blocks.
final class WinogradConvolution: Step {
  private let map: FeatureMap
  private let weights: Range<Int>
  private let isFirst: Bool
  private let planes: BorderedPlanes
  private let tileRows: Int
  private let tileColumns: Int

  /// Vectors of one side of a block's transforms: 384 KiB.
  private static let cached = 6144

  /// - Parameter isFirst: whether it reads the images, whose gradient nobody wants.
  init(source: FeatureMap, output: FeatureMap, weights: Range<Int>, isFirst: Bool) {
    map = output
    (self.weights, self.isFirst) = (weights, isFirst)
    (tileRows, tileColumns) = ((output.height + 1) / 2, (output.width + 1) / 2)
    planes = BorderedPlanes(
      height: output.height, width: output.width, before: 1,
      after: (1 + output.height % 2, 1 + output.width % 2))
    super.init(sources: [source], output: output)
  }

  override var kind: String { "convolution" }
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int {
    matrixCount + plainCount + (inputs + map.channels) * planes.stride + 2 * transformCount
  }

  override func wire() { if !isFirst { super.wire() } }

  /// Vectors for the transformed weights, packed in either direction.
  private var matrixCount: Int {
    let floats = max(
      PackedMatrix.count(outputs: map.channels, inputs: inputs),
      PackedMatrix.count(outputs: inputs, inputs: map.channels))
    return Winograd.positions * (floats + LaneBatch.lanes - 1) / LaneBatch.lanes
  }

  /// Vectors for the transformed weights, or their gradient, as they are.
  private var plainCount: Int {
    let floats = Winograd.positions * Winograd.stride(kernels: inputs * map.channels)
    return (floats + LaneBatch.lanes - 1) / LaneBatch.lanes
  }

  /// Vectors of one side of the transforms.
  private var transformCount: Int {
    let channels = max(inputs, map.channels)
    return Winograd.positions
      * max(Layout(channels, block).position, Layout(channels, gradientBlock).position)
  }

  /// Where the transforms of a block are: `[position][channel][tile]`, with strides that are no powers
  /// of two, as the positions of a tile are written together.
  private struct Layout {
    var channel: Int
    var position: Int

    init(_ channels: Int, _ tiles: Int) {
      channel = tiles | 1
      position = channels * channel | 1
    }
  }

  private var tiles: Int { tileRows * tileColumns }

  /// Tiles that go through together, a multiple of the three that a register tile covers.
  private var block: Int {
    min(tiles, max(1, Self.cached / (Winograd.positions * max(inputs, map.channels)) / 3) * 3)
  }

  /// The same for the gradient of the weights.
  private var gradientBlock: Int { min(tiles, 32) }

  /// Parts of the scratch memory.
  private struct Scratch {
    var packed: UnsafeMutablePointer<Float>
    var plain: UnsafeMutablePointer<Float>
    var x: UnsafeMutablePointer<Lanes>
    var dy: UnsafeMutablePointer<Lanes>
    var v: UnsafeMutablePointer<Lanes>
    var m: UnsafeMutablePointer<Lanes>
  }

  private func divide(_ pass: ShardPass) -> Scratch {
    func floats(_ at: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<Float> {
      UnsafeMutableRawPointer(at).assumingMemoryBound(to: Float.self)
    }
    let x = pass.scratch + matrixCount + plainCount
    let dy = x + inputs * planes.stride
    let v = dy + map.channels * planes.stride
    return Scratch(
      packed: floats(pass.scratch), plain: floats(pass.scratch + matrixCount), x: x, dy: dy, v: v,
      m: v + transformCount)
  }

  override func forward(_ pass: ShardPass) {
    let scratch = divide(pass)
    Winograd.transformWeights(
      pass.weights + weights.lowerBound, count: inputs * map.channels, into: scratch.plain)
    let matrices = (0..<Winograd.positions).map { position in
      pack(position, from: position, scratch) { $0 }
    }
    planes.clearBorders(scratch.x, channels: inputs)
    for group in pass.groups {
      planes.read(readers, group: group, pass, into: scratch.x)
      convolve(
        matrices, scratch.x, into: map.planes.plane(group: group, channel: 0), adding: nil,
        scratch)
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let scratch = divide(pass)
    Winograd.transformWeights(
      pass.weights + weights.lowerBound, count: inputs * map.channels, into: scratch.plain)
    let matrices = (0..<Winograd.positions).map { position in
      pack(position, from: Winograd.turned(position), scratch) { $0.transposed }
    }
    // The plain weights are no longer needed: their memory takes their gradient.
    scratch.plain.update(repeating: 0, count: plainCount * LaneBatch.lanes)
    planes.clearBorders(scratch.x, channels: inputs + map.channels)
    for group in pass.groups {
      planes.read(readers, group: group, pass, into: scratch.x)
      planes.read(outputGradients, group: group, pass, into: scratch.dy)
      accumulateGradient(scratch)
      if let edge = channelEdges.first {
        convolve(
          matrices, scratch.dy, into: edge.destination(group: group),
          adding: edge.base(group: group), scratch)
      }
      sumCompleted(group: group)
    }
    Winograd.accumulateGradient(
      scratch.plain, count: inputs * map.channels, into: pass.gradients + weights.lowerBound)
  }

  /// The packed weights of a position.
  private func pack(
    _ position: Int, from plain: Int, _ scratch: Scratch,
    _ direction: (PackedMatrix.Source) -> PackedMatrix.Source
  ) -> PackedMatrix {
    let source = direction(
      PackedMatrix.Source(
        scratch.plain + plain * Winograd.stride(kernels: inputs * map.channels),
        outputs: map.channels, channels: inputs))
    return PackedMatrix(
      source,
      into: scratch.packed + position
        * PackedMatrix.count(outputs: source.outputs, inputs: source.channels))
  }

  /// The convolution of one group, from bordered planes to a map.
  private func convolve(
    _ matrices: [PackedMatrix], _ x: UnsafeMutablePointer<Lanes>,
    into y: UnsafeMutablePointer<Lanes>, adding base: UnsafeMutablePointer<Lanes>?,
    _ scratch: Scratch
  ) {
    let (channels, outputs) = (matrices[0].inputs, matrices[0].outputs)
    let (from, to) = (Layout(channels, block), Layout(outputs, block))
    let offsets = (0..<channels).map { Int32($0 * from.channel) }
    for start in stride(from: 0, to: tiles, by: block) {
      let tiles = start..<min(start + block, self.tiles)
      transform(x, channels, tiles, from, into: scratch.v)
      for (position, matrix) in matrices.enumerated() {
        DenseProduct.multiply(
          matrix, scratch.v + position * from.position, xStride: 1, offsets: offsets,
          into: DenseProduct.Line(scratch.m + position * to.position, channelStride: to.channel),
          pixels: tiles.count)
      }
      for output in 0..<outputs {
        for tile in tiles {
          let (row, column) = (tile / tileColumns * 2, tile % tileColumns * 2)
          let at = output * map.pixels + row * map.width + column
          Winograd.transformOutput(
            scratch.m + (output * to.channel + tile - start), positionStride: to.position,
            into: y + at, adding: base.map { UnsafePointer($0 + at) }, rowStride: map.width,
            rows: map.height - row, columns: map.width - column)
        }
      }
    }
  }

  /// Adds a group's part of the transformed weights' gradient.
  private func accumulateGradient(_ scratch: Scratch) {
    let block = gradientBlock
    let outputs = map.channels
    let (from, to) = (Layout(inputs, block), Layout(outputs, block))
    let offsets = (0..<inputs).map { Int32($0 * from.channel) }
    for start in stride(from: 0, to: tiles, by: block) {
      let tiles = start..<min(start + block, self.tiles)
      transform(scratch.x, inputs, tiles, from, into: scratch.v)
      for output in 0..<outputs {
        for tile in tiles {
          Winograd.transformSlope(
            scratch.dy + (output * planes.stride + planes.corner + place(tile)),
            rowStride: planes.rowStride, into: scratch.m + (output * to.channel + tile - start),
            positionStride: to.position)
        }
      }
      for position in 0..<Winograd.positions {
        DenseProduct.accumulateGradient(
          scratch.plain + position * Winograd.stride(kernels: inputs * outputs),
          outputs: outputs, inputs: inputs,
          dy: DenseProduct.Rectangle(
            scratch.m + position * to.position, channelStride: to.channel, rowStride: 0),
          x: scratch.v + position * from.position, xRowStride: 0, offsets: offsets, rows: 1,
          columns: tiles.count)
      }
    }
  }

  private func transform(
    _ x: UnsafeMutablePointer<Lanes>, _ channels: Int, _ tiles: Range<Int>, _ layout: Layout,
    into v: UnsafeMutablePointer<Lanes>
  ) {
    for channel in 0..<channels {
      for tile in tiles {
        Winograd.transformInput(
          x + (channel * planes.stride + place(tile)), rowStride: planes.rowStride,
          into: v + (channel * layout.channel + tile - tiles.lowerBound),
          positionStride: layout.position)
      }
    }
  }

  /// A tile's first vector in a bordered plane.
  private func place(_ tile: Int) -> Int {
    tile / tileColumns * 2 * planes.rowStride + tile % tileColumns * 2
  }
}
