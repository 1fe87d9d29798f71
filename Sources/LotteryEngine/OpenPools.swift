internal import Synchronization
internal import Tensors

/// The pools of the workers that still have subnetworks, for threads that have none.
final class OpenPools: Sendable {
  private let pools: [WorkerPool]
  private let open: Mutex<Set<Int>>

  /// - Parameter guests: threads that may join the one of a pool.
  init(count: Int, guests: Int) {
    pools = (0..<count).map { _ in WorkerPool(threads: 1, guests: max(0, guests)) }
    open = Mutex(Set(0..<count))
  }

  /// Lends a pool to its worker and closes it when the work is done.
  func use(_ index: Int, _ work: (WorkerPool) -> Void) {
    work(pools[index])
    open.withLock { _ = $0.remove(index) }
    pools[index].close()
  }

  /// Works for the open pools, for that with the fewest threads first, until none needs another.
  func help() {
    while let guest = takeGuest() { guest() }
  }

  private func takeGuest() -> (@Sendable () -> Void)? {
    open.withLock { open in
      open.sorted().max { pools[$0].guestPlaces < pools[$1].guestPlaces }
        .flatMap { pools[$0].takeGuest() }
    }
  }
}
