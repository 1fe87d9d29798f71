internal import Foundation
public import Tensors

/// Adam with masked updates (paper §3, §4): a step of subnetwork k moves weights and moments inside
/// its mask, and nothing outside changes a bit.
///
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), as in PyTorch.
/// Parameters that are not prunable always take part, except frozen ones.
public final class Adam {
  /// The constants.
  public struct Settings: Sendable, Equatable {
    /// Decay of the first moment.
    public var beta1 = 0.9
    /// Decay of the second moment.
    public var beta2 = 0.999
    /// Added to the root of the second moment.
    public var epsilon = 1e-8
    /// Decoupled decay: prunable weights inside the mask lose η · decay of themselves per step.
    public var weightDecay = 0.0
    /// Which step count t corrects the moments' bias.
    public var biasCorrection = BiasCorrection.perSubnetwork

    /// PyTorch's defaults.
    public init() {}
  }

  /// The step counts of the bias correction (paper §10).
  public enum BiasCorrection: Sendable {
    /// Subnetwork k counts its own steps.
    case perSubnetwork
    /// Each parameter counts the updates it has itself received.
    case perWeight
  }

  /// The constants it was made with.
  public let settings: Settings
  /// First moments m, flat.
  package let firstMoments: FloatBuffer
  /// Second moments v, flat.
  package let secondMoments: FloatBuffer
  /// Steps each subnetwork has taken.
  package var stepCounts: [Int]
  /// Updates each parameter has received; empty unless the correction is per weight.
  package var weightCounts: [Int32]

  private let prunableCount: Int
  private let count: Int
  private let pool: WorkerPool
  private static let chunk = 8192

  /// Fresh moments for the parameters of a layout.
  public init(
    layout: ParameterLayout, subnetworks: Int, settings: Settings = Settings(), pool: WorkerPool
  ) {
    self.settings = settings
    self.pool = pool
    (count, prunableCount) = (layout.count, layout.prunableCount)
    firstMoments = FloatBuffer(count: layout.count)
    secondMoments = FloatBuffer(count: layout.count)
    stepCounts = Array(repeating: 0, count: subnetworks)
    weightCounts =
      settings.biasCorrection == .perWeight ? Array(repeating: 0, count: layout.count) : []
  }

  /// Takes one step.
  /// - Parameters:
  ///   - parameters: θ, moved.
  ///   - gradients: the loss's gradient by m ⊙ θ; what it holds outside the mask does not matter.
  ///   - mask: ones over the prunable parameters that take part; `nil` is all.
  ///   - subnetwork: whose step it is.
  ///   - learningRate: η.
  ///   - frozen: parameters that do not take part though they are not prunable, such as the
  ///     classifier's rows of other subnetworks (`ParameterLayout.frozenRanges`).
  public func step(
    parameters: FloatBuffer, gradients: FloatBuffer, mask: BitVector?, subnetwork: Int,
    learningRate: Double, frozen: [Range<Int>] = []
  ) {
    precondition(
      parameters.count == count && gradients.count == count, "parameters of another network")
    precondition(mask.map { $0.count == prunableCount } ?? true, "mask of another network")
    stepCounts[subnetwork] += 1
    let active = activeBits(mask, frozen)
    let decay = Float(1 - learningRate * settings.weightDecay)
    switch settings.biasCorrection {
    case .perSubnetwork:
      let (stepSize, root) = corrections(steps: stepCounts[subnetwork], learningRate)
      update(parameters, gradients, active, keep: decay) { _ in
        (Lanes(repeating: stepSize), Lanes(repeating: root))
      }
    case .perWeight: stepPerWeight(parameters, gradients, active, learningRate, decay)
    }
  }

  private func stepPerWeight(
    _ parameters: FloatBuffer, _ gradients: FloatBuffer, _ active: BitVector,
    _ learningRate: Double, _ decay: Float
  ) {
    for index in 0..<count where active[index] { weightCounts[index] += 1 }
    let longest = Int(weightCounts.max() ?? 0)
    // Counts are few: a table of the corrections spares a power per weight.
    let table = (0...longest).map { corrections(steps: max(1, $0), learningRate) }
    weightCounts.withUnsafeBufferPointer { counts in
      update(parameters, gradients, active, keep: decay) { start in
        var stepSize = Lanes(repeating: 1)
        var root = Lanes(repeating: 1)
        for lane in 0..<min(16, counts.count - start) {
          let pair = table[Int(counts[start + lane])]
          stepSize[lane] = pair.stepSize
          root[lane] = pair.root
        }
        return (stepSize, root)
      }
    }
  }

  private func corrections(steps: Int, _ learningRate: Double) -> (stepSize: Float, root: Float) {
    (
      Float(learningRate / (1 - pow(settings.beta1, Double(steps)))),
      Float((1 - pow(settings.beta2, Double(steps))).squareRoot())
    )
  }

  /// The parameters that take part: the mask, then all others but the frozen ones.
  private func activeBits(_ mask: BitVector?, _ frozen: [Range<Int>]) -> BitVector {
    var active = BitVector(repeating: true, count: count)
    if let mask { active.replacePrefix(with: mask) }
    for range in frozen { for index in range { active[index] = false } }
    return active
  }

  private func update(
    _ parameters: FloatBuffer, _ gradients: FloatBuffer, _ active: BitVector, keep: Float,
    rates: (Int) -> (Lanes, Lanes)
  ) {
    let constants = AdamUpdate.Constants(
      beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon)
    active.words.withUnsafeBufferPointer { words in
      pool.parallel(shards: (count + Self.chunk - 1) / Self.chunk) { shard in
        let range = shard * Self.chunk..<min(count, (shard + 1) * Self.chunk)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
          let bits = UInt16(truncatingIfNeeded: words[start >> 6] >> UInt64(start & 63))
          if bits == 0 { continue }
          let (stepSize, root) = rates(start)
          AdamUpdate.update(
            parameters.pointer + start, gradients.pointer + start,
            firstMoments.pointer + start, secondMoments.pointer + start, active: bits,
            count: min(16, range.upperBound - start), stepSize: stepSize, rootCorrection: root,
            keep: keep, decayCount: max(0, prunableCount - start), constants)
        }
      }
    }
  }
}
