/// Winograd's minimal filtering F(2 × 2, 3 × 3): a 3×3 convolution of stride 1 with 16 multiplications
/// for four outputs instead of 36.
///
/// y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A for a tile d of 4 × 4 inputs, two apart, and a kernel g, with
///
///     Bᵀ = 1  0 -1  0     G = 1  0  0     Aᵀ = 1  1  1  0
///          0  1  1  0         ½  ½  ½          0  1 -1 -1
///          0 -1  1  0         ½ -½  ½
///          0  1  0 -1         0  0  1
///
/// The product ⊙ at each of the 16 positions, summed over channels, is a matrix product. With samples
/// in the lanes the transforms of tiles are additions of vectors. The gradient of the input is the
/// convolution of dy with turned kernels, that of the weights the transpose of the formula:
/// dg = Gᵀ [Σ (A dy Aᵀ) ⊙ (Bᵀ d B)] G.
package enum Winograd {
  /// Products per tile.
  package static let positions = 16

  /// Floats from position to position of transformed weights: never a power of two, as a kernel's
  /// positions are written together.
  package static func stride(kernels: Int) -> Int { kernels + LaneBatch.lanes }

  /// G g Gᵀ of kernels `[output][channel][3][3]` into `[position][output][channel]`, positions
  /// `stride(kernels:)` apart.
  package static func transformWeights(
    _ weights: UnsafePointer<Float>, count: Int, into u: UnsafeMutablePointer<Float>
  ) {
    let stride = stride(kernels: count)
    for kernel in 0..<count {
      let g = weights + kernel &* 9
      var t = InlineArray<12, Float>(repeating: 0)  // G g
      for j in 0..<3 {
        let (sum, middle) = ((g[j] + g[6 &+ j]) * 0.5, g[3 &+ j] * 0.5)
        t[j] = g[j]
        t[3 &+ j] = sum + middle
        t[6 &+ j] = sum - middle
        t[9 &+ j] = g[6 &+ j]
      }
      var to = u + kernel
      for i in 0..<4 {
        let (a, b, c) = (t[3 &* i], t[3 &* i &+ 1], t[3 &* i &+ 2])
        let (sum, middle) = ((a + c) * 0.5, b * 0.5)
        to[0] = a
        to[stride] = sum + middle
        to[2 &* stride] = sum - middle
        to[3 &* stride] = c
        to += 4 &* stride
      }
    }
  }

  /// Where a position's weights are when every kernel is turned by half a turn: the first and the last
  /// row of G change places, and so do the columns.
  package static func turned(_ position: Int) -> Int {
    func swapped(_ index: Int) -> Int { index == 0 ? 3 : index == 3 ? 0 : index }
    return swapped(position / 4) * 4 + swapped(position % 4)
  }

  /// dg += Gᵀ du G for kernels `[output][channel][3][3]` from `[position][output][channel]`,
  /// positions `stride(kernels:)` apart.
  package static func accumulateGradient(
    _ du: UnsafePointer<Float>, count: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    let stride = stride(kernels: count)
    for kernel in 0..<count {
      var t = InlineArray<12, Float>(repeating: 0)  // Gᵀ du, [3][4]
      for j in 0..<4 {
        let from = du + (j &* stride &+ kernel)
        let (a, b) = (from[0], from[4 &* stride])
        let (c, d) = (from[8 &* stride], from[12 &* stride])
        let sum = (b + c) * 0.5
        t[j] = a + sum
        t[4 &+ j] = (b - c) * 0.5
        t[8 &+ j] = d + sum
      }
      let to = gradient + kernel &* 9
      for i in 0..<3 {
        let (b, c) = (t[4 &* i &+ 1], t[4 &* i &+ 2])
        let sum = (b + c) * 0.5
        to[3 &* i] += t[4 &* i] + sum
        to[3 &* i &+ 1] += (b - c) * 0.5
        to[3 &* i &+ 2] += t[4 &* i &+ 3] + sum
      }
    }
  }

  /// Bᵀ d B of one tile.
  /// - Parameters:
  ///   - d: its first vector, rows `rowStride` apart.
  ///   - v: its first position, the others `positionStride` apart.
  package static func transformInput(
    _ d: UnsafePointer<Lanes>, rowStride: Int, into v: UnsafeMutablePointer<Lanes>,
    positionStride: Int
  ) {
    var t = InlineArray<16, Lanes>(repeating: .zero)  // Bᵀ d
    for j in 0..<4 {
      let (a, b) = (d[j], d[rowStride &+ j])
      let (c, e) = (d[2 &* rowStride &+ j], d[3 &* rowStride &+ j])
      t[j] = a - c
      t[4 &+ j] = b + c
      t[8 &+ j] = c - b
      t[12 &+ j] = b - e
    }
    var to = v
    for i in 0..<4 {
      let (a, b, c, e) = (t[4 &* i], t[4 &* i &+ 1], t[4 &* i &+ 2], t[4 &* i &+ 3])
      to[0] = a - c
      to[positionStride] = b + c
      to[2 &* positionStride] = c - b
      to[3 &* positionStride] = b - e
      to += 4 &* positionStride
    }
  }

  /// A dy Aᵀ of one tile of 2 × 2.
  package static func transformSlope(
    _ dy: UnsafePointer<Lanes>, rowStride: Int, into w: UnsafeMutablePointer<Lanes>,
    positionStride: Int
  ) {
    let rows = InlineArray<4, (Lanes, Lanes)> { i in
      let (upper, lower) = ((dy[0], dy[1]), (dy[rowStride], dy[rowStride &+ 1]))
      return switch i {
      case 0: upper
      case 1: (upper.0 + lower.0, upper.1 + lower.1)
      case 2: (upper.0 - lower.0, upper.1 - lower.1)
      default: (-lower.0, -lower.1)
      }
    }
    var to = w
    for i in 0..<4 {
      let (a, b) = rows[i]
      to[0] = a
      to[positionStride] = a + b
      to[2 &* positionStride] = a - b
      to[3 &* positionStride] = -b
      to += 4 &* positionStride
    }
  }

  /// y = base + Aᵀ m A of one tile, as much of its 2 × 2 vectors as is inside the map.
  /// - Parameters:
  ///   - m: its first position, the others `positionStride` apart.
  ///   - base: what it is added to, laid out as `y`; may be `y`.
  package static func transformOutput(
    _ m: UnsafePointer<Lanes>, positionStride: Int, into y: UnsafeMutablePointer<Lanes>,
    adding base: UnsafePointer<Lanes>?, rowStride: Int, rows: Int, columns: Int
  ) {
    var t = InlineArray<8, Lanes>(repeating: .zero)  // Aᵀ m
    for j in 0..<4 {
      let from = m + j &* positionStride
      let (a, b) = (from[0], from[4 &* positionStride])
      let (c, d) = (from[8 &* positionStride], from[12 &* positionStride])
      t[j] = a + b + c
      t[4 &+ j] = b - c - d
    }
    for i in 0..<2 where i < rows {
      let (a, b, c, d) = (t[4 &* i], t[4 &* i &+ 1], t[4 &* i &+ 2], t[4 &* i &+ 3])
      let at = i &* rowStride
      let (first, second) = (a + b + c, b - c - d)
      y[at] = base.map { $0[at] + first } ?? first
      if columns > 1 { y[at &+ 1] = base.map { $0[at &+ 1] + second } ?? second }
    }
  }
}
