/// A mini-batch of feature maps with sixteen samples in the SIMD lanes:
/// `[group][channel][pixel][16]`, sample s being lane `s % 16` of group `s / 16`.
///
/// In this layout every operation of a convolutional network is a plain loop nest over vectors of
/// sixteen samples. Lanes beyond `count` in the last group are padding.
public final class LaneBatch {
  /// Samples side by side in a vector.
  public static let lanes = 16
  /// Channels of a sample.
  public let channels: Int
  /// Pixels of a channel, row by row.
  public let pixels: Int
  /// The largest number of samples it can hold.
  public let capacity: Int
  /// Samples it holds now.
  public var count: Int {
    didSet { precondition(count >= 0 && count <= capacity, "batch larger than its capacity") }
  }
  /// The values.
  public let storage: FloatBuffer

  /// A batch of zeros.
  public init(channels: Int, pixels: Int, capacity: Int) {
    self.channels = channels
    self.pixels = pixels
    self.capacity = capacity
    count = capacity
    let groups = (capacity + Self.lanes - 1) / Self.lanes
    storage = FloatBuffer(count: groups * channels * pixels * Self.lanes)
  }

  /// Groups of sixteen that the present samples touch.
  public var groups: Int { (count + Self.lanes - 1) / Self.lanes }

  /// Where the value of a sample's channel and pixel is stored.
  public func offset(sample: Int, channel: Int, pixel: Int) -> Int {
    let (group, lane) = (sample / Self.lanes, sample % Self.lanes)
    return ((group * channels + channel) * pixels + pixel) * Self.lanes + lane
  }
}
