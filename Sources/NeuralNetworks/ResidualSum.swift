internal import Tensors

/// The end of a bottleneck: two maps side by side plus a third, stored as the next block's input.
///
/// Backward there is nothing to compute: each term's gradient is the sum's.
final class ResidualSum: Step {
  private let map: FeatureMap
  private let terms: [FeatureMap]
  private let shortcut: FeatureMap
  private let shortcutReaders: [ChannelReader]

  init(terms: [FeatureMap], shortcut: FeatureMap, output: FeatureMap) {
    map = output
    (self.terms, self.shortcut) = (terms, shortcut)
    shortcutReaders = shortcut.readers
    super.init(sources: terms + [shortcut], output: output)
  }

  override var kind: String { "sum" }
  override func wire() {
    var channel = 0
    for term in terms {
      term.passThrough(from: map, channel: channel)
      channel += term.channels
    }
    shortcut.passThrough(from: map, channel: 0)
  }

  override func forward(_ pass: ShardPass) {
    let planes = map.planes
    for group in pass.groups {
      for channel in 0..<map.channels {
        Normalization.add(
          readers[channel].term(group: group), shortcutReaders[channel].term(group: group),
          presence: pass.presence(group: group),
          into: planes.plane(group: group, channel: channel), pixels: map.pixels)
      }
    }
  }
}
