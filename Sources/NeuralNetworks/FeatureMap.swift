internal import Tensors

/// A layer's output as it is stored: before normalisation, with the batch normalisation and
/// rectifier that whoever reads it applies on the way.
///
/// Nothing normalised is ever stored: readers recompute it into scratch memory, a group at a time,
/// which is cheaper than another trip through memory.
package final class FeatureMap {
  package let channels: Int
  let height: Int
  let width: Int
  let normalization: BatchNorm?
  let isRectified: Bool
  let groups: Int
  /// Values of a channel in a full group, where some of a group's pixels are padding.
  private let valuesPerGroup: Int?

  /// Values `[group][channel][pixel][16]`.
  let values: FloatBuffer
  /// Where the gradient of what readers see is found: this map's own buffer, or part of another's.
  private(set) var gradientOwner: GradientOwner?
  private var ownGradient: FloatBuffer?

  // Wiring, decided once, from the last reader to the first.
  var pendingReaders = 0
  weak var completedBy: Step?

  var pixels: Int { height * width }

  /// - Parameters:
  ///   - values: existing storage, such as that of the images; `nil` makes some.
  ///   - valuesPerGroup: values of a channel in a full group; `nil` if all its pixels are values.
  init(
    channels: Int, height: Int, width: Int, capacity: Int, normalization: BatchNorm? = nil,
    isRectified: Bool = false, values: FloatBuffer? = nil, valuesPerGroup: Int? = nil
  ) {
    self.valuesPerGroup = valuesPerGroup
    (self.channels, self.height, self.width) = (channels, height, width)
    (self.normalization, self.isRectified) = (normalization, isRectified)
    groups = (capacity + LaneBatch.lanes - 1) / LaneBatch.lanes
    self.values =
      values ?? FloatBuffer(count: groups * channels * height * width * LaneBatch.lanes)
  }

  /// Values of a channel in a batch of some samples: what its statistics are means over.
  func population(samples: Int) -> Int {
    guard let valuesPerGroup else { return samples * pixels }
    return samples / LaneBatch.lanes * valuesPerGroup
  }

  /// The stored values.
  var planes: Planes {
    Planes(values.lanes, groupStride: channels * pixels, channelStride: pixels)
  }

  // MARK: Gradient

  /// A map whose buffer holds a gradient, and the channel it starts at.
  ///
  /// Unowned, as a map often points at itself; the network's steps own all maps.
  struct GradientOwner {
    unowned var map: FeatureMap
    var channel: Int
  }

  /// What a contribution to the gradient is added to, and where the sum goes.
  struct GradientEdge {
    var base: GradientOwner?
    unowned var map: FeatureMap

    var basePlanes: Planes? {
      guard let base else { return nil }
      var planes = base.map.ownPlanes
      planes.base += base.channel * planes.channelStride
      return planes
    }
  }

  /// Registers a reader whose gradient is computed; called in backward order.
  func contribute() -> GradientEdge {
    let edge = GradientEdge(base: gradientOwner, map: self)
    gradientOwner = GradientOwner(map: self, channel: 0)
    return edge
  }

  /// Registers a reader that hands its own gradient through unchanged; called in backward order,
  /// before any computed contribution.
  func passThrough(from map: FeatureMap, channel: Int) {
    precondition(gradientOwner == nil, "a sum must be the last reader of its terms")
    gradientOwner = GradientOwner(map: map, channel: channel)
  }

  /// This map's own gradient; its memory is handed out before the first training pass.
  var ownPlanes: Planes {
    let buffer: FloatBuffer
    if let ownGradient {
      buffer = ownGradient
    } else {
      preconditionFailure("gradient read before it was allocated")
    }
    return Planes(buffer.lanes, groupStride: channels * pixels, channelStride: pixels)
  }

  /// Number of stored values, padding lanes included.
  var valueCount: Int { values.count }

  /// Takes memory for its own gradient, at least as long as its values.
  func useGradient(_ buffer: FloatBuffer) {
    precondition(buffer.count >= valueCount, "a gradient buffer that is too short")
    ownGradient = buffer
  }

  /// The finished gradient of what readers see.
  var gradient: Planes {
    guard let gradientOwner else { preconditionFailure("a map that nothing reads") }
    var planes = gradientOwner.map.ownPlanes
    planes.base += gradientOwner.channel * planes.channelStride
    return planes
  }

  // MARK: Channel by channel

  /// The channels for readers.
  var readers: [ChannelReader] {
    (0..<channels).map { channel in
      ChannelReader(
        values: planes.plane(group: 0, channel: channel), groupStride: planes.groupStride,
        normalization: normalization.map { $0.coefficients + channel }, isRectified: isRectified)
    }
  }

  /// The channels with their finished gradients; once there is memory for these.
  var gradients: [ChannelGradient] {
    let gradient = self.gradient
    return readers.enumerated().map { channel, reader in
      ChannelGradient(
        channel: reader, gradient: gradient.plane(group: 0, channel: channel),
        gradientStride: gradient.groupStride, sums: normalization.map { $0.sums + channel },
        sumsStride: channels)
    }
  }

  /// Sums a group's stored values for the batch statistics.
  func sumValues(group: Int) {
    guard let normalization else { return }
    let (planes, pixels, sums) = (self.planes, self.pixels, normalization.sums)
    for channel in 0..<channels {
      sums[group * channels + channel] = Normalization.sums(
        planes.plane(group: group, channel: channel), pixels: pixels)
    }
  }
}
