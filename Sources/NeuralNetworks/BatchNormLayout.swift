public import Tensors

/// Where every batch normalisation's running statistics are in two flat buffers.
public struct BatchNormLayout: Sendable, Hashable {
  /// One batch normalisation.
  public struct Entry: Sendable, Hashable {
    /// PyTorch's module name, such as `stem.bn`.
    public let name: String
    /// Its channels' places in the flat buffers.
    public let range: Range<Int>
    /// Its number of channels.
    public var channels: Int { range.count }
  }

  /// All of them, in module order.
  public let entries: [Entry]
  /// Channels of all of them together.
  public var channels: Int { entries.last?.range.upperBound ?? 0 }
}

/// The running means and variances of a network's batch normalisations; a subnetwork owns one set
/// (paper §10).
public final class BatchNormStatistics {
  /// Running means, `[channel]` over all batch normalisations.
  public let mean: FloatBuffer
  /// Running variances, unbiased as PyTorch's.
  public let variance: FloatBuffer
  /// Training batches seen (`num_batches_tracked`).
  public var batches = 0

  /// Fresh statistics: means 0, variances 1.
  public init(layout: BatchNormLayout) {
    mean = FloatBuffer(count: layout.channels)
    variance = FloatBuffer(count: layout.channels)
    variance.fill(1)
  }
}
