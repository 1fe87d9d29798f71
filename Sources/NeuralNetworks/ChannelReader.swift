internal import Tensors

/// One channel of a feature map as its readers meet it.
///
/// Plain pointers, found once: counting references in the loops over groups and channels cost an
/// eighth of a step, and more where two workers count the same ones.
struct ChannelReader {
  /// The stored values of the first group.
  var values: UnsafeMutablePointer<Lanes>
  /// Vectors from a group to the next.
  var groupStride: Int
  /// The numbers of its normalisation; `nil` where readers see what is stored.
  var normalization: UnsafeMutablePointer<Normalization.Coefficients>?
  var isRectified: Bool

  /// The stored values of a group.
  @inline(__always)
  func stored(group: Int) -> UnsafeMutablePointer<Lanes> { values + group &* groupStride }

  /// A group's values with their normalisation.
  func term(group: Int) -> Normalization.Term {
    Normalization.Term(
      stored(group: group), normalization?.pointee ?? Normalization.Coefficients(),
      isRectified: isRectified)
  }

  /// Writes what readers see into scratch memory.
  func read(
    group: Int, pass: ShardPass, into z: UnsafeMutablePointer<Lanes>,
    _ shape: Normalization.Rectangle
  ) {
    guard normalization != nil || isRectified else {
      return Elementwise.copy(stored(group: group), into: z, shape)
    }
    let numbers = normalization?.pointee ?? Normalization.Coefficients()
    Normalization.apply(
      stored(group: group), scale: numbers.scale, shift: numbers.shift, rectified: isRectified,
      presence: pass.presence(group: group), into: z, shape)
  }
}

/// One channel of a feature map with its finished gradient.
struct ChannelGradient {
  var channel: ChannelReader
  /// The gradient of what readers see, of the first group.
  var gradient: UnsafeMutablePointer<Lanes>
  var gradientStride: Int
  /// Where the sums over a group's gradient go, of the first group; `nil` without normalisation.
  var sums: UnsafeMutablePointer<(Float, Float)>?
  var sumsStride: Int

  /// The gradient of what readers see, of a group.
  @inline(__always)
  func slope(group: Int) -> UnsafeMutablePointer<Lanes> { gradient + group &* gradientStride }

  /// Writes the gradient of the stored values into scratch memory.
  func read(
    group: Int, pass: ShardPass, into dy: UnsafeMutablePointer<Lanes>,
    _ shape: Normalization.Rectangle
  ) {
    guard channel.normalization != nil || channel.isRectified else {
      return Elementwise.copy(slope(group: group), into: dy, shape)
    }
    let numbers = channel.normalization?.pointee ?? Normalization.Coefficients()
    Normalization.backward(
      dz: slope(group: group), channel.stored(group: group), numbers,
      rectified: channel.isRectified, presence: pass.presence(group: group), into: dy, shape)
  }

  /// Sums a group's finished gradient for the backward pass of the normalisation.
  func sum(group: Int, pixels: Int) {
    guard let sums, let numbers = channel.normalization?.pointee else { return }
    sums[group &* sumsStride] = Normalization.gradientSums(
      dz: slope(group: group), channel.stored(group: group), mean: numbers.mean,
      scale: numbers.scale, shift: numbers.shift, rectified: channel.isRectified, pixels: pixels)
  }
}

/// Where a step's contribution to the gradient of one channel goes.
struct ChannelEdge {
  var destination: UnsafeMutablePointer<Lanes>
  var destinationStride: Int
  /// What the contribution is added to; `nil` for the first.
  var base: UnsafeMutablePointer<Lanes>?
  var baseStride: Int
  /// Where the sums over the gradient go if this contribution is the last.
  var sums: UnsafeMutablePointer<(Float, Float)>?
  var sumsStride: Int

  @inline(__always)
  func destination(group: Int) -> UnsafeMutablePointer<Lanes> {
    destination + group &* destinationStride
  }

  @inline(__always)
  func base(group: Int) -> UnsafeMutablePointer<Lanes>? { base.map { $0 + group &* baseStride } }
}
