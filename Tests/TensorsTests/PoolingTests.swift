import Tensors
import Testing

/// Pooling against the plain loops.
@Suite struct PoolingTests {
  @Test(arguments: [Pooling.Kind.maximum, .average], [(4, 2), (6, 3), (5, 5), (3, 1)])
  func equalsReference(kind: Pooling.Kind, shape: (side: Int, size: Int)) {
    let (side, size) = shape
    let across = side / size
    var random = RandomStream(seed: 2, purpose: "pooling")
    // Few different values, so that windows have several largest ones.
    let x = (0..<16 * side * side).map { _ in Float(random.index(below: 4)) }
    let dy = (0..<16 * across * across).map { _ in random.normal() }
    let base = (0..<16 * side * side).map { _ in random.normal() }
    let planes = [x, dy, base].map(Self.lanes)
    let y = FloatBuffer(count: dy.count)
    let dx = FloatBuffer(count: x.count)
    Pooling.forward(
      kind, size: size, planes[0].lanes, into: y.lanes, rows: across, columns: across)
    expectClose(Self.samples(y), Reference.pool(x, side: side, size: size, kind))
    Pooling.backward(
      kind, size: size, planes[1].lanes, planes[0].lanes, adding: nil, into: dx.lanes,
      rows: across, columns: across)
    let expected = Reference.poolGradient(x, dy, side: side, size: size, kind)
    expectClose(Self.samples(dx), expected)
    // The pointers do not keep the buffers.
    withExtendedLifetime(planes) {
      Pooling.backward(
        kind, size: size, planes[1].lanes, planes[0].lanes, adding: planes[2].lanes,
        into: dx.lanes, rows: across, columns: across)
    }
    expectClose(Self.samples(dx), zip(expected, base).map { $0 + Double($1) })
  }

  private func expectClose(_ a: [Float], _ b: [Double]) {
    #expect(a.count == b.count)
    #expect(zip(a, b).allSatisfy { abs(Double($0) - $1) < 1e-5 })
  }

  /// Sixteen samples, one after the other, side by side.
  private static func lanes(_ values: [Float]) -> FloatBuffer {
    let pixels = values.count / 16
    return FloatBuffer((0..<values.count).map { values[$0 % 16 * pixels + $0 / 16] })
  }

  private static func samples(_ buffer: FloatBuffer) -> [Float] {
    let pixels = buffer.count / 16
    return (0..<buffer.count).map { buffer[$0 % pixels * 16 + $0 / pixels] }
  }
}
