internal import Datasets
public import Experiments
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// Measures how well images find their subnetwork when nobody says which, at each target: by the argmax
  /// over all subnetworks and by a gate, beside the oracle and another run.
  /// - Parameters:
  ///   - split: which images calibrate; the gate is trained on the run's own training images.
  ///   - baseline: a run on the same data whose argmax is measured on the same images.
  ///   - epochs: epochs of the gate's training.
  ///   - threads: how many threads compute.
  ///   - progress: told how many of how many steps of the work are done.
  /// - Throws: `EngineError.unsupported` for a run with one subnetwork, else as `calibrate`.
  public func route(
    _ split: CalibrationReport.Split, baseline: StoredRun?, epochs: Int, threads: Int,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> RoutingReport {
    let task = try readClassification(for: "route")
    guard subnetworkNames.count > 1 else {
      throw EngineError.unsupported(
        "rtl route: run '\(directory.name)' has one subnetwork; expected several to choose from")
    }
    let pool = WorkerPool(threads: threads)
    var judging = try JudgingSplit(split, of: task, run: directory.name)
    judging.judgedSamples.removeAll { task.subset(of: $0, in: task.dataset.test) == nil }
    guard !judging.judgedSamples.isEmpty else {
      throw EngineError.unsupported(
        "rtl route: found no test image that belongs to a subset; expected some to judge by")
    }
    let rounds = try judgedRounds()
    let targets = try rounds.map { try readTicket(round: $0).target }
    let other = try baseline.map {
      try RouteBaseline($0, like: task, targets: targets, pool: pool)
    }
    let steps = epochs + rounds.count
    let gate = try RoutingGate(task: task, epochs: epochs, pool: pool) { done, _ in
      progress(done, steps)
    }
    let measure = RouteMeasurement(
      run: self, task: task, judging: judging, gate: gate, baseline: other,
      trainer: SubnetworkTrainer(task: task, pool: pool))
    let ranking = try measure.ranking()
    let own = measure.ownSubsets
    func share(of first: Int) -> Double {
      Double(zip(ranking, own).count { $0.prefix(first).contains($1) }) / Double(own.count)
    }
    let report = try rounds.enumerated().map { done, round in
      defer { progress(epochs + done + 1, steps) }
      return try measure.target(round: round, ranking: ranking)
    }
    return RoutingReport(
      run: directory.name, baseline: baseline?.directory.name, split: split,
      judgedSamples: judging.judgedSamples.count,
      decision: config.task.kind == .binary ? .membership : .class, threads: threads,
      gate: RoutingReport.Gate(
        parameters: gate.network.layout.count, trainingSamples: gate.trainingSamples,
        epochs: epochs, multiplyAdds: gate.network.multiplyAdds, topOne: share(of: 1),
        topTwo: share(of: 2)),
      targets: report)
  }
}
