public import Tensors

/// Fills the network's input with images: normalised through a table, sixteen samples side by side.
public struct BatchLoader: Sendable {
  /// What may be changed in a training image on the fly.
  public enum Augmentation: Sendable, Equatable {
    /// Images as they are.
    case none
    /// A shift by up to four pixels in each direction (zeros come in) and a mirror image half the
    /// time.
    case shiftAndFlip
  }

  /// `[channel][byte]` → input value.
  private let table: [Float]

  /// A loader for a dataset.
  /// - Parameter normalize: whether a channel is centred and scaled by the training set's mean and
  ///   deviation, or only brought to 0…1.
  public init(_ dataset: ImageDataset, normalize: Bool) {
    table = (0..<LabeledImages.channels).flatMap { channel in
      (0..<256).map { byte in
        let value = Float(byte) / 255
        return normalize ? (value - dataset.mean[channel]) / dataset.deviation[channel] : value
      }
    }
  }

  /// Fills a batch with images, in order; padding lanes become zero.
  /// - Parameters:
  ///   - images: where the samples are.
  ///   - samples: indices of the images; at most the batch's capacity.
  ///   - batch: 3 channels of 1,024 pixels; its `count` is set.
  ///   - random: the stream of the augmentation; not touched without one.
  public func fill(
    _ batch: LaneBatch, with samples: some Collection<Int>, of images: LabeledImages,
    augmentation: Augmentation = .none, random: inout RandomStream
  ) {
    precondition(batch.channels == LabeledImages.channels && batch.pixels == LabeledImages.pixels)
    batch.count = samples.count
    let lanes = LaneBatch.lanes
    let bytes = LabeledImages.bytes
    let output = batch.storage.pointer
    images.values.withUnsafeBufferPointer { values in
      table.withUnsafeBufferPointer { table in
        for (place, sample) in samples.enumerated() {
          let start = (place / lanes) * bytes * lanes + place % lanes
          switch augmentation {
          case .none:
            for channel in 0..<LabeledImages.channels {
              for pixel in channel * LabeledImages.pixels..<(channel + 1) * LabeledImages.pixels {
                output[start + pixel * lanes] =
                  table[channel << 8 | Int(values[sample * bytes + pixel])]
              }
            }
          case .shiftAndFlip:
            let (dx, dy) = (random.index(below: 9) - 4, random.index(below: 9) - 4)
            let flips = random.index(below: 2) == 1
            for channel in 0..<LabeledImages.channels {
              for pixel in 0..<LabeledImages.pixels {
                let (row, column) = (pixel >> 5, pixel & 31)
                let (y, x) = (row + dy, (flips ? 31 - column : column) + dx)
                let inside = y >= 0 && y < 32 && x >= 0 && x < 32
                let from = sample * bytes + channel * LabeledImages.pixels + y * 32 + x
                output[start + (channel * LabeledImages.pixels + pixel) * lanes] =
                  inside ? table[channel << 8 | Int(values[from])] : 0
              }
            }
          }
        }
      }
    }
    // Padding lanes of the last group.
    for place in batch.count..<batch.groups * lanes {
      let start = (place / lanes) * bytes * lanes + place % lanes
      for value in 0..<bytes { output[start + value * lanes] = 0 }
    }
  }
}
