internal import Foundation
package import Tensors

/// The features of the points of a grid (paper §6): their two coordinates, and sine and cosine of
/// 2ʲ π times each, j = 0…7, in the order x, y, then for each j: sin x, cos x, sin y, cos y.
///
/// Coordinates run from −1 to 1 over each side, a pixel being its centre. A feature depends on the
/// column or on the row alone, so a grid needs a table of each.
public struct FourierFeatures: Sendable {
  /// Frequencies of a coordinate.
  public static let frequencies = 8
  /// Features of a point.
  public static let count = 2 + 4 * frequencies

  /// Points of a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// `[column or row][coordinate, sin, cos, sin, cos …]`
  private let columns: [Float]
  private let rows: [Float]
  private static let perCoordinate = 1 + 2 * frequencies

  /// The features of a grid.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0)
    (self.width, self.height) = (width, height)
    columns = Self.table(width)
    rows = Self.table(height)
  }

  private static func table(_ count: Int) -> [Float] {
    (0..<count).flatMap { place in
      let coordinate = 2 * (Double(place) + 0.5) / Double(count) - 1
      return [Float(coordinate)]
        + (0..<frequencies).flatMap { j in
          let angle = Double(1 << j) * .pi * coordinate
          return [Float(sin(angle)), Float(cos(angle))]
        }
    }
  }

  /// The features of a point, by its number row by row.
  public subscript(point: Int) -> [Float] {
    var features = [Float](repeating: 0, count: Self.count)
    features.withUnsafeMutableBufferPointer { features in
      if let base = features.baseAddress { write(point, into: base, stride: 1) }
    }
    return features
  }

  /// Fills the first channels of a batch with the features of points.
  /// - Parameter batch: at least `count` channels of one pixel; its `count` is set.
  package func fill(_ batch: LaneBatch, with points: some Collection<Int>) {
    precondition(batch.channels >= Self.count && batch.pixels == 1)
    batch.count = points.count
    for (sample, point) in points.enumerated() {
      write(
        point,
        into: batch.storage.pointer + batch.offset(sample: sample, channel: 0, pixel: 0),
        stride: LaneBatch.lanes)
    }
  }

  private func write(_ point: Int, into features: UnsafeMutablePointer<Float>, stride: Int) {
    let (row, column) = point.quotientAndRemainder(dividingBy: width)
    let (x, y) = (column * Self.perCoordinate, row * Self.perCoordinate)
    features[0] = columns[x]
    features[stride] = rows[y]
    for j in 0..<Self.frequencies {
      let (from, to) = (1 + 2 * j, (2 + 4 * j) * stride)
      features[to] = columns[x + from]
      features[to + stride] = columns[x + from + 1]
      features[to + 2 * stride] = rows[y + from]
      features[to + 3 * stride] = rows[y + from + 1]
    }
  }
}
