internal import Synchronization
public import Tensors

/// Fills the network's input with images: normalised through a table, sixteen samples side by side.
///
/// A group of sixteen is read, shifted and mirrored as bytes, then spread over the lanes by the
/// vector. That is so little beside a step that nothing is prepared ahead.
public struct BatchLoader: Sendable {
  /// What may be changed in a training image on the fly.
  public enum Augmentation: Sendable, Equatable {
    /// Images as they are.
    case none
    /// A shift by up to an eighth of the side in each direction (four pixels of 32; zeros come in) and
    /// a mirror image half the time.
    case shiftAndFlip
  }

  /// `[channel][code]` → input value: a byte's value, then that of a pixel that is not there.
  private let table: [Float]
  private static let codes = 257
  private static let absent = UInt16(256)

  /// A loader for a dataset.
  /// - Parameter normalize: whether a channel is centred and scaled by the training set's mean and
  ///   deviation, or only brought to 0…1.
  public init(_ dataset: ImageDataset, normalize: Bool) {
    table = (0..<LabeledImages.channels).flatMap { channel in
      (0..<256).map { byte in
        let value = Float(byte) / 255
        return normalize ? (value - dataset.mean[channel]) / dataset.deviation[channel] : value
      } + [0]
    }
  }

  /// Fills a batch with images, in order; padding lanes become zero.
  /// - Parameters:
  ///   - images: where the samples are.
  ///   - samples: indices of the images; at most the batch's capacity.
  ///   - batch: 3 channels of the images' pixels; its `count` is set.
  ///   - random: the stream of the augmentation; not touched without one.
  ///   - pool: whose threads share the groups of sixteen.
  /// - Throws: `DatasetError` if an image can no longer be read.
  public func fill(
    _ batch: LaneBatch, with samples: some Collection<Int>, of images: LabeledImages,
    augmentation: Augmentation = .none, random: inout RandomStream,
    pool: WorkerPool = WorkerPool(threads: 1)
  ) throws {
    precondition(batch.channels == LabeledImages.channels && batch.pixels == images.pixels)
    batch.count = samples.count
    // All that is random is drawn here, sample by sample.
    let chosen = samples.map { sample in
      (sample, augmentation == .none ? nil : Move(side: images.side, random: &random))
    }
    let failure = Mutex<(any Error)?>(nil)
    pool.parallel(shards: batch.groups) { group in
      do {
        let first = group * LaneBatch.lanes
        try fill(
          batch.planes.plane(group: group, channel: 0),
          with: chosen[first..<min(first + LaneBatch.lanes, chosen.count)], of: images)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Fills a group of up to sixteen samples.
  private func fill(
    _ output: UnsafeMutablePointer<Lanes>, with samples: ArraySlice<(Int, Move?)>,
    of images: LabeledImages
  ) throws {
    let (bytes, pixels, lanes) = (images.bytes, images.pixels, LaneBatch.lanes)
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes) { image in
      try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: lanes * bytes) { codes in
        guard let image = image.baseAddress, let codes = codes.baseAddress else { return }
        codes.initialize(repeating: Self.absent, count: lanes * bytes)
        for (lane, (sample, move)) in samples.enumerated() {
          try images.read(sample, into: image)
          let row = codes + lane * bytes
          if let move {
            move.apply(image, into: row, absent: Self.absent)
          } else {
            for index in 0..<bytes { row[index] = UInt16(image[index]) }
          }
        }
        table.withUnsafeBufferPointer { table in
          guard let table = table.baseAddress else { return }
          for channel in 0..<LabeledImages.channels {
            let first = channel * pixels
            LaneSpread.spread(
              codes + first, stride: bytes, through: table + channel * Self.codes,
              into: output + first, count: pixels)
          }
        }
      }
    }
  }

  /// A shift and perhaps a mirror image.
  private struct Move: Sendable {
    let side: Int
    let dx: Int
    let dy: Int
    let flips: Bool

    init(side: Int, random: inout RandomStream) {
      self.side = side
      let reach = side / 8
      dx = random.index(below: 2 * reach + 1) - reach
      dy = random.index(below: 2 * reach + 1) - reach
      flips = random.index(below: 2) == 1
    }

    func apply(
      _ image: UnsafePointer<UInt8>, into codes: UnsafeMutablePointer<UInt16>, absent: UInt16
    ) {
      for channel in 0..<LabeledImages.channels {
        let plane = channel * side * side
        for row in 0..<side {
          for column in 0..<side {
            let (y, x) = (row + dy, (flips ? side - 1 - column : column) + dx)
            let inside = y >= 0 && y < side && x >= 0 && x < side
            codes[plane + row * side + column] =
              inside ? UInt16(image[plane + y * side + x]) : absent
          }
        }
      }
    }
  }
}
