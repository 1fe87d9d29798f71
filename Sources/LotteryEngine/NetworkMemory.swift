internal import Experiments
internal import Foundation
internal import NeuralNetworks

/// Whether the networks of a run fit into the machine's memory.
enum NetworkMemory {
  /// Refuses what is larger than the memory.
  /// - Parameters:
  ///   - bytes: what is needed.
  ///   - available: bytes of the memory.
  /// - Throws: `EngineError.unsupported`.
  static func require(
    _ bytes: Int, available: Int = Int(ProcessInfo.processInfo.physicalMemory)
  ) throws {
    guard bytes <= available else {
      throw EngineError.unsupported(
        "batch_size: the run's networks take \(gibibytes(bytes)) GiB, expected at most the "
          + "\(gibibytes(available)) GiB of this machine's memory; lower batch_size, "
          + "dataset.image_size, dataset.seconds (of speech) or the number of threads")
    }
  }

  /// Bytes of a run's networks: one for each worker of an extraction, or the one that all threads share
  /// in joint retraining.
  static func bytes(_ task: any LotteryTask, threads: Int) -> Int {
    let architecture = task.architecture
    func bytes(threads: Int) -> Int {
      architecture.memoryBytes(outputs: 1, capacity: task.config.batchSize, threads: threads)
    }
    // θ, its moments, and a copy of them for a checkpoint.
    let owners = task.config.method.isIndependent ? task.subnetworkNames.count : 0
    let independent = owners * task.makeLayout().count * MemoryLayout<Float>.stride * 6
    let workers = min(threads, task.subnetworkNames.count)
    return max(workers * bytes(threads: 1), bytes(threads: threads) + independent)
  }

  private static func gibibytes(_ bytes: Int) -> String {
    String(format: "%.1f", Double(bytes) / Double(1 << 30))
  }
}
