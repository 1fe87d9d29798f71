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
        case .start(let worker): "start \(worker)"
        case .shard(let shard, _): "shard \(shard)"
        case .join(let worker): "join \(worker)"
        }
      places.withLock { $0[name, default: 0] += 1 }
    }
    for _ in 0..<20 { pool.parallel(shards: 3) { _ in } }
    var expected = ["shard 0": 20, "shard 1": 20, "shard 2": 20]
    if threads > 1 {
      (expected["fork"], expected["join 0"]) = (20, 20)
      for helper in 1..<threads {
        (expected["start \(helper)"], expected["join \(helper)"]) = (20, 20)
      }
    }
    #expect(places.withLock { $0 } == expected)
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
