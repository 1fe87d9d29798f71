/// A fixed-size, 64-byte aligned array of floats with reference semantics; the storage of
/// parameters, gradients, moments and activations.
///
/// Not synchronised: a step hands disjoint parts to different workers. That discipline, not the
/// type system, is why it is `@unchecked Sendable`.
public final class FloatBuffer: @unchecked Sendable {
  /// Number of floats.
  public let count: Int
  /// The first float.
  public let pointer: UnsafeMutablePointer<Float>

  /// `count` zeros.
  public init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  /// A copy of an array.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: source.count)
    }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// A value.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "float index out of range")
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "float index out of range")
      pointer[index] = newValue
    }
  }

  /// All values, copied.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Sets every value.
  public func fill(_ value: Float) { pointer.update(repeating: value, count: count) }

  /// Takes over all values of a buffer of the same length.
  public func copy(from other: FloatBuffer) {
    precondition(count == other.count, "float buffers of different lengths")
    pointer.update(from: other.pointer, count: count)
  }
}
