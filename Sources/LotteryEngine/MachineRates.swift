internal import Tensors

/// What this machine can do at best, in 10⁹ floating-point operations per second: the measures that
/// a kernel's speed is compared with.
public enum MachineRates {
  /// A rate on one thread and on several at once.
  public struct Rate: Sendable, Encodable {
    /// On one thread.
    public let oneThread: Double
    /// On all threads of a pool together.
    public let allThreads: Double
  }

  /// Multiply-adds on values in registers: the processor's peak.
  public static func fusedMultiplyAdds(threads: Int) -> Rate {
    let rounds = 1_000_000
    let work = Double(rounds * FMAPeak.operationsPerRound)
    return measure(threads: threads, operations: work) { worker in
      FMAPeak.run(rounds: rounds, factor: 0.999, term: Float(worker))
    }
  }

  /// OpenBLAS' product of two square matrices of side 1024, one product per thread.
  public static func matrixProducts(threads: Int) -> Rate {
    let side = 1024
    BLAS.useOneThread()
    func matrix() -> FloatBuffer {
      FloatBuffer((0..<side * side).map { Float($0 % 7) - 3 })
    }
    let (a, b) = (matrix(), matrix())
    let products = (0..<threads).map { _ in FloatBuffer(count: side * side) }
    let work = 2 * Double(side * side * side)
    return measure(threads: threads, operations: work) { worker in
      BLAS.multiply(
        a.pointer, b.pointer, into: products[worker].pointer, rows: side, inner: side,
        columns: side)
      return products[worker][0]
    }
  }

  /// The best round of a third of a second, and of eight at least; a machine with other work in
  /// progress has its good moments.
  private static func measure(
    threads: Int, operations: Double, _ body: (_ worker: Int) -> Float
  ) -> Rate {
    func best(_ threads: Int) -> Double {
      let pool = WorkerPool(threads: threads)
      // Results are kept, or the optimiser might drop the work.
      let results = FloatBuffer(count: threads)
      func round() { pool.parallel(shards: threads) { results[$0] = body($0) } }
      let clock = ContinuousClock()
      let start = clock.now
      var (seconds, rounds) = (Double.infinity, 0)
      while rounds < 8 || clock.now - start < .seconds(1) / 3 {
        seconds = min(seconds, clock.measure(round) / .seconds(1))
        rounds += 1
      }
      return operations * Double(threads) / seconds / 1e9
    }
    let one = best(1)
    return Rate(oneThread: one, allThreads: threads == 1 ? one : best(threads))
  }
}
