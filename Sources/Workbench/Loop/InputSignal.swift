internal import Dispatch

/// Says once that a file descriptor can be read, and again after being rearmed.
///
/// Between the two the source is suspended: a key that waits must not wake anybody twice.
@MainActor
final class InputSignal {
  private let source: any DispatchSourceRead
  private var isSuspended = true

  /// A signal for a descriptor.
  init(descriptor: Int32) {
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
  }

  /// Calls `signal` on the main queue when the descriptor can be read.
  func start(_ signal: @escaping @MainActor () -> Void) {
    source.setEventHandler { MainActor.assumeIsolated { signal() } }
    rearm()
  }

  /// Stops listening until it is rearmed.
  func disarm() {
    guard !isSuspended else { return }
    source.suspend()
    isSuspended = true
  }

  /// Listens again.
  func rearm() {
    guard isSuspended else { return }
    source.resume()
    isSuspended = false
  }

  /// Ends it.
  func stop() {
    source.cancel()
    // A suspended source must not be released.
    rearm()
  }
}
