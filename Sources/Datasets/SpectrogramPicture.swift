internal import Foundation
public import Tensors

/// Pictures of sounds: time to the right, frequency upwards, the level in decibels as colour.
public enum SpectrogramPicture {
  /// From the darkest to the brightest colour, evenly spaced: dark blue, violet, red, orange, pale yellow.
  private static let stops: [SIMD3<Float>] = [
    SIMD3(4, 6, 24), SIMD3(74, 20, 104), SIMD3(178, 42, 90), SIMD3(246, 132, 48),
    SIMD3(252, 252, 200),
  ]

  /// Rows between two sounds.
  private static let gap = 4

  /// Sounds one below the other on one scale, so that they can be compared: the loudest value of all has the
  /// brightest colour.
  /// - Parameters:
  ///   - sounds: such as noisy, clean and enhanced; at least one, none without samples.
  ///   - decibels: from the darkest colour to the brightest.
  public static func draw(
    _ sounds: [[Float]], framing: Framing, decibels: Float = 80
  ) -> Picture {
    precondition(!sounds.isEmpty && sounds.allSatisfy { !$0.isEmpty }, "nothing to draw")
    let fourier = ShortTimeFourier(framing)
    let levels = sounds.map { self.levels($0, fourier) }
    let loudest = levels.joined().max() ?? 0
    let width = sounds.map { framing.frames(samples: $0.count) }.max() ?? 1
    let height = sounds.count * (framing.bins + gap) - gap
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    for (index, sound) in levels.enumerated() {
      let top = index * (framing.bins + gap)
      for (place, level) in sound.enumerated() {
        let (frame, bin) = (place / framing.bins, place % framing.bins)
        let color = self.color(1 + (level - loudest) / decibels)
        let pixel = (top + framing.bins - 1 - bin) * width + frame
        for channel in 0..<3 { bytes[3 * pixel + channel] = color[channel] }
      }
    }
    return Picture(width: width, height: height, channels: 3, bytes: bytes)
  }

  /// 10 · log₁₀ |X|² of every window and frequency.
  private static func levels(_ sound: [Float], _ fourier: ShortTimeFourier) -> [Float] {
    let count = fourier.framing.frames(samples: sound.count) * fourier.framing.bins
    let spectra = FloatBuffer(count: 2 * count)
    sound.withUnsafeBufferPointer { fourier.transform($0, into: spectra.pointer) }
    return (0..<count).map { place in
      let (real, imaginary) = (spectra[place], spectra[count + place])
      return 10 * log10(max(real * real + imaginary * imaginary, 1e-20))
    }
  }

  /// The colour of a share of the scale.
  private static func color(_ share: Float) -> SIMD3<UInt8> {
    let place = min(max(share, 0), 1) * Float(stops.count - 1)
    let first = min(Int(place), stops.count - 2)
    let mixed = stops[first] + (stops[first + 1] - stops[first]) * (place - Float(first))
    return SIMD3<UInt8>(clamping: SIMD3<Int32>(mixed.rounded(.toNearestOrEven)))
  }
}
