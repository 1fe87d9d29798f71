internal import Tensors

/// Reads rows of spectral maps into scratch memory: what readers see, or the gradient of what is stored.
///
/// A map with a batch normalisation is read through it and the exponential linear unit, any other as it is.
struct SpectralReader {
  let geometry: SpectralGeometry
  /// Frequencies of the map.
  let bins: Int
  private let presences: [Lanes]

  init(_ geometry: SpectralGeometry, bins: Int) {
    (self.geometry, self.bins) = (geometry, bins)
    presences = (0..<geometry.stretch).map { geometry.shape.presence(row: $0) }
  }

  /// A channel's row from a frequency on, for rows −1 … stretch, zeros where the map has no frequency.
  /// - Parameters:
  ///   - first: the first frequency, may be negative.
  ///   - read: writes present values of a row of the map: row, first frequency, place, number.
  @inline(__always)
  private func row(
    _ row: Int, from first: Int, count: Int, into place: UnsafeMutablePointer<Lanes>,
    _ read: (
      _ offset: Int, _ presence: Lanes, _ to: UnsafeMutablePointer<Lanes>, _ count: Int
    ) -> Void
  ) {
    let stretch = geometry.stretch
    let source = row < 0 ? stretch - 1 : row == stretch ? 0 : row
    let (low, high) = (max(first, 0), min(first + count, bins))
    guard low < high else { return Elementwise.clear(place, count: count) }
    let inside = place + (low - first)
    if low > first { Elementwise.clear(place, count: low - first) }
    if high < first + count {
      Elementwise.clear(place + (high - first), count: first + count - high)
    }
    read(source * bins + low, presences[source], inside, high - low)
    if row < 0 { SpectralRows.moveUp(inside, count: high - low) }
    if row == stretch { SpectralRows.moveDown(inside, count: high - low) }
  }

  /// What readers see of a channel.
  func values(
    _ channel: ChannelReader, group: Int, row: Int, from first: Int, count: Int,
    into place: UnsafeMutablePointer<Lanes>
  ) {
    let stored = UnsafePointer(channel.stored(group: group))
    self.row(row, from: first, count: count, into: place) { offset, presence, to, count in
      if let numbers = channel.normalization?.pointee {
        ExponentialUnit.apply(stored + offset, numbers, presence: presence, into: to, count: count)
      } else {
        SpectralRows.copy(stored + offset, by: presence, into: to, count: count)
      }
    }
  }

  /// The gradient of what a channel stores.
  func slopes(
    _ channel: ChannelGradient, group: Int, row: Int, from first: Int, count: Int,
    into place: UnsafeMutablePointer<Lanes>
  ) {
    let stored = UnsafePointer(channel.channel.stored(group: group))
    let slope = UnsafePointer(channel.slope(group: group))
    self.row(row, from: first, count: count, into: place) { offset, presence, to, count in
      if let numbers = channel.channel.normalization?.pointee {
        ExponentialUnit.backward(
          dz: slope + offset, stored + offset, numbers, presence: presence, into: to, count: count)
      } else {
        SpectralRows.copy(slope + offset, by: presence, into: to, count: count)
      }
    }
  }
}
