internal import Tensors

/// A piece of work that is timed, and how much arithmetic it is.
struct Work {
  /// Floating-point operations, of all threads together.
  let operations: Double
  /// Does it once.
  let run: () -> Void

  /// Does several pieces of work in turn, round after round, so that what else the machine is doing
  /// meets them all alike. In its turn a piece is done twice, and the second time counts: the caches
  /// then hold what it left there, not what the others did.
  /// - Returns: seconds, by work and round; a round before does not count.
  static func alternate(_ works: [Work], rounds: Int) -> [[Double]] {
    let clock = ContinuousClock()
    var seconds = works.map { _ in [Double]() }
    for round in -1..<rounds {
      for (index, work) in works.enumerated() {
        work.run()
        let time = clock.measure(work.run) / .seconds(1)
        if round >= 0 { seconds[index].append(time) }
      }
    }
    return seconds
  }

  /// The processor's peak: multiply-adds on values in registers, on every thread of a pool.
  static func peak(_ pool: WorkerPool) -> Work {
    let rounds = 3_000_000
    // Results are kept, or the optimiser might drop the work.
    let results = FloatBuffer(count: pool.threads)
    return Work(operations: Double(pool.threads * rounds * FMAPeak.operationsPerRound)) {
      pool.parallel(shards: pool.threads) {
        results[$0] = FMAPeak.run(rounds: rounds, factor: 0.999, term: Float($0))
      }
    }
  }

  /// OpenBLAS' product of two square matrices of side 1024, one product for every thread of a pool.
  static func matrixProduct(_ pool: WorkerPool) -> Work {
    let side = 1024
    BLAS.useOneThread()
    func matrix() -> FloatBuffer { FloatBuffer((0..<side * side).map { Float($0 % 7) - 3 }) }
    let (a, b) = (matrix(), matrix())
    let products = (0..<pool.threads).map { _ in FloatBuffer(count: side * side) }
    return Work(operations: 2 * Double(pool.threads * side * side * side)) {
      pool.parallel(shards: pool.threads) {
        BLAS.multiply(
          a.pointer, b.pointer, into: products[$0].pointer, rows: side, inner: side, columns: side)
      }
    }
  }
}
