internal import Glibc

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

  /// Whether the memory is pages of its own.
  private let isMapped: Bool

  /// Bytes from which a buffer gets pages of its own: they hold zeros without being written, take
  /// memory only once they are used, and go back to the system with the buffer, whatever the C
  /// library would keep.
  private static let mappedBytes = 1 << 17

  /// `count` zeros.
  public init(count: Int) {
    self.count = count
    let room = max(count, 1)
    let bytes = room * MemoryLayout<Float>.stride
    if bytes >= Self.mappedBytes,
      let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      pages != MAP_FAILED
    {
      // Large pages where the system has some: a step walks through a hundred megabytes.
      madvise(pages, bytes, MADV_HUGEPAGE)
      pointer = pages.bindMemory(to: Float.self, capacity: room)
      isMapped = true
    } else {
      pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        .bindMemory(to: Float.self, capacity: room)
      pointer.initialize(repeating: 0, count: room)
      isMapped = false
    }
  }

  /// A copy of an array.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: source.count)
    }
  }

  deinit {
    if isMapped {
      munmap(pointer, max(count, 1) * MemoryLayout<Float>.stride)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

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
