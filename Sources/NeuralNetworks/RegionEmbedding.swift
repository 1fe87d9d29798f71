internal import Tensors

/// The features of a sample beside a learned vector of its region, y = [x, E[r]]; E is
/// `[regions, width]`.
///
/// The region is a whole number in the input's last channel. Neither it nor the features have a gradient
/// that anybody wants; E's is the sum over the samples of each region.
final class RegionEmbedding: Step {
  private let map: FeatureMap
  private let table: Range<Int>
  private let width: Int
  private let features: Int

  /// - Parameters:
  ///   - source: features and the region, one pixel.
  ///   - output: features and `width` channels more.
  ///   - table: the place of E.
  init(source: FeatureMap, output: FeatureMap, table: Range<Int>, width: Int) {
    precondition(source.pixels == 1 && output.channels == source.channels - 1 + width)
    map = output
    features = source.channels - 1
    (self.table, self.width) = (table, width)
    super.init(sources: [source], output: output)
  }

  override var kind: String { "embedding" }

  override func wire() {}

  override func forward(_ pass: ShardPass) {
    for group in pass.groups {
      let (x, y) = (
        sources[0].planes.plane(group: group, channel: 0),
        map.planes.plane(group: group, channel: 0)
      )
      for channel in 0..<features { y[channel] = x[channel] }
      for lane in 0..<LaneBatch.lanes {
        let row = pass.weights + place(of: x[features][lane])
        for column in 0..<width { y[features + column][lane] = row[column] }
      }
    }
  }

  override func backward(_ pass: ShardPass) {
    for group in pass.groups {
      let x = sources[0].planes.plane(group: group, channel: 0)
      let dy = map.gradient.plane(group: group, channel: features)
      for lane in 0..<LaneBatch.lanes {
        let row = pass.gradients + place(of: x[features][lane])
        for column in 0..<width { row[column] += dy[column][lane] }
      }
    }
  }

  /// Where a region's vector begins. Padding lanes are of region 0, with gradients of zero; what is no
  /// region is taken for the nearest.
  private func place(of region: Float) -> Int {
    let last = Float(table.count / width - 1)
    return table.lowerBound + (region >= 0 ? Int(min(region, last)) : 0) * width
  }
}
