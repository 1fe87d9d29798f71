package import Experiments

extension RunModel {
  /// Takes an event in.
  package mutating func apply(_ recorded: RecordedEvent) {
    let time = recorded.time
    if startedAt == nil { startedAt = time }
    lastTime = max(lastTime ?? time, time)
    course.take(recorded.event)

    switch recorded.event {
    case .runStarted(let description): start(description)
    case .stateChanged(let state): enter(state)
    case .roundStarted(let report):
      beginWork(at: time)
      start(report)
    case .stepFinished(let report): take(report, at: time)
    case .epochFinished(let report): take(report)
    case .pruned(let report): take(report)
    case .rewound(let round, let subnetwork): rewind(subnetwork, in: round)
    case .overlapMeasured(let report): take(report)
    case .roundFinished(let round):
      // That of a branch was begun elsewhere.
      self.round = max(self.round, round)
      finishRound(round)
    case .retrainingStarted(let round, let epochs):
      beginWork(at: time)
      startRetraining(round: round, epochs: epochs)
    case .retrainingFinished(let round): finishRetraining(round)
    case .evaluated(let report): take(report)
    case .pictureDrawn(let report): picture = picture?.overpainted(with: report) ?? report
    case .soundEnhanced(let report): spectrograms[report.scene] = report
    case .alarmRaised(let alarm): raise(alarm)
    case .alarmCleared(let alarm): clear(alarm)
    case .settingsChanged(let settings, let round): change(settings, from: round)
    case .noted(let words): take(words)
    // The words themselves follow.
    case .commandAccepted(.note): break
    case .commandAccepted(let command):
      follow(command)
      note(.detail, "accepted: \(EventText.name(command, subnetworks: labels))")
    case .commandRefused(let command, let reason):
      note(
        .warning,
        "refused: \(EventText.name(command, subnetworks: labels)): \(Names.printable(reason))")
    case .message(let level, let text):
      note(
        level == .error ? .error : level == .warning ? .warning : .info, Names.printable(text))
      if level != .info {
        alarm = log.last
        mark(.alarm(level == .error ? .critical : .warning))
      }
    case .runEnded(let state):
      self.state = state
      activeSubnetwork = nil
      speed.restart()
      note(state == .failed ? .error : .good, "run \(state.rawValue)")
    }
  }

  /// Adds a line to the log.
  mutating func note(_ level: LogLine.Level, _ text: String) {
    log.append(LogLine(seconds: elapsed(at: lastTime), level: level, text: text))
    if log.count > Self.logLimit + 200 {
      droppedLogLines += log.count - Self.logLimit
      log.removeFirst(log.count - Self.logLimit)
    }
  }

  private mutating func start(_ description: RunDescription) {
    self.description = description
    name = Names.printable(description.runName)
    subnetworks = description.subnetworks.enumerated().map { index, name in
      SubnetworkModel(
        name: Names.printable(name), letter: Names.letter(index),
        weightsLeft: description.prunableParameters)
    }
    note(.info, EventText.text(description))
  }

  /// Counts some steps and the time since the work before them. A screen that comes late may get the
  /// steps of a while only, and must not set the whole run's time against them.
  private mutating func count(steps: Int, at time: Double) {
    if let lastWork {
      effort[stage, default: Effort()].seconds += max(0, time - lastWork.time)
      effort[stage, default: Effort()].steps += steps
    }
    lastWork = (time, isStep: true)
  }

  /// Notes the beginning of a stage; what followed the last step belongs to the one before.
  private mutating func beginWork(at time: Double) {
    if let lastWork, lastWork.isStep {
      effort[stage, default: Effort()].seconds += max(0, time - lastWork.time)
    }
    lastWork = (time, isStep: false)
  }

  private mutating func enter(_ newState: RunState) {
    // Standing still costs nothing, and what passed before a resume was somebody else's time.
    if newState != .pausing, newState != .stopping { lastWork = nil }
    if newState == .paused || newState == .waiting || newState.isFinal { runFor = nil }
    guard newState != state else { return }
    state = newState
    if newState == .paused {
      mark(.pause)
    }
    if newState != .running { speed.restart() }
    note(newState == .failed ? .error : .info, newState.rawValue)
  }

  private mutating func start(_ report: RoundStarted) {
    round = report.round
    stage = .extraction
    roundSettings = report.settings
    roundSteps = report.plannedSteps
    for k in subnetworks.indices { subnetworks[k].isResting = report.plan[k] == nil }
    note(
      .info,
      "round \(report.round) of \(plannedRounds): "
        + EventText.text(report.plan, subnetworks: labels))
  }

  private mutating func take(_ report: StepReport, at time: Double) {
    guard subnetworks.indices.contains(report.subnetwork) else { return }
    stage = report.stage
    round = max(round, report.round)
    activeSubnetwork = report.subnetwork
    let before = subnetworks[report.subnetwork].progress(in: report.stage).lastLoss
    let taken: Int
    let seconds = elapsed(at: time)
    if report.stage == .retraining {
      taken = subnetworks[report.subnetwork].retraining.record(
        report, seconds: seconds, epochs: retrainingEpochs)
    } else {
      taken = subnetworks[report.subnetwork].extraction.record(
        report, seconds: seconds, epochs: roundSettings?.epochs ?? 0)
    }
    count(steps: taken, at: time)
    speed.record(samples: Double(taken) * Double(report.samples), at: time)
    if let rate = speed.samplesPerSecond {
      chart(rate, of: .speed, subnetwork: report.subnetwork, stage: report.stage)
    }
    if !report.loss.isFinite, before?.isFinite ?? true {
      note(
        .error,
        "loss of \(subnetworks[report.subnetwork].letter) "
          + "\(subnetworks[report.subnetwork].name) is \(Figures.loss(report.loss)) "
          + "at step \(report.step)")
      alarm = log.last
      mark(.alarm(.critical))
    }
  }

  private mutating func take(_ report: EpochReport) {
    guard subnetworks.indices.contains(report.subnetwork) else { return }
    if report.stage == .retraining {
      subnetworks[report.subnetwork].retraining.record(report)
    } else {
      subnetworks[report.subnetwork].extraction.record(report)
    }
  }

  private mutating func take(_ report: PruneReport) {
    guard subnetworks.indices.contains(report.subnetwork) else { return }
    subnetworks[report.subnetwork].sparsity = report.sparsity
    subnetworks[report.subnetwork].weightsLeft = report.weightsLeft
    chart(report.sparsity, of: .sparsity, subnetwork: report.subnetwork, stage: .extraction)
    if !markers.contains(where: { $0.kind == .prune && $0.round == report.round }) {
      mark(.prune, stage: .extraction, round: report.round)
    }
    subnetworks[report.subnetwork].prunedRound = report.round
    let subnetwork = subnetworks[report.subnetwork]
    note(
      .detail,
      "\(subnetwork.letter) \(subnetwork.name): pruned to \(Figures.grouped(report.weightsLeft)) "
        + "(\(Figures.percent(report.sparsity)) sparse)"
    )
  }

  private mutating func rewind(_ subnetwork: Int, in round: Int) {
    guard !markers.contains(where: { $0.kind == .rewind && $0.round == round }) else { return }
    mark(.rewind, stage: .extraction, round: round)
  }

  private mutating func take(_ report: OverlapReport) {
    overlap = report
    comparedSparsity = subnetworks.map(\.sparsity)
    overlapHistory.record(report)
    similarityOrder = Dendrogram(similarity: report.jaccard).order
    for index in subnetworks.indices {
      subnetworks[index].meanJaccard = Matrix.rowMean(report.jaccard, index)
      subnetworks[index].meanChance = Matrix.rowMean(report.chance, index)
      if let jaccard = subnetworks[index].meanJaccard {
        chart(jaccard, of: .jaccard, subnetwork: index, stage: .extraction)
        if let chance = subnetworks[index].meanChance {
          chart(jaccard - chance, of: .excess, subnetwork: index, stage: .extraction)
        }
      }
    }
    record(report.round) { record in
      record.jaccard = Matrix.pairMean(report.jaccard)
      record.chance = Matrix.pairMean(report.chance)
      record.unionParameters = report.unionParameters
      record.subnetworks = report.jaccard.indices.map {
        Matrix.rowMean(report.jaccard, $0) ?? .nan
      }
      record.layers = report.layers.map { Matrix.pairMean($0.jaccard) }
    }
  }

  mutating func record(_ round: Int, _ change: (inout RoundRecord) -> Void) {
    if let index = rounds.lastIndex(where: { $0.round == round }) {
      change(&rounds[index])
      rounds[index].sparsity = max(rounds[index].sparsity, meanSparsity)
    } else {
      var record = RoundRecord(round: round, sparsity: meanSparsity)
      change(&record)
      rounds.append(record)
    }
  }

  private mutating func finishRound(_ round: Int) {
    finishedRounds = max(finishedRounds, round)
    let alarm = alarms.map(\.level).max()
    record(round) { $0.alarm = max($0.alarm, alarm) }
    let reachedBefore = rounds.compactMap(\.target).max() ?? -1
    if let reached = targets.last(where: isReached), reached > reachedBefore {
      mark(.target(reached), stage: .extraction, round: round)
      record(round) { $0.target = reached }
      note(.good, "target \(Figures.target(reached)) sparsity reached")
    }
    let overlapText = overlap.flatMap(EventText.short).map { ", \($0)" } ?? ""
    note(.info, "round \(round) finished: \(Figures.percent(meanSparsity)) sparse\(overlapText)")
  }

  private mutating func startRetraining(round: Int, epochs: Int) {
    stage = .retraining
    self.round = max(self.round, round)
    retrainingEpochs = epochs
    isRetraining = true
    for k in subnetworks.indices { subnetworks[k].isResting = false }
    mark(.retraining, stage: .retraining, round: round)
    note(
      .info,
      "joint retraining of round \(round): "
        + (epochs == 1 ? "1 epoch" : "\(epochs) epochs"))
  }

  private mutating func finishRetraining(_ round: Int) {
    finishedRetrainings += 1
    isRetraining = false
    note(.info, "joint retraining of round \(round) finished")
  }

  private mutating func take(_ report: EvaluationReport) {
    for figures in report.subnetworks where subnetworks.indices.contains(figures.subnetwork) {
      subnetworks[figures.subnetwork].quality = (report.stage, report.round, figures)
      chart(figures, of: report.stage)
      let best = subnetworks[figures.subnetwork].bestBalancedAccuracy
      subnetworks[figures.subnetwork].bestBalancedAccuracy = max(
        best ?? -.infinity, figures.score.value)
    }
    let isJoint = report.stage == .retraining
    record(report.round) { record in
      if isJoint { record.overall = report.overall?.value }
      for figures in report.subnetworks {
        if isJoint {
          record.retrained[figures.subnetwork] = figures.score.value
        } else {
          record.extracted[figures.subnetwork] = figures.score.value
        }
      }
    }
    if isJoint {
      evaluation = report
      evaluations.append(report)
    }
    let who: String
    if report.subnetworks.count == 1, let index = report.subnetworks.first?.subnetwork,
      subnetworks.indices.contains(index)
    {
      who = "\(subnetworks[index].letter) \(subnetworks[index].name): "
    } else {
      who = isJoint ? "joint: " : ""
    }
    note(isJoint ? .good : .detail, who + EventText.short(report))
  }
}
