internal import Tensors

/// The shape of feature maps in scratch memory with a border of zeros around each plane.
struct BorderedPlanes {
  let height: Int
  let width: Int
  /// Vectors from row to row.
  let rowStride: Int
  /// Vectors from plane to plane, never a power of two.
  let stride: Int
  /// The first vector inside the border.
  let corner: Int

  /// - Parameters:
  ///   - before: rows above and columns left of the map.
  ///   - after: at least so many rows below and columns right of it.
  init(height: Int, width: Int, before: Int, after: (rows: Int, columns: Int)) {
    (self.height, self.width) = (height, width)
    rowStride = before + width + after.columns
    stride = (before + height + after.rows) * rowStride | 1
    corner = before * (rowStride + 1)
  }

  /// The map inside the border.
  var interior: Normalization.Rectangle {
    Normalization.Rectangle(rows: height, columns: width, rowStride: rowStride)
  }

  /// Zeros in the borders of planes whose inside is written later.
  func clearBorders(_ planes: UnsafeMutablePointer<Lanes>, channels: Int) {
    for channel in 0..<channels {
      let plane = planes + channel * stride
      Elementwise.clear(plane, count: corner)
      for row in 0..<height {
        Elementwise.clear(plane + (corner + row * rowStride + width), count: rowStride - width)
      }
      let end = corner + height * rowStride
      Elementwise.clear(plane + end, count: stride - end)
    }
  }

  /// Writes what readers of a map's channels see of a group inside the borders.
  func read(
    _ channels: [ChannelReader], group: Int, _ pass: ShardPass,
    into x: UnsafeMutablePointer<Lanes>
  ) {
    for (index, channel) in channels.enumerated() {
      channel.read(group: group, pass: pass, into: x + (index * stride + corner), interior)
    }
  }

  /// Writes the gradient of a map's stored values inside the borders.
  func read(
    _ gradients: [ChannelGradient], group: Int, _ pass: ShardPass,
    into dy: UnsafeMutablePointer<Lanes>
  ) {
    for (index, channel) in gradients.enumerated() {
      channel.read(group: group, pass: pass, into: dy + (index * stride + corner), interior)
    }
  }
}
