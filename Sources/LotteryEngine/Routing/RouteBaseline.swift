internal import Datasets
internal import Experiments
internal import NeuralNetworks
internal import Tensors

/// Another run whose argmax is measured on the same images.
struct RouteBaseline {
  private let run: StoredRun
  private let task: ClassificationTask
  private let trainer: SubnetworkTrainer
  private let work: PassWork
  private let rounds: [Double: Int]

  /// - Throws: `EngineError.mismatch` for a run on other data, or with none of the targets.
  init(_ run: StoredRun, like other: ClassificationTask, targets: [Double?], pool: WorkerPool)
    throws
  {
    self.run = run
    let task = try run.readClassification(for: "route")
    let (own, theirs) = (other.config.dataset, task.config.dataset)
    let isSame =
      own.kind == theirs.kind && own.path == theirs.path && own.testSamples == theirs.testSamples
      && own.imageSize == theirs.imageSize && own.testFraction == theirs.testFraction
      && other.dataset.test.labels == task.dataset.test.labels
      // Built-in images are drawn anew by each seed.
      && (own.kind != .procedural || other.config.seed == task.config.seed)
    guard isSame else {
      throw EngineError.mismatch(
        file: run.directory.resolvedConfigPath,
        found: "the \(task.dataset.test.count) test images of \(theirs.kind.rawValue)",
        expected: "those of the run that is routed, \(other.dataset.test.count) of "
          + own.kind.rawValue + ", from the same path")
    }
    self.task = task
    trainer = SubnetworkTrainer(task: task, pool: pool)
    work = PassWork(task.architecture, outputs: task.outputs)
    let retrained = try run.directory.retrainedRounds()
    rounds = Dictionary(
      retrained.compactMap { round in round.target.map { ($0, round.round) } },
      uniquingKeysWith: { _, last in last })
    guard targets.contains(where: { $0.map { rounds[$0] != nil } ?? false }) else {
      let names = targets.compactMap(\.self).map { "\($0)" }.joined(separator: ", ")
      throw EngineError.mismatch(
        file: run.directory.path,
        found: "retrained at \(rounds.keys.sorted().map { "\($0)" }.joined(separator: ", "))",
        expected: "a run with one of the targets \(names)")
    }
  }

  /// The run's subnetworks at a target; `nil` if it has not got there.
  func candidates(at target: Double?) throws -> [Candidate]? {
    guard let round = target.flatMap({ rounds[$0] }) else { return nil }
    return try run.readTicket(round: round).candidates
  }

  /// The share of samples for which its argmax is right.
  /// - Parameter rightLabels: for each sample the classes that count as right.
  func accuracy(
    _ candidates: [Candidate], samples: [Int], rightLabels: [Set<UInt8>]
  ) throws -> Double {
    let scores = try Evaluator(task: task, trainer: trainer).scores(candidates, samples: samples)
    let choices = task.argmaxChoices(scores: scores)
    let right = zip(choices, rightLabels).count { choice, labels in
      let chosen =
        task.config.task.kind == .binary ? task.subsetLabels(choice) : [UInt8(choice)]
      return labels.isSuperset(of: chosen)
    }
    return Double(right) / Double(max(1, samples.count))
  }

  /// Multiply-adds per image of all its subnetworks.
  func multiplyAdds(_ candidates: [Candidate]) -> Int {
    candidates.reduce(0) { $0 + work.multiplyAdds($1.mask) }
  }

  /// Its passes over a batch, to be timed.
  func timing(_ candidates: [Candidate], samples: [Int]) -> RouteTiming {
    RouteTiming(
      task: task, trainer: trainer, candidates: candidates,
      samples: Array(samples.prefix(trainer.network.capacity)))
  }
}
