import Dispatch
import Foundation
import Synchronization
import Tensors
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 5])
  func runsEveryShardOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    let counts = FloatBuffer(count: 64)
    for round in 1...300 {
      let shards = round % 64 + 1
      counts.fill(0)
      pool.parallel(shards: shards) { counts[$0] += 1 }
      #expect(counts.values == (0..<64).map { $0 < shards ? 1 : 0 })
    }
  }

  @Test func workersAreNumbered() {
    let pool = WorkerPool(threads: 3)
    let seen = FloatBuffer(count: 40)
    pool.parallel(shards: 40) { shard, worker in
      seen[shard] = Float(worker)
      Thread.sleep(forTimeInterval: 0.0005)
    }
    #expect(seen.values.allSatisfy { $0 >= 0 && $0 < 3 })
    #expect(Set(seen.values).count > 1)
  }

  @Test("a disturbance is told every place", arguments: [1, 2, 3])
  func disturbance(threads: Int) {
    let places = Mutex<[String: Int]>([:])
    let pool = WorkerPool(threads: threads) { place in
      let name =
        switch place {
        case .fork: "fork"
        case .arrival: "arrival"
        case .start(let worker): "start \(worker)"
        case .shard(let shard, _): "shard \(shard)"
        case .join(let worker): "join \(worker)"
        }
      places.withLock { $0[name, default: 0] += 1 }
    }
    for _ in 0..<20 { pool.parallel(shards: 3) { _ in } }
    let told = places.withLock { $0 }
    #expect((0..<3).allSatisfy { told["shard \($0)"] == 20 })
    guard threads > 1 else { return }
    #expect(told["fork"] == 20 && told["join 0"] == 20)
    for helper in 1..<threads {
      // A helper that comes too late does not take part.
      let starts = told["start \(helper)", default: 0]
      #expect(starts <= 20 && told["join \(helper)", default: 0] == starts)
    }
    #expect(told["arrival", default: 0] <= 20 * (threads - 1))
  }

  @Test("a helper that gets no processor is not waited for")
  func lateHelper() {
    let arrived = DispatchSemaphore(value: 0)
    let released = DispatchSemaphore(value: 0)
    let isFirst = Mutex(true)
    let pool = WorkerPool(threads: 2) { place in
      guard case .arrival = place,
        isFirst.withLock({
          let first = $0; $0 = false; return first
        })
      else { return }
      arrived.signal()
      released.wait()
    }
    let counts = FloatBuffer(count: 5)
    pool.parallel(shards: 5) { counts[$0] += 1 }
    arrived.wait()
    for _ in 0..<10 { pool.parallel(shards: 5) { counts[$0] += 1 } }
    #expect(counts.values == [11, 11, 11, 11, 11])
    released.signal()
    // It is there for what comes next.
    for _ in 0..<100 { pool.parallel(shards: 5) { counts[$0] += 1 } }
    #expect(counts.values == [111, 111, 111, 111, 111])
  }

  @Test("a caller that fell asleep over its helpers is woken by the last of them")
  func slowHelpers() {
    let pool = WorkerPool(threads: 3) { place in
      // Long enough for everybody else to sleep.
      if case .join(let worker) = place, worker > 0 { Thread.sleep(forTimeInterval: 0.02) }
    }
    let counts = FloatBuffer(count: 12)
    for _ in 0..<5 {
      pool.parallel(shards: 12) { shard in
        Thread.sleep(forTimeInterval: 0.001)
        counts[shard] += 1
      }
    }
    #expect(counts.values.allSatisfy { $0 == 5 })
  }

  @Test func wakesAfterSleeping() {
    let pool = WorkerPool(threads: 3)
    let total = Atomic<Int>(0)
    for _ in 0..<3 {
      Thread.sleep(forTimeInterval: 0.05)
      pool.parallel(shards: 7) { shard in total.add(shard, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 3 * 21)
  }

  @Test("threads from elsewhere work for a pool until it is closed")
  func guests() {
    let pool = WorkerPool(threads: 1, guests: 2)
    #expect(pool.threads == 3 && pool.guestPlaces == 2)
    let left = DispatchGroup()
    let seen = FloatBuffer(count: 40)
    func work() -> Set<Float> {
      seen.fill(-1)
      pool.parallel(shards: 40) { shard, worker in
        seen[shard] = Float(worker)
        Thread.sleep(forTimeInterval: 0.0005)
      }
      return Set(seen.values)
    }
    #expect(work() == [0], "alone so far")
    for _ in 0..<2 {
      guard let guest = pool.takeGuest() else {
        Issue.record("no place")
        return
      }
      left.enter()
      Thread.detachNewThread {
        guest()
        left.leave()
      }
    }
    #expect(pool.guestPlaces == 0 && pool.takeGuest() == nil)
    // They come when they get a processor.
    var workers: Set<Float> = []
    for _ in 0..<500 where workers.count < 3 { workers.formUnion(work()) }
    #expect(workers == [0, 1, 2])
    pool.close()
    left.wait()
    #expect(work() == [0], "alone again")
  }

  @Test func severalPoolsAtOnce() {
    let results = FloatBuffer(count: 4)
    DispatchQueue.concurrentPerform(iterations: 4) { index in
      let pool = WorkerPool(threads: index % 2 + 1)
      let parts = FloatBuffer(count: 8)
      for _ in 0..<200 { pool.parallel(shards: 8) { parts[$0] += Float($0) } }
      results[index] = parts.values.reduce(0, +)
    }
    #expect(results.values.allSatisfy { $0 == 200 * 28 })
  }
}
