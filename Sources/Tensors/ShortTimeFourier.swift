internal import CKissFFT
internal import Foundation

/// The short-time Fourier transform of sounds with a Hann window, its inverse, and the backward passes of
/// both (paper §7).
///
/// X[t, f] = Σₙ w[n] · x[t · hop + n − window / 2] · e^(−2πi f n / window), w[n] = (1 − cos(2πn / window)) / 2;
/// y[n] = Σₜ w · irfft(X[t]) / Σₜ w², overlapped and added, so the inverse gives the sound back.
/// Spectra are `[2, frames, bins]`: real parts, then imaginary parts. An object has scratch memory: one
/// thread at a time.
public final class ShortTimeFourier {
  /// How sounds are cut.
  public let framing: Framing
  private let window: [Float]
  private let forward: Plan
  private let inverse: Plan
  private let time: FloatBuffer
  /// One spectrum, real and imaginary parts interleaved.
  private let spectrum: FloatBuffer
  /// 1 / Σₜ w² of the length last asked for.
  private var envelope: (samples: Int, inverse: [Float]) = (0, [])

  /// A transform for windows of a framing.
  public init(_ framing: Framing) {
    self.framing = framing
    let count = framing.window
    window = (0..<count).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(count))) }
    forward = Plan(count: count, isInverse: false)
    inverse = Plan(count: count, isInverse: true)
    time = FloatBuffer(count: count)
    spectrum = FloatBuffer(count: 2 * framing.bins)
  }

  /// The spectra of a sound.
  /// - Parameters:
  ///   - samples: the sound.
  ///   - spectra: `[2, frames, bins]`, overwritten.
  public func transform(
    _ samples: UnsafeBufferPointer<Float>, into spectra: UnsafeMutablePointer<Float>
  ) {
    forEachFrame(samples.count) { frame, start, present in
      time.fill(0)
      for n in present { time.pointer[n] = window[n] * samples[start + n] }
      kiss_fftr(forward.config, time.pointer, complex)
      store(frame, of: samples.count, into: spectra, ends: 1, middle: 1)
    }
  }

  /// The sound of spectra.
  /// - Parameter samples: overwritten.
  public func invert(
    _ spectra: UnsafePointer<Float>, into samples: UnsafeMutableBufferPointer<Float>
  ) {
    samples.update(repeating: 0)
    forEachFrame(samples.count) { frame, start, present in
      load(frame, of: samples.count, from: spectra, middle: 1)
      kiss_fftri(inverse.config, complex, time.pointer)
      for n in present { samples[start + n] += window[n] * time.pointer[n] }
    }
    // The library's inverse is window times the inverse.
    let scale = 1 / Float(framing.window)
    for (n, weight) in inverseEnvelope(samples.count).enumerated() { samples[n] *= weight * scale }
  }

  /// The gradient of a sound from that of its spectra: the transpose of `transform`.
  /// - Parameter samples: overwritten.
  public func transformBackward(
    _ spectra: UnsafePointer<Float>, into samples: UnsafeMutableBufferPointer<Float>
  ) {
    samples.update(repeating: 0)
    forEachFrame(samples.count) { frame, start, present in
      // The library's inverse counts all frequencies but the first and the last twice.
      load(frame, of: samples.count, from: spectra, middle: 0.5)
      kiss_fftri(inverse.config, complex, time.pointer)
      for n in present { samples[start + n] += window[n] * time.pointer[n] }
    }
  }

  /// The gradient of spectra from that of their sound: the transpose of `invert`.
  /// - Parameter spectra: `[2, frames, bins]`, overwritten.
  public func invertBackward(
    _ samples: UnsafeBufferPointer<Float>, into spectra: UnsafeMutablePointer<Float>
  ) {
    let scale = 1 / Float(framing.window)
    let envelope = inverseEnvelope(samples.count)
    forEachFrame(samples.count) { frame, start, present in
      time.fill(0)
      for n in present {
        time.pointer[n] = window[n] * envelope[start + n] * samples[start + n]
      }
      kiss_fftr(forward.config, time.pointer, complex)
      store(frame, of: samples.count, into: spectra, ends: scale, middle: 2 * scale)
    }
  }

  // MARK: Frames

  /// Calls for every window with the sample it starts at and its places inside the sound.
  private func forEachFrame(
    _ samples: Int, _ body: (_ frame: Int, _ start: Int, _ present: Range<Int>) -> Void
  ) {
    for frame in 0..<framing.frames(samples: samples) {
      let start = frame * framing.hop - framing.window / 2
      let first = max(0, -start)
      body(frame, start, first..<max(first, min(framing.window, samples - start)))
    }
  }

  private var complex: UnsafeMutablePointer<kiss_fft_cpx> {
    UnsafeMutableRawPointer(spectrum.pointer).assumingMemoryBound(to: kiss_fft_cpx.self)
  }

  /// Writes the present spectrum as a frame; the imaginary parts of the first and the last frequency are zero.
  private func store(
    _ frame: Int, of samples: Int, into spectra: UnsafeMutablePointer<Float>, ends: Float,
    middle: Float
  ) {
    let bins = framing.bins
    let real = spectra + frame * bins
    let imaginary = real + framing.frames(samples: samples) * bins
    for bin in 1..<bins - 1 {
      real[bin] = middle * spectrum.pointer[2 * bin]
      imaginary[bin] = middle * spectrum.pointer[2 * bin + 1]
    }
    for bin in [0, bins - 1] {
      real[bin] = ends * spectrum.pointer[2 * bin]
      imaginary[bin] = 0
    }
  }

  private func load(
    _ frame: Int, of samples: Int, from spectra: UnsafePointer<Float>, middle: Float
  ) {
    let bins = framing.bins
    let real = spectra + frame * bins
    let imaginary = real + framing.frames(samples: samples) * bins
    for bin in 1..<bins - 1 {
      spectrum.pointer[2 * bin] = middle * real[bin]
      spectrum.pointer[2 * bin + 1] = middle * imaginary[bin]
    }
    for bin in [0, bins - 1] {
      spectrum.pointer[2 * bin] = real[bin]
      spectrum.pointer[2 * bin + 1] = 0
    }
  }

  private func inverseEnvelope(_ samples: Int) -> [Float] {
    if envelope.samples == samples { return envelope.inverse }
    var sums = [Float](repeating: 0, count: samples)
    forEachFrame(samples) { _, start, present in
      for n in present { sums[start + n] += window[n] * window[n] }
    }
    envelope = (samples, sums.map { 1 / $0 })
    return envelope.inverse
  }

  /// The library's tables for one direction.
  private final class Plan {
    let config: kiss_fftr_cfg?

    init(count: Int, isInverse: Bool) {
      config = kiss_fftr_alloc(Int32(count), isInverse ? 1 : 0, nil, nil)
      precondition(config != nil, "no memory for a transform of \(count) values")
    }

    deinit { free(UnsafeMutableRawPointer(config)) }
  }
}
