import Foundation
import NeuralNetworks
import Synchronization
import Tensors
import Testing

/// Whole training steps while threads are held up at random: a step that reads what another shard
/// has yet to write, or two workers that share memory, give other bits only when one of them is slow.
@Suite struct DisturbedPassTests {
  /// Seeded delays: about every fourth place holds its thread up for up to a third of a millisecond,
  /// and one thread is always slower than the others.
  private func delays(seed: UInt64) -> @Sendable (WorkerPool.Place) -> Void {
    let calls = Counter()
    return { place in
      let call = calls.next()
      var random = RandomStream(seed: seed, purpose: "delays", call)
      var microseconds = random.index(below: 4) == 0 ? random.index(below: 300) : 0
      switch place {
      case .shard(_, let worker), .start(let worker), .join(let worker):
        if worker == Int(seed % 4) { microseconds += 30 }
      case .fork, .arrival: break
      }
      if microseconds > 0 { usleep(UInt32(microseconds)) }
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.add(1, ordering: .relaxed).oldValue }
  }

  @Test("the bits of disturbed steps are those of one thread", arguments: Architecture.allCases)
  func disturbed(architecture: Architecture) {
    // A dense mask, and one that the kernels for kept weights serve.
    for density in [1, 0.15] as [Float] {
      let calm = InvarianceTests.train(
        architecture, pool: WorkerPool(threads: 1), samples: 70, density: density)
      for threads in 1...4 {
        for seed in 0..<3 as Range<UInt64> {
          let pool = WorkerPool(threads: threads, disturbance: delays(seed: seed))
          let disturbed = InvarianceTests.train(
            architecture, pool: pool, samples: 70, density: density)
          expectSame(
            disturbed, calm, "\(threads) threads, density \(density), delays \(seed)")
        }
      }
    }
  }
}
