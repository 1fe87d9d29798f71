internal import Datasets
internal import Experiments
internal import NeuralNetworks
internal import Tensors

/// The ways from an image to a decision at one target: how often right, how much arithmetic, how long.
struct RouteMeasurement {
  let run: StoredRun
  let task: ClassificationTask
  let judging: JudgingSplit
  let gate: RoutingGate
  let baseline: RouteBaseline?
  let trainer: SubnetworkTrainer

  private var samples: [Int] { judging.judgedSamples }

  /// The subset of each judged image.
  var ownSubsets: [Int] {
    samples.map { task.subset(of: $0, in: task.dataset.test) ?? 0 }
  }

  /// The subsets of each judged image as the gate holds them likely.
  func ranking() throws -> [[Int]] {
    var ranking: [[Int]] = []
    for start in stride(from: 0, to: samples.count, by: gate.network.capacity) {
      let end = min(start + gate.network.capacity, samples.count)
      ranking += try gate.ranking(samples[start..<end])
    }
    return ranking
  }

  /// All ways at the target of a round.
  func target(round: Int, ranking: [[Int]]) throws -> RoutingReport.Target {
    let (ticket, said) = try run.said(of: judging, round: round, task: task, trainer: trainer)
    let fitting = ScoreCalibration(task: task, goal: .bestF1)
    let decisions = RouteDecisions(
      task: task, logits: said.judged.map(\.logits),
      calibration: try run.subnetworkNames.indices.map {
        try fitting.calibrate(subnetwork: $0, on: said.calibration[$0], judgedBy: said.judged[$0])
      })
    let own = ownSubsets
    let work = PassWork(task.architecture, outputs: task.outputs)
    let passes = ticket.masks.map { Double(work.multiplyAdds($0.bits)) }
    let candidates = ticket.candidates
    let theirs = try baseline?.candidates(at: ticket.target)
    let times = try times(candidates, own: own, ranking: ranking, theirs: theirs)
    let all = Array(passes.indices)
    let everything = passes.reduce(0, +)
    func mean(_ subnetworks: (Int) -> [Int]) -> Double {
      samples.indices.reduce(0) { sum, place in
        subnetworks(place).reduce(sum) { $0 + passes[$1] }
      } / Double(samples.count)
    }
    let perGate = Double(gate.network.multiplyAdds)
    let right = self.right
    let raw = task.argmaxChoices(scores: decisions.logits)
    func route(
      _ kind: RoutingReport.Route.Kind, _ work: Double, isRight: (Int) -> Bool
    ) -> RoutingReport.Route {
      RoutingReport.Route(
        kind: kind, accuracy: Double(samples.indices.count(where: isRight)) / Double(samples.count),
        multiplyAdds: work, millisecondsPerImage: times[kind] ?? .nan)
    }
    var routes = [
      route(.oracle, mean { [own[$0]] }) {
        decisions.ownIsRight(own[$0], sample: $0, right: right[$0])
      },
      route(.argmax, everything) { raw[$0] == right[$0] },
      route(.calibratedArgmax, everything) {
        decisions.surest(of: all, sample: $0) == right[$0]
      },
      route(.gateTopOne, perGate + mean { Array(ranking[$0].prefix(1)) }) {
        decisions.surest(of: Array(ranking[$0].prefix(1)), sample: $0) == right[$0]
      },
      route(.gateTopTwo, perGate + mean { Array(ranking[$0].prefix(2)) }) {
        decisions.surest(of: ranking[$0].prefix(2).sorted(), sample: $0) == right[$0]
      },
    ]
    if let baseline, let theirs {
      routes.append(
        RoutingReport.Route(
          kind: .baseline,
          accuracy: try baseline.accuracy(theirs, samples: samples, rightLabels: rightLabels),
          multiplyAdds: Double(baseline.multiplyAdds(theirs)),
          millisecondsPerImage: times[.baseline] ?? .nan))
    }
    return RoutingReport.Target(
      round: ticket.round, target: ticket.target, routes: routes,
      sharing: RoutingReport.Sharing(
        sharesWeights: !run.config.method.isIndependent,
        layers: work.sharing(
          ticket.masks.map(\.bits), sharesWeights: !run.config.method.isIndependent),
        millisecondsAlone: times.alone, millisecondsTogether: times[.argmax] ?? .nan))
  }

  // MARK: - What is right

  /// The right choice for each judged image, as `RouteDecisions` numbers them.
  private var right: [Int] {
    task.config.task.kind == .binary
      ? ownSubsets : samples.map { Int(task.dataset.test.labels[$0]) }
  }

  /// The classes that are right for each judged image: those of its subset, or its own.
  private var rightLabels: [Set<UInt8>] {
    task.config.task.kind == .binary
      ? ownSubsets.map { Set(task.subsetLabels($0)) }
      : samples.map { [task.dataset.test.labels[$0]] }
  }

  // MARK: - Times

  /// Milliseconds per image by way, and of K passes that each read the image.
  private struct Times {
    var byKind: [RoutingReport.Route.Kind: Double]
    var alone: Double

    subscript(kind: RoutingReport.Route.Kind) -> Double? { byKind[kind] }
  }

  private func times(
    _ candidates: [Candidate], own: [Int], ranking: [[Int]], theirs: [Candidate]?
  ) throws -> Times {
    let batch = Array(samples.prefix(trainer.network.capacity))
    let timing = RouteTiming(
      task: task, trainer: trainer, candidates: candidates, samples: batch)
    func gated(_ count: Int) throws {
      _ = try gate.ranking(batch[...])
      try timing.routed(batch.indices.map { Array(ranking[$0].prefix(count)) })
    }
    var ways: [(kind: RoutingReport.Route.Kind?, images: Int, way: () throws -> Void)] = [
      (nil, batch.count, timing.alone), (.argmax, batch.count, timing.together),
      (.oracle, batch.count, { try timing.routed(batch.indices.map { [own[$0]] }) }),
      (.gateTopOne, batch.count, { try gated(1) }), (.gateTopTwo, batch.count, { try gated(2) }),
    ]
    if let baseline, let theirs {
      let other = baseline.timing(theirs, samples: batch)
      ways.append((.baseline, other.samples.count, other.together))
    }
    let milliseconds = zip(ways, try RouteTiming.medianMilliseconds(ways.map(\.way)))
      .map { $1 / Double($0.images) }
    var times = Times(byKind: [:], alone: milliseconds[0])
    for (way, value) in zip(ways, milliseconds) {
      if let kind = way.kind { times.byKind[kind] = value }
    }
    // The temperature and the shift of a score are nothing beside a pass.
    times.byKind[.calibratedArgmax] = times.byKind[.argmax]
    return times
  }
}
