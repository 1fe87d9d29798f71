/// A sound of one channel; full scale is 1.
public struct Waveform: Sendable, Equatable {
  /// Samples per second.
  public let rate: Int
  /// The samples.
  public var samples: [Float]

  /// A sound of samples.
  public init(rate: Int, samples: [Float]) {
    precondition(rate > 0)
    (self.rate, self.samples) = (rate, samples)
  }

  /// Its length in seconds.
  public var seconds: Double { Double(samples.count) / Double(rate) }

  /// The mean square of its samples; zero for none.
  public var power: Double { Self.power(samples[...]) }

  /// The mean square of some samples, in double precision and in their order.
  static func power(_ samples: ArraySlice<Float>) -> Double {
    guard !samples.isEmpty else { return 0 }
    return samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }
}
