internal import Foundation
public import Tensors

/// Spectrograms of sounds in few steps of time and frequency, on one scale, so that they can be compared.
public struct SpectrogramLevels: Sendable {
  /// Steps of time.
  public let width: Int
  /// Bands of frequency, the lowest in the last row.
  public let height: Int
  /// The levels of each sound, row by row: 255 is that of the loudest place of all.
  public let sounds: [[UInt8]]

  /// The levels of sounds of equal length, none without samples.
  /// - Parameters:
  ///   - columns: steps of time at most.
  ///   - rows: bands of frequency at most.
  ///   - decibels: from 0 to 255.
  public init(
    _ sounds: [[Float]], framing: Framing, columns: Int, rows: Int, decibels: Float
  ) {
    let count = sounds.first?.count ?? 0
    precondition(count > 0 && sounds.allSatisfy { $0.count == count }, "sounds of equal length")
    let (frames, bins) = (framing.frames(samples: count), framing.bins)
    let (width, height) = (min(columns, frames), min(rows, bins))
    (self.width, self.height) = (width, height)
    let fourier = ShortTimeFourier(framing)
    let spectra = FloatBuffer(count: 2 * frames * bins)
    let powers = sounds.map { sound in
      sound.withUnsafeBufferPointer { fourier.transform($0, into: spectra.pointer) }
      // The mean over the windows and frequencies of a place.
      return (0..<width * height).map { place in
        let (row, column) = (height - 1 - place / width, place % width)
        let times = column * frames / width..<(column + 1) * frames / width
        let bands = row * bins / height..<(row + 1) * bins / height
        var sum: Float = 0
        for time in times {
          for band in bands {
            let (real, imaginary) = (
              spectra[time * bins + band], spectra[(frames + time) * bins + band]
            )
            sum += real * real + imaginary * imaginary
          }
        }
        return sum / Float(times.count * bands.count)
      }
    }
    let silence: Float = 1e-20
    let loudest = max(powers.joined().filter(\.isFinite).max() ?? 0, silence)
    self.sounds = powers.map { power in
      power.map { value in
        // What is no number is dark, too.
        guard value > silence else { return 0 }
        return UInt8(min(max(1 + 10 * log10(value / loudest) / decibels, 0), 1) * 255)
      }
    }
  }
}
