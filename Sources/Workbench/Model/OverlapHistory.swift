package import Experiments

/// J of every pair, in every layer and over all weights, over the rounds, in little room.
///
/// Two bytes a value: K = 64, 60 layers and 50 rounds take 2,016 · 61 · 50 · 2 = 12.3 MB, and the
/// oldest rounds go when more than 32 MiB would be needed. The step of 1/65,534 is far below what a
/// sparkline shows; figures are taken from the latest report, which is exact.
package struct OverlapHistory: Sendable {
  /// Values that are kept, of two bytes each.
  package static let valueLimit = 16 << 20

  private struct Entry {
    var round: Int
    /// J of the pairs i < j, layer by layer, then over all weights: `[(layers + 1) × pairs]`.
    var values: [UInt16]
  }

  private var entries: [Entry] = []
  private var layers = 0
  private var count = 0

  /// Nothing yet.
  package init() {}

  /// The rounds that are kept, oldest first.
  package var rounds: [Int] { entries.map(\.round) }

  /// Takes a comparison in; one of the same round again takes the place of the first.
  package mutating func record(_ report: OverlapReport) {
    if report.jaccard.count != count || report.layers.count != layers {
      entries = []
      count = report.jaccard.count
      layers = report.layers.count
    }
    guard pairs > 0 else { return }
    let size = (layers + 1) * pairs
    var values: [UInt16] = []
    values.reserveCapacity(size)
    for matrix in report.layers.map(\.jaccard) + [report.jaccard] {
      for i in 0..<count {
        for j in (i + 1)..<max(count, i + 1) {
          values.append(Self.packed(Matrix.element(matrix, i, j) ?? .nan))
        }
      }
    }
    entries.removeAll { $0.round == report.round }
    entries.append(Entry(round: report.round, values: values))
    let most = max(1, Self.valueLimit / size)
    if entries.count > most { entries.removeFirst(entries.count - most) }
  }

  /// J of two masks in a layer over the rounds, the layer after the last being all weights; empty for a mask with itself.
  package func jaccard(layer: Int, _ first: Int, _ second: Int) -> [Double] {
    guard let place = place(layer: layer, first, second) else { return [] }
    return entries.map { Self.unpacked($0.values[place]) }
  }

  /// Mean J of a mask to the others in a layer over the rounds.
  package func meanJaccard(layer: Int, of subnetwork: Int) -> [Double] {
    let places = (0..<count).compactMap { place(layer: layer, subnetwork, $0) }
    guard !places.isEmpty else { return [] }
    return entries.map { entry in
      let values = places.map { Self.unpacked(entry.values[$0]) }.filter(\.isFinite)
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
  }

  private var pairs: Int { count * (count - 1) / 2 }

  private func place(layer: Int, _ first: Int, _ second: Int) -> Int? {
    let (i, j) = (min(first, second), max(first, second))
    guard i >= 0, j < count, i != j, layer >= 0, layer <= layers else { return nil }
    return layer * pairs + i * (2 * count - i - 1) / 2 + (j - i - 1)
  }

  private static func packed(_ value: Double) -> UInt16 {
    value.isFinite ? UInt16((min(max(value, 0), 1) * 65_534).rounded()) : .max
  }

  private static func unpacked(_ value: UInt16) -> Double {
    value == .max ? .nan : Double(value) / 65_534
  }
}
