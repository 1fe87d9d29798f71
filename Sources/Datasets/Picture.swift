/// A picture of any size: interleaved bytes, row by row.
public struct Picture: Sendable, Equatable {
  /// Pixels of a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 (grey, or the indices of a palette) or 3 (red, green, blue).
  public let channels: Int
  /// `[row][column][channel]`.
  public let bytes: [UInt8]

  /// A picture of bytes, `width · height · channels` of them.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(channels == 1 || channels == 3)
    precondition(width > 0 && height > 0 && bytes.count == width * height * channels)
    (self.width, self.height, self.channels, self.bytes) = (width, height, channels, bytes)
  }

  /// The picture in another size, by a triangle filter that is as wide as a pixel of the coarser grid:
  /// bilinear between pixels when it grows, a weighted mean over all of them when it shrinks.
  public func resized(width: Int, height: Int) -> Picture {
    guard width != self.width || height != self.height else { return self }
    let columns = Self.weights(from: self.width, to: width)
    let rows = Self.weights(from: self.height, to: height)
    var narrowed = [Float](repeating: 0, count: self.height * width * channels)
    for y in 0..<self.height {
      for (x, column) in columns.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for (offset, weight) in column.weights.enumerated() {
            let source = (y * self.width + column.first + offset) * channels + channel
            sum += weight * Float(bytes[source])
          }
          narrowed[(y * width + x) * channels + channel] = sum
        }
      }
    }
    var result = [UInt8](repeating: 0, count: width * height * channels)
    let rowValues = width * channels
    for (y, row) in rows.enumerated() {
      for value in 0..<rowValues {
        var sum: Float = 0
        for (offset, weight) in row.weights.enumerated() {
          sum += weight * narrowed[(row.first + offset) * rowValues + value]
        }
        result[y * rowValues + value] = UInt8(max(0, min(255, sum.rounded())))
      }
    }
    return Picture(width: width, height: height, channels: channels, bytes: result)
  }

  /// For each place of the new grid the first of the old places that count, and their weights.
  private static func weights(
    from old: Int, to new: Int
  ) -> [(first: Int, weights: [Float])] {
    let scale = Double(old) / Double(new)
    let reach = max(scale, 1)
    return (0..<new).map { place in
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int((center - reach + 0.5).rounded(.down)))
      let end = min(old, Int((center + reach + 0.5).rounded(.down)))
      let raw = (first..<max(end, first + 1)).map { source in
        max(0, 1 - abs(Double(source) + 0.5 - center) / reach)
      }
      let total = raw.reduce(0, +)
      return (first, raw.map { Float($0 / total) })
    }
  }

  /// The planes red, green, blue, one after the other; a grey picture three times the same.
  public var planes: [UInt8] {
    (0..<3).flatMap { channel in
      (0..<width * height).map { bytes[$0 * channels + min(channel, channels - 1)] }
    }
  }
}
