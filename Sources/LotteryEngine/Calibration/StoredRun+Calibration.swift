internal import Datasets
public import Experiments
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// Calibrates the retrained subnetworks at each target, and judges them before and after on images that
  /// did not calibrate.
  /// - Parameters:
  ///   - split: which images calibrate.
  ///   - recall: the recall that thresholds are chosen for; `nil` is the best F1.
  ///   - threads: how many threads compute.
  ///   - progress: told how many of how many targets are done.
  /// - Throws: `EngineError.unsupported` where the run set no image aside or shows a picture, `.noSuchRound`
  ///   where nothing was retrained yet, or what is wrong with data or files.
  public func calibrate(
    _ split: CalibrationReport.Split, recall: Double?, threads: Int,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> CalibrationReport {
    let task = try readClassification(for: "calibrate")
    let split = try JudgingSplit(split, of: task, run: directory.name)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    let calibration = ScoreCalibration(
      task: task, goal: recall.map(DecisionThreshold.Goal.recall) ?? .bestF1)
    let rounds = try judgedRounds()
    var targets: [CalibrationReport.Target] = []
    for (done, round) in rounds.enumerated() {
      progress(done, rounds.count)
      let (ticket, samples) = try said(of: split, round: round, task: task, trainer: trainer)
      let subnetworks = try subnetworkNames.indices.map { k in
        try calibration.calibrate(
          subnetwork: k, on: samples.calibration[k], judgedBy: samples.judged[k])
      }
      targets.append(
        CalibrationReport.Target(
          round: ticket.round, target: ticket.target, subnetworks: subnetworks))
    }
    progress(rounds.count, rounds.count)
    return CalibrationReport(
      run: directory.name, split: split.kind, calibrationSamples: split.calibrationSamples.count,
      judgedSamples: split.judgedSamples.count, wantedRecall: recall,
      decision: config.task.kind == .binary ? .membership : .class, targets: targets)
  }

  /// What the subnetworks of a round say of both parts of a split.
  func said(
    of split: JudgingSplit, round: Int, task: ClassificationTask, trainer: SubnetworkTrainer
  ) throws -> (
    ticket: Ticket,
    samples: (calibration: [ScoreCalibration.Sample], judged: [ScoreCalibration.Sample])
  ) {
    let ticket = try readTicket(round: round)
    let candidates = ticket.candidates
    let evaluator = Evaluator(task: task, trainer: trainer)
    let calibration = try evaluator.scores(
      candidates, of: split.calibrationImages, samples: split.calibrationSamples)
    let judged = try evaluator.scores(candidates, samples: split.judgedSamples)
    for (k, name) in subnetworkNames.enumerated() where candidates.indices.contains(k) {
      try EngineError.requireNumbers(calibration[k] + judged[k], of: name, round: ticket.round)
    }
    return (
      ticket,
      (
        calibration.map {
          .init(images: split.calibrationImages, indices: split.calibrationSamples, logits: $0)
        },
        judged.map {
          .init(images: task.dataset.test, indices: split.judgedSamples, logits: $0)
        }
      )
    )
  }

  /// The rounds that were retrained for a target; all that were retrained where none was for one.
  /// - Throws: `EngineError.noSuchRound` if there is none.
  func judgedRounds() throws -> [Int] {
    let retrained = try directory.retrainedRounds()
    guard !retrained.isEmpty else {
      throw EngineError.noSuchRound(run: directory.name, round: 0, available: [])
    }
    let atTargets = retrained.filter { $0.target != nil }
    return (atTargets.isEmpty ? retrained : atTargets).map(\.round)
  }

  /// The run's task with its data, if it decides something about images.
  /// - Throws: `EngineError.unsupported` for a picture, or as `readTask`.
  func readClassification(for verb: String) throws -> ClassificationTask {
    guard config.task.kind.isClassification else {
      throw EngineError.unsupported(
        "rtl \(verb): task.kind of run '\(directory.name)' is '\(config.task.kind.rawValue)'; expected "
          + "binary or multiclass")
    }
    let task = try ClassificationTask(config)
    try check(task)
    return task
  }
}

extension EngineError {
  /// A network whose training diverged says nothing that could be calibrated or compared.
  /// - Throws: `EngineError.unsupported` if one of the logits is no number.
  static func requireNumbers(_ logits: [Float], of subnetwork: String, round: Int?) throws {
    guard logits.allSatisfy(\.isFinite) else {
      throw EngineError.unsupported(
        "subnetwork '\(subnetwork)' has diverged by its retraining"
          + (round.map { " after round \($0)" } ?? "") + ": found logits that are no numbers")
    }
  }
}

extension StoredRun.Ticket {
  /// The subnetworks, to be judged.
  var candidates: [Candidate] {
    Candidate.all(parameters: parameters, masks: masks.map(\.bits), statistics: statistics)
  }
}
