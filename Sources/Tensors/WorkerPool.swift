internal import Foundation
internal import Synchronization

/// A fork–join pool: runs a fixed number of shards on a few threads and returns when all are done.
///
/// What a shard computes must not depend on which thread runs it; then neither do the bits of the
/// result. A call waits for the threads that took part only: one that got no processor in time leaves
/// its share to the others. All of them spin for a moment where they have to wait, and then sleep. One
/// thread at a time calls a pool; several pools are independent of each other.
public final class WorkerPool: Sendable {
  /// A place where threads may drift apart; a test can hold one of them up there.
  package enum Place: Sendable {
    /// Before the caller lets the helpers go.
    case fork
    /// After a helper saw that there is work, before it takes part.
    case arrival(worker: Int)
    /// After a helper said that it takes part.
    case start(worker: Int)
    /// Before a shard.
    case shard(Int, worker: Int)
    /// After a worker found no more shards, before it says so or waits for the others.
    case join(worker: Int)
  }

  /// Threads that may work at the same time: the caller, its helpers and guests.
  public let threads: Int
  private let team: Team?
  private let disturbance: (@Sendable (Place) -> Void)?

  /// A pool of `threads` threads; with one, everything runs on the caller.
  public convenience init(threads: Int) {
    self.init(threads: threads, guests: 0)
  }

  /// A pool that others may join, or that is disturbed: results must not change, however long a thread
  /// is held up.
  /// - Parameters:
  ///   - threads: its own.
  ///   - guests: threads from elsewhere that it has places for: see `takeGuest`.
  ///   - disturbance: called by each thread at each place.
  package init(
    threads: Int, guests: Int = 0, disturbance: (@Sendable (Place) -> Void)? = nil
  ) {
    self.threads = max(1, threads) + guests
    self.disturbance = disturbance
    team =
      threads > 1 || guests > 0
      ? Team(helpers: max(1, threads) - 1, guests: guests, disturbance: disturbance) : nil
  }

  deinit { team?.stop() }

  /// How many more guests it has places for.
  package var guestPlaces: Int { team?.guestPlaces ?? 0 }

  /// Takes a place for a thread that has nothing else to do.
  /// - Returns: what that thread is to call: it works for the pool until this is closed. `nil` if all
  ///   places are taken.
  package func takeGuest() -> (@Sendable () -> Void)? {
    guard let team, let worker = team.takeGuest() else { return nil }
    return { team.serve(worker: worker) }
  }

  /// Lets helpers and guests go; what is called from now on runs on the caller alone.
  package func close() { team?.stop() }

  /// Runs `body` for each shard in `0 ..< shards` and returns when all are done.
  public func parallel(shards: Int, _ body: (_ shard: Int) -> Void) {
    parallel(shards: shards) { shard, _ in body(shard) }
  }

  /// The same, telling which worker (`0 ..< threads`) runs the shard: for scratch memory.
  package func parallel(shards: Int, _ body: (_ shard: Int, _ worker: Int) -> Void) {
    guard let team, shards > 1 else {
      for shard in 0..<shards {
        disturbance?(.shard(shard, worker: 0))
        body(shard, 0)
      }
      return
    }
    team.run(shards: shards, body)
  }
}

/// The helpers of a pool; separate from it so that their threads do not keep the pool alive.
private final class Team: Sendable {
  private typealias Body = (Int, Int) -> Void

  /// Calls so far in the upper 48 bits, below them whether helpers may still join the present one, and how
  /// many have and are not done. In one word, so that nobody joins a call that is over.
  private let state = Atomic<UInt64>(0)
  private static let call: UInt64 = 1 << 16
  private static let open: UInt64 = 1 << 15

  private let nextShard = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  /// Helpers are workers 1 … helpers, guests those behind them.
  private let helpers: Int
  private let guests: Int
  private let takenByGuests = Atomic<Int>(0)
  private let bell = NSCondition()
  private let disturbance: (@Sendable (WorkerPool.Place) -> Void)?
  // Written by the caller before it opens a call, read by helpers after they joined it.
  nonisolated(unsafe) private var body: Body?
  nonisolated(unsafe) private var shards = 0

  init(helpers: Int, guests: Int, disturbance: (@Sendable (WorkerPool.Place) -> Void)?) {
    (self.helpers, self.guests, self.disturbance) = (helpers, guests, disturbance)
    for helper in 0..<helpers {
      let thread = Thread { [self] in serve(worker: helper + 1) }
      thread.stackSize = 1 << 20
      thread.name = "worker \(helper + 1)"
      thread.start()
    }
  }

  var guestPlaces: Int { max(0, guests - takenByGuests.load(ordering: .relaxed)) }

  /// The number of a guest's worker; a place is taken once, as guests stay until the end.
  func takeGuest() -> Int? {
    let guest = takenByGuests.add(1, ordering: .relaxed).oldValue
    return guest < guests ? helpers + 1 + guest : nil
  }

  func stop() {
    stopped.store(true, ordering: .releasing)
    state.add(Self.call, ordering: .sequentiallyConsistent)
    wake()
  }

  func run(shards: Int, _ body: (Int, Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.shards = shards
      nextShard.store(0, ordering: .relaxed)
      disturbance?(.fork)
      state.add(Self.call + Self.open, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
      work(body, shards, worker: 0)
      state.subtract(Self.open, ordering: .sequentiallyConsistent)
      wait { $0 % Self.open == 0 }
      self.body = nil
    }
  }

  private func work(_ body: Body, _ shards: Int, worker: Int) {
    while true {
      let shard = nextShard.add(1, ordering: .relaxed).oldValue
      guard shard < shards else { break }
      disturbance?(.shard(shard, worker: worker))
      body(shard, worker)
    }
    disturbance?(.join(worker: worker))
  }

  func serve(worker: Int) {
    var seen: UInt64 = 0
    while true {
      seen = wait { $0 / Self.call != seen } / Self.call
      if stopped.load(ordering: .acquiring) { return }
      disturbance?(.arrival(worker: worker))
      guard join(call: seen) else { continue }
      disturbance?(.start(worker: worker))
      if let body { work(body, shards, worker: worker) }
      let left = state.subtract(1, ordering: .sequentiallyConsistent).newValue
      // The caller may have gone to sleep over the last of its helpers.
      if left % Self.call == 0, sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    }
  }

  /// Takes part in a call, unless it is over.
  private func join(call: UInt64) -> Bool {
    var present = state.load(ordering: .acquiring)
    while present / Self.call == call, present & Self.open != 0 {
      let (done, found) = state.compareExchange(
        expected: present, desired: present + 1, ordering: .acquiringAndReleasing)
      if done { return true }
      present = found
    }
    return false
  }

  /// Turns of waiting before a thread sleeps: some tenths of a millisecond.
  private static let patience = 6000

  /// Waits for a state, awake at first, then asleep.
  @discardableResult
  private func wait(for isAwaited: (UInt64) -> Bool) -> UInt64 {
    for turn in 1...Self.patience {
      let present = state.load(ordering: .acquiring)
      if isAwaited(present) { return present }
      if turn % 512 == 0 { sched_yield() } else { spin() }
    }
    bell.lock()
    defer { bell.unlock() }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let present = state.load(ordering: .sequentiallyConsistent)
      if isAwaited(present) { return present }
      bell.wait()
    }
  }

  @inline(__always)
  private func spin() { for _ in 0..<8 { _ = state.load(ordering: .relaxed) } }

  private func wake() {
    bell.lock()
    bell.broadcast()
    bell.unlock()
  }
}
