extension DenseProduct {
  /// Copies vectors `[group][channel]` to `[channel][group]`, so that the groups of a channel can be
  /// summed over in one go.
  /// - Parameter stride: vectors from a channel to the next in the copy.
  package static func sortByChannel(
    _ x: UnsafePointer<Lanes>, groups: Int, channels: Int,
    into y: UnsafeMutablePointer<Lanes>, stride: Int
  ) {
    for group in 0..<groups {
      let from = x + group &* channels
      for channel in 0..<channels { y[channel &* stride &+ group] = from[channel] }
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
    for group in 0..<groups {
      let from = dz + group &* channels
      if let gate = z.map({ $0 + group &* channels }) {
        for channel in 0..<channels {
          dy[channel &* stride &+ group] =
            from[channel].replacing(with: 0, where: gate[channel] .<= 0)
        }
      } else {
        for channel in 0..<channels { dy[channel &* stride &+ group] = from[channel] }
      }
    }
    for channel in 0..<channels {
      var sum = Lanes.zero
      for group in 0..<groups { sum += dy[channel &* stride &+ group] }
      bias[channel] += sum.total
    }
  }
}
