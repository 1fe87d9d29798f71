/// How a sound is cut into overlapping windows: the shape of its short-time Fourier transform.
///
/// Window t is centred on sample t · hop; where it reaches beyond the sound there are zeros.
public struct Framing: Sendable, Hashable {
  /// Samples of a window.
  public let window: Int
  /// Samples from window to window.
  public let hop: Int

  /// Windows of some length: even, and so many hops long that every sample is seen more than once.
  public init(window: Int, hop: Int) {
    precondition(window >= 4 && window % 2 == 0, "a window of an odd number of samples")
    precondition(hop > 0 && hop <= window / 2, "windows that leave samples out")
    (self.window, self.hop) = (window, hop)
  }

  /// The framing of a sample rate: windows of 1,024 samples 256 apart at 16 kHz (paper §7), at other rates
  /// the power of two that is nearest in time, 512 and 128 at 8 kHz.
  public init(rate: Int) {
    var window = 16
    // 1,024 samples of 16 kHz are 64 ms; from the geometric mean of two powers on the larger is nearer.
    while Double(window) * 2.0.squareRoot() <= Double(rate) * 0.064 { window *= 2 }
    self.init(window: window, hop: window / 4)
  }

  /// Frequencies from zero to half the sample rate.
  public var bins: Int { window / 2 + 1 }

  /// Windows that a sound of some samples has.
  public func frames(samples: Int) -> Int { samples / hop + 1 }
}
