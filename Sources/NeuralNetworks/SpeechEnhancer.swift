public import Tensors

/// Enhances sounds of any length with a trained U-Net (paper §7).
///
/// Ten layers see ten windows to either side, so a long sound is worked on in parts that overlap by so many:
/// what is kept of a part is what the whole sound in one go would give. Scratch memory of its own: one
/// thread at a time.
public final class SpeechEnhancer {
  /// How sounds are cut.
  public let framing: Framing
  /// What the network's outputs mean.
  public let mask: ComplexMask

  /// Windows that the network sees before and after each one.
  package static let reach = 10

  private let pool: WorkerPool
  private let partFrames: Int
  private let fourier: ShortTimeFourier
  /// The network of the part length last needed.
  private var prepared: (frames: Int, network: Network)?

  /// An enhancer of sounds cut in some way.
  /// - Parameters:
  ///   - partFrames: windows of a part at most; more take more memory.
  ///   - pool: runs the network's passes.
  public init(
    framing: Framing, mask: ComplexMask = .unbounded, partFrames: Int = 640, pool: WorkerPool
  ) {
    precondition(partFrames > 2 * Self.reach, "parts that would keep nothing")
    (self.framing, self.mask, self.partFrames, self.pool) = (framing, mask, partFrames, pool)
    fourier = ShortTimeFourier(framing)
  }

  /// The speech in a noisy sound.
  /// - Parameters:
  ///   - weights: the effective weights m ⊙ θ of a subnetwork.
  ///   - statistics: its running statistics.
  public func enhanced(
    _ noisy: [Float], weights: FloatBuffer, statistics: BatchNormStatistics
  ) -> [Float] {
    guard !noisy.isEmpty else { return [] }
    let shape = SpectralShape(framing, samples: noisy.count)
    let spectra = FloatBuffer(count: 2 * shape.frames * shape.bins)
    noisy.withUnsafeBufferPointer { fourier.transform($0, into: spectra.pointer) }
    let estimate = FloatBuffer(count: spectra.count)
    let network = network(frames: min(shape.frames, partFrames))
    for part in parts(of: shape.frames) {
      enhance(part, spectra, shape, network, into: estimate) {
        network.forward(weights: weights, statistics: statistics, mode: .evaluation)
      }
    }
    var sound = [Float](repeating: 0, count: noisy.count)
    sound.withUnsafeMutableBufferPointer { fourier.invert(estimate.pointer, into: $0) }
    return sound
  }

  /// A part of a sound: where it begins, and the windows of it that are kept.
  private struct Part {
    var start: Int
    var kept: Range<Int>
  }

  /// The first part begins with the sound and the last one ends with it.
  private func parts(of frames: Int) -> [Part] {
    let length = min(frames, partFrames)
    var parts: [Part] = []
    var done = 0
    while done < frames {
      let start = min(max(0, done - Self.reach), frames - length)
      let end = start + length == frames ? frames : start + length - Self.reach
      parts.append(Part(start: start, kept: done..<end))
      done = end
    }
    return parts
  }

  private func network(frames: Int) -> Network {
    if let prepared, prepared.frames == frames { return prepared.network }
    let network = SpectralUNet.network(
      SpectralShape(frames: frames, bins: framing.bins), capacity: 1, pool: pool)
    network.input.count = LaneBatch.lanes
    prepared = (frames, network)
    return network
  }

  /// Runs the network on a part's spectra and masks those of the windows that are kept.
  private func enhance(
    _ part: Part, _ spectra: FloatBuffer, _ shape: SpectralShape, _ network: Network,
    into estimate: FloatBuffer, run: () -> Void
  ) {
    let own = SpectralShape(frames: min(shape.frames, partFrames), bins: shape.bins)
    let plain = FloatBuffer(count: 2 * own.frames * own.bins)
    let (whole, half) = (shape.frames * shape.bins, own.frames * own.bins)
    for plane in 0..<2 {
      (plain.pointer + plane * half).update(
        from: spectra.pointer + (plane * whole + part.start * shape.bins), count: half)
    }
    own.store(plain.pointer, into: network.input, sample: 0)
    run()
    own.load(network.logits, sample: 0, into: plain.pointer)
    let (x, y, o) = (spectra.pointer, estimate.pointer, plain.pointer)
    for i in part.kept.lowerBound * shape.bins..<part.kept.upperBound * shape.bins {
      let place = i - part.start * shape.bins
      let m = mask.mask(o[place], o[half + place])
      y[i] = m.real * x[i] - m.imaginary * x[whole + i]
      y[whole + i] = m.real * x[whole + i] + m.imaginary * x[i]
    }
  }
}
