public import Tensors

/// How spectra lie in a `LaneBatch`: sixteen stretches of a sample's time side by side.
///
/// Spectra are large and few, and no layer changes their number of windows. So a group of sixteen lanes holds
/// one sample: lane l has windows l · stretch ..< (l + 1) · stretch, `[channel][window in the stretch][bin]`. A
/// kernel that looks at the windows before and after finds those at the ends of a stretch in the lane
/// beside. What is beyond the last window is padding and holds zeros.
public struct SpectralShape: Sendable, Hashable {
  /// Windows of a sample.
  public let frames: Int
  /// Frequencies of a window.
  public let bins: Int

  /// Spectra of some windows and frequencies.
  public init(frames: Int, bins: Int) {
    precondition(frames > 0 && bins > 0, "spectra without values")
    (self.frames, self.bins) = (frames, bins)
  }

  /// The spectra of sounds of some length.
  public init(_ framing: Framing, samples: Int) {
    self.init(frames: framing.frames(samples: samples), bins: framing.bins)
  }

  /// Windows of a lane.
  public var stretch: Int { (frames + LaneBatch.lanes - 1) / LaneBatch.lanes }

  /// Room for the spectra of some samples; its count is lanes, sixteen for each sample.
  public func batch(channels: Int = 2, samples: Int) -> LaneBatch {
    LaneBatch(channels: channels, pixels: stretch * bins, capacity: samples * LaneBatch.lanes)
  }

  /// Where the value of a sample's channel, window and frequency is stored.
  public func offset(
    in batch: LaneBatch, sample: Int, channel: Int, frame: Int, bin: Int
  ) -> Int {
    batch.offset(
      sample: sample * LaneBatch.lanes + frame / stretch, channel: channel,
      pixel: frame % stretch * bins + bin)
  }

  /// Ones in the lanes whose window at a place of the stretch is there, zeros in the padding.
  func presence(row: Int) -> Lanes {
    var presence = Lanes.zero
    for lane in 0..<LaneBatch.lanes where lane * stretch + row < frames { presence[lane] = 1 }
    return presence
  }

  /// Whether a place of the stretch has padding lanes.
  func isPartial(row: Int) -> Bool { (LaneBatch.lanes - 1) * stretch + row >= frames }

  /// Puts plain spectra `[channels, frames, bins]` into the place of a sample.
  public func store(_ plain: UnsafePointer<Float>, into batch: LaneBatch, sample: Int) {
    forEachRow(batch, sample) { vectors, lane, start in
      guard let start else {
        for bin in 0..<bins { vectors[bin &* LaneBatch.lanes &+ lane] = 0 }
        return
      }
      for bin in 0..<bins { vectors[bin &* LaneBatch.lanes &+ lane] = plain[start &+ bin] }
    }
  }

  /// Takes plain spectra `[channels, frames, bins]` from the place of a sample.
  public func load(_ batch: LaneBatch, sample: Int, into plain: UnsafeMutablePointer<Float>) {
    forEachRow(batch, sample) { vectors, lane, start in
      guard let start else { return }
      for bin in 0..<bins { plain[start &+ bin] = vectors[bin &* LaneBatch.lanes &+ lane] }
    }
  }

  /// Calls for every row of every lane with its first vector and the place of its window in the plain
  /// spectra, `nil` for padding.
  private func forEachRow(
    _ batch: LaneBatch, _ sample: Int,
    _ body: (_ vectors: UnsafeMutablePointer<Float>, _ lane: Int, _ start: Int?) -> Void
  ) {
    precondition(batch.pixels == stretch * bins, "a batch of another shape")
    for channel in 0..<batch.channels {
      for row in 0..<stretch {
        let first = batch.offset(
          sample: sample * LaneBatch.lanes, channel: channel, pixel: row * bins)
        for lane in 0..<LaneBatch.lanes {
          let frame = lane * stretch + row
          body(
            batch.storage.pointer + first, lane,
            frame < frames ? (channel * frames + frame) * bins : nil)
        }
      }
    }
  }
}
