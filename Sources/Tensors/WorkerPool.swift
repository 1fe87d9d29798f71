internal import Foundation
internal import Synchronization

/// A fork–join pool: runs a fixed number of shards on a few threads and returns when all are done.
///
/// What a shard computes must not depend on which thread runs it; then neither do the bits of the
/// result. Workers spin for a moment between two calls and then sleep. One thread at a time calls a
/// pool; several pools are independent of each other.
public final class WorkerPool: Sendable {
  /// A place where threads may drift apart; a test can hold one of them up there.
  package enum Place: Sendable {
    /// Before the caller lets the helpers go.
    case fork
    /// After a helper saw that there is work.
    case start(worker: Int)
    /// Before a shard.
    case shard(Int, worker: Int)
    /// After a worker found no more shards, before it says so or waits for the others.
    case join(worker: Int)
  }

  /// Threads that work, the caller among them.
  public let threads: Int
  private let team: Team?
  private let disturbance: (@Sendable (Place) -> Void)?

  /// A pool of `threads` threads; with one, everything runs on the caller.
  public convenience init(threads: Int) {
    self.init(threads: threads, disturbance: nil)
  }

  /// A pool that is disturbed: results must not change, however long a thread is held up.
  /// - Parameter disturbance: called by each thread at each place.
  package init(threads: Int, disturbance: (@Sendable (Place) -> Void)?) {
    self.threads = max(1, threads)
    self.disturbance = disturbance
    team = threads > 1 ? Team(helpers: threads - 1, disturbance: disturbance) : nil
  }

  deinit { team?.stop() }

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

  private let helpers: Int
  private let generation = Atomic<Int>(0)
  private let nextShard = Atomic<Int>(0)
  private let working = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let bell = NSCondition()
  private let disturbance: (@Sendable (WorkerPool.Place) -> Void)?
  // Written by the caller before it raises `generation`, read by helpers after they saw it.
  nonisolated(unsafe) private var body: Body?
  nonisolated(unsafe) private var shards = 0

  init(helpers: Int, disturbance: (@Sendable (WorkerPool.Place) -> Void)?) {
    self.helpers = helpers
    self.disturbance = disturbance
    for helper in 1...helpers {
      let thread = Thread { [self] in serve(worker: helper) }
      thread.stackSize = 1 << 20
      thread.name = "worker \(helper)"
      thread.start()
    }
  }

  func stop() {
    stopped.store(true, ordering: .releasing)
    generation.add(1, ordering: .sequentiallyConsistent)
    wake()
  }

  func run(shards: Int, _ body: (Int, Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.shards = shards
      nextShard.store(0, ordering: .relaxed)
      working.store(helpers, ordering: .relaxed)
      disturbance?(.fork)
      generation.add(1, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
      work(body, shards, worker: 0)
      var turns = 0
      while working.load(ordering: .acquiring) > 0 { pause(&turns) }
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

  private func serve(worker: Int) {
    var seen = 0
    while true {
      var turns = 0
      while generation.load(ordering: .acquiring) == seen {
        if turns < Self.patience { pause(&turns) } else { sleep(while: seen) }
      }
      seen += 1
      if stopped.load(ordering: .acquiring) { return }
      disturbance?(.start(worker: worker))
      if let body { work(body, shards, worker: worker) }
      working.subtract(1, ordering: .releasing)
    }
  }

  /// Turns of waiting before a helper sleeps: some tenths of a millisecond.
  private static let patience = 6000

  @inline(__always)
  private func pause(_ turns: inout Int) {
    turns += 1
    if turns % 512 == 0 { sched_yield() } else { spin() }
  }

  @inline(__always)
  private func spin() { for _ in 0..<8 { _ = generation.load(ordering: .relaxed) } }

  private func sleep(while seen: Int) {
    bell.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { bell.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    bell.unlock()
  }

  private func wake() {
    bell.lock()
    bell.broadcast()
    bell.unlock()
  }
}
