internal import CProcessor

/// Sixteen samples side by side: the vector that every kernel works on.
package typealias Lanes = SIMD16<Float>

extension SIMD16<Float> {
  /// Adds a · b, rounded once.
  @inline(__always)
  mutating func fma(_ a: Self, _ b: Self) { self = lanes16_fma(self, a, b) }

  /// The larger value, lane by lane.
  @inline(__always)
  func larger(_ other: Self) -> Self { lanes16_max(self, other) }

  /// The smaller value, lane by lane.
  @inline(__always)
  func smaller(_ other: Self) -> Self { lanes16_min(self, other) }

  /// The square root, lane by lane.
  @inline(__always)
  var root: Self { lanes16_sqrt(self) }

  /// self + a · b, rounded once.
  @inline(__always)
  func adding(_ a: Self, times b: Self) -> Self { lanes16_fma(self, a, b) }

  /// The sum of all lanes, added in a fixed tree.
  @inline(__always)
  package var total: Float { lanes16_total(self) }
}

extension SIMD8<Float> {
  /// Adds a · b, rounded once.
  @inline(__always)
  mutating func fma(_ a: Self, _ b: Self) { self = lanes8_fma(self, a, b) }

  /// self + a · b, rounded once.
  @inline(__always)
  func adding(_ a: Self, times b: Self) -> Self { lanes8_fma(self, a, b) }
}

extension FloatBuffer {
  /// The storage as vectors of sixteen floats.
  package var lanes: UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Lanes.self)
  }
}

/// Some groups of feature maps in memory, `[group][channel][pixel]` vectors, with free strides.
package struct Planes {
  /// The first vector of the first channel of the first group.
  package var base: UnsafeMutablePointer<Lanes>
  /// Vectors from a group to the next.
  package var groupStride: Int
  /// Vectors from a channel to the next.
  package var channelStride: Int

  /// Planes that start at a place.
  package init(_ base: UnsafeMutablePointer<Lanes>, groupStride: Int, channelStride: Int) {
    self.base = base
    self.groupStride = groupStride
    self.channelStride = channelStride
  }

  /// A channel's first pixel.
  @inline(__always)
  package func plane(group: Int, channel: Int) -> UnsafeMutablePointer<Lanes> {
    base + (group &* groupStride &+ channel &* channelStride)
  }
}

extension LaneBatch {
  /// All of the batch as planes.
  package var planes: Planes {
    Planes(storage.lanes, groupStride: channels * pixels, channelStride: pixels)
  }

  /// Ones in the lanes of a group that hold samples, zeros in the padding.
  package func presence(group: Int) -> Lanes {
    var presence = Lanes.zero
    for lane in 0..<Self.lanes where group * Self.lanes + lane < count { presence[lane] = 1 }
    return presence
  }
}
