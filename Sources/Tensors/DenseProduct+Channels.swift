extension DenseProduct {
  /// Copies vectors `[group][channel]` to `[channel][group]`, so that the groups of a channel can be
  /// summed over in one go.
  /// - Parameter stride: vectors from a channel to the next in the copy.
  package static func sortByChannel(
    _ x: UnsafePointer<Lanes>, groups: Int, channels: Int,
    into y: UnsafeMutablePointer<Lanes>, stride: Int
  ) {
    forEachBlock(groups: groups, channels: channels) { group, block in
      let from = x + group &* channels
      for channel in block { y[channel &* stride &+ group] = from[channel] }
    }
  }

  /// The same for a gradient on its way back through bias and rectifier:
  /// dy[c][g] = dz[g][c] where z[g][c] > 0, else 0; db[c] += Σ over groups and lanes of dy[c][g].
  /// - Parameter z: the rectified values; `nil` lets everything through.
  package static func sortByChannel(
    gradient dz: UnsafePointer<Lanes>, rectified z: UnsafePointer<Lanes>?, groups: Int,
    channels: Int, into dy: UnsafeMutablePointer<Lanes>, stride: Int,
    bias: UnsafeMutablePointer<Float>
  ) {
    if let z {
      forEachBlock(groups: groups, channels: channels) { group, block in
        let (from, gate) = (dz + group &* channels, z + group &* channels)
        for channel in block {
          dy[channel &* stride &+ group] =
            from[channel].replacing(with: 0, where: gate[channel] .<= 0)
        }
      }
    } else {
      sortByChannel(dz, groups: groups, channels: channels, into: dy, stride: stride)
    }
    for channel in 0..<channels {
      var sum = Lanes.zero
      for group in 0..<groups { sum += dy[channel &* stride &+ group] }
      bias[channel] += sum.total
    }
  }

  /// Calls for every group with a block of channels, so few that the pages they are written to have
  /// room in the table of pages.
  @inline(__always)
  private static func forEachBlock(
    groups: Int, channels: Int, _ body: (_ group: Int, _ channels: Range<Int>) -> Void
  ) {
    for first in Swift.stride(from: 0, to: channels, by: 32) {
      for group in 0..<groups { body(group, first..<min(first + 32, channels)) }
    }
  }
}
