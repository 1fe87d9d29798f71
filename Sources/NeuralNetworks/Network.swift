public import Tensors

/// A named network with memory for a mini-batch: effective weights in, logits and gradients out.
///
/// It owns no parameters and no statistics: both are handed to each pass, so one network serves all
/// subnetworks in turn. A pass runs in phases between which batch normalisation needs sums over the
/// whole batch; within a phase a fixed number of shards share the groups of samples, and partial
/// results are added in their order: the bits do not depend on the pool's threads. Not
/// synchronised; use one network from one thread at a time.
public final class Network {
  /// Units of the output layer.
  public let outputs: Int
  /// The largest batch.
  public let capacity: Int
  /// Where its parameters are in the flat store.
  public let layout: ParameterLayout
  /// Where its running statistics are.
  public let batchNormLayout: BatchNormLayout
  /// The images, `[3, side, side]` per sample, or vectors of features; callers set its count and fill it
  /// before a pass.
  public let input: LaneBatch
  /// The outputs of the last forward pass, `[outputs]` per sample.
  public let logits: LaneBatch
  /// What the last layer read in the last pass in evaluation mode, `[hidden]` per sample up to the
  /// count of `input`; `nil` for networks without a classifier.
  public let features: LaneBatch?
  /// The loss's gradient by the logits; callers fill it before the backward pass.
  public let logitGradient: LaneBatch
  /// Weight of a new batch in the running statistics.
  public var momentum: Double = 0.1
  /// Told how long each step takes, if there is one; for benchmarks.
  public var profile: PassProfile?

  /// The kinds of forward pass.
  public enum Mode: Sendable {
    /// Batch statistics; moves the running ones; keeps what the backward pass needs.
    case training
    /// Running statistics.
    case evaluation
  }

  /// Parts of a batch that workers share, whatever their number.
  package static let shards = 4

  private let pool: WorkerPool
  private let steps: [Step]
  private let forwardPhases: [Phase]
  private let backwardPhases: [Phase]
  private let scratch: [FloatBuffer]
  private let shardGradients: FloatBuffer
  private var hasBackwardMemory = false
  /// Whether the next phase takes the shards from the last to the first: each begins with what the one
  /// before it wrote last and a cache may still hold. No shard depends on another, so no bit does.
  private var goesBack = false
  private var maskPlans: [MaskPlan] = []

  /// A network for batches of up to `capacity` samples whose passes run on a pool.
  public convenience init(
    _ architecture: Architecture, outputs: Int, capacity: Int, pool: WorkerPool
  ) {
    self.init(
      outputs: outputs, capacity: capacity * architecture.lanesPerSample, pool: pool,
      describedBy: architecture.build
    ) { architecture.builder(outputs: outputs, capacity: $0, layout: $1) }
  }

  /// A network of any description, over images of `side` × `side` pixels.
  package convenience init(
    outputs: Int, capacity: Int, channels: Int = 3, side: Int = 32, pool: WorkerPool,
    describedBy describe: (NetworkBuilder) -> Void
  ) {
    self.init(outputs: outputs, capacity: capacity, pool: pool, describedBy: describe) {
      NetworkBuilder(
        outputs: outputs, capacity: $0, channels: channels, side: side, layout: $1)
    }
  }

  /// A network over spectra, as many outputs as input channels.
  /// - Parameter capacity: samples, sixteen lanes each.
  package convenience init(
    spectra: SpectralShape, channels: Int = 2, capacity: Int, pool: WorkerPool,
    describedBy describe: (NetworkBuilder) -> Void
  ) {
    let lanes = capacity * LaneBatch.lanes
    self.init(outputs: channels, capacity: lanes, pool: pool, describedBy: describe) {
      NetworkBuilder(spectra: spectra, channels: channels, capacity: $0, layout: $1)
    }
  }

  /// A network of a description.
  /// - Parameter makeBuilder: a builder for a capacity and the places of the parameters, if known.
  private init(
    outputs: Int, capacity: Int, pool: WorkerPool, describedBy describe: (NetworkBuilder) -> Void,
    makeBuilder: (_ capacity: Int, _ layout: ParameterLayout?) -> NetworkBuilder
  ) {
    (self.outputs, self.capacity, self.pool) = (outputs, capacity, pool)
    let draft = makeBuilder(0, nil)
    describe(draft)
    layout = ParameterLayout(draft.declarations)
    let builder = makeBuilder(capacity, layout)
    describe(builder)
    batchNormLayout = BatchNormLayout(entries: builder.normalizations)
    (input, logits, logitGradient) = (builder.input, builder.logits, builder.logitGradient)
    features = builder.features
    steps = builder.steps
    forwardPhases = Phase.forward(steps)
    backwardPhases = Phase.backward(steps)
    let scratchCount = steps.reduce(0) { max($0, $1.scratchCount) }
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: scratchCount * LaneBatch.lanes) }
    shardGradients = FloatBuffer(count: Self.shards * layout.count)
  }

  /// Multiply-adds of one forward pass of one sample.
  public var multiplyAdds: Int { steps.reduce(0) { $0 + $1.multiplyAdds } }

  /// Tells which prunable weights the effective weights of the following passes keep.
  ///
  /// It changes the speed only: layers with few kept weights pass over the others, whose gradients are
  /// then not computed (they stay zero). Without a mask everything is computed.
  /// - Parameter mask: ones over the prunable parameters.
  public func use(mask: BitVector?) {
    guard let mask else {
      for step in steps { step.kept = nil }
      return
    }
    let plan: MaskPlan
    if let known = maskPlans.first(where: { $0.mask == mask }) {
      plan = known
    } else {
      plan = MaskPlan(mask: mask, kept: steps.map { $0.keep(mask) })
      // Joint retraining comes back to each of its masks again and again.
      if maskPlans.count >= Self.rememberedMasks { maskPlans.removeFirst() }
      maskPlans.append(plan)
    }
    for (step, kept) in zip(steps, plan.kept) { step.kept = kept }
  }

  /// What the steps make of a mask.
  private struct MaskPlan {
    let mask: BitVector
    let kept: [Kept?]
  }

  private static let rememberedMasks = 64

  /// Computes the logits of the input.
  /// - Parameters:
  ///   - weights: the effective weights m ⊙ θ, flat.
  ///   - statistics: read in evaluation, moved in training.
  public func forward(weights: FloatBuffer, statistics: BatchNormStatistics, mode: Mode) {
    precondition(weights.count == layout.count, "weights of another network")
    prepare(mode)
    let parameters = UnsafePointer(weights.pointer)
    switch mode {
    case .evaluation:
      for step in steps {
        step.output?.normalization?.useRunning(statistics, parameters: parameters)
      }
      run(Phase(steps: steps), weights: parameters, isTraining: false, "forward") { $0.forward($1) }
    case .training:
      for phase in forwardPhases {
        run(phase, weights: parameters, isTraining: true, "forward") { $0.forward($1) }
        for map in phase.finished {
          map.normalization?.useBatch(
            groups: input.groups, count: map.population(samples: input.count), momentum: momentum,
            running: statistics, parameters: parameters)
        }
      }
      statistics.batches += 1
    }
  }

  /// Computes the gradients of all parameters from `logitGradient`, after a training pass with the
  /// same weights.
  /// - Parameter gradients: overwritten; as long as the parameter store.
  public func backward(weights: FloatBuffer, gradients: FloatBuffer) {
    precondition(
      weights.count == layout.count && gradients.count == layout.count,
      "weights or gradients of another network")
    let parameters = UnsafePointer(weights.pointer)
    logitGradient.count = input.count
    clearPadding(logitGradient)
    let shards = shardCount
    pool.parallel(shards: shards) { shard in
      (shardGradients.pointer + shard * layout.count).update(repeating: 0, count: layout.count)
    }
    for phase in backwardPhases {
      run(phase, weights: parameters, isTraining: true, "backward") { $0.backward($1) }
      for map in phase.finished {
        map.normalization?.useGradient(
          groups: input.groups, count: map.population(samples: input.count), parameters: parameters,
          gradients: shardGradients.pointer)
      }
    }
    let chunk = 16_384
    pool.parallel(shards: (layout.count + chunk - 1) / chunk) { part in
      OrderedSum.reduce(
        shardGradients.pointer, count: shards, stride: layout.count, into: gradients.pointer,
        range: part * chunk..<min(layout.count, (part + 1) * chunk))
    }
  }

  private var shardCount: Int { max(1, min(Self.shards, input.groups)) }

  private func prepare(_ mode: Mode) {
    precondition(input.count > 0, "an empty batch")
    logits.count = input.count
    clearPadding(input)
    guard mode == .training, !hasBackwardMemory else { return }
    GradientMemory.allocate(for: backwardPhases)
    for step in steps where !(step is ResidualSum) { step.findGradients() }
    hasBackwardMemory = true
  }

  private func clearPadding(_ batch: LaneBatch) {
    guard batch.count % LaneBatch.lanes != 0 else { return }
    let group = batch.groups - 1
    let presence = batch.presence(group: group)
    let planes = batch.planes.plane(group: group, channel: 0)
    for index in 0..<batch.channels * batch.pixels {
      planes[index] = planes[index].replacing(with: 0, where: presence .== 0)
    }
  }

  private func run(
    _ phase: Phase, weights: UnsafePointer<Float>, isTraining: Bool,
    _ direction: String, _ body: (Step, ShardPass) -> Void
  ) {
    let (groups, shards) = (input.groups, shardCount)
    let isPartial = input.count % LaneBatch.lanes != 0
    let presence = isPartial ? input.presence(group: groups - 1) : Lanes(repeating: 1)
    let goesBack = self.goesBack
    self.goesBack.toggle()
    pool.parallel(shards: shards) { turn, worker in
      let shard = goesBack ? shards - 1 - turn : turn
      let pass = ShardPass(
        weights: weights, gradients: shardGradients.pointer + shard * layout.count,
        groups: groups * shard / shards..<groups * (shard + 1) / shards,
        scratch: scratch[worker].lanes, isTraining: isTraining,
        partialGroup: isPartial ? groups - 1 : -1, partialPresence: presence)
      guard let profile else {
        for step in phase.steps { body(step, pass) }
        return
      }
      for step in phase.steps { profile.measure(step, direction) { body(step, pass) } }
    }
  }
}
