extension RunSummary {
  /// The summary of a whole log; `nil` if it does not hold the run's facts. A log that has lost its
  /// first lines tells them later, after a resume.
  public init?(events: [RecordedEvent]) {
    let descriptions = events.lazy.compactMap { recorded -> RunDescription? in
      if case .runStarted(let description) = recorded.event { description } else { nil }
    }
    guard let first = events.first, let description = descriptions.first else { return nil }
    self.init(description: description, startedAt: first.time)
    for event in events { apply(event) }
  }

  /// Takes one more event into account.
  public mutating func apply(_ recorded: RecordedEvent) {
    seconds = max(seconds, recorded.time - startedAt)
    switch recorded.event {
    case .stateChanged(let newState), .runEnded(let newState):
      state = newState
    case .pruned(let report):
      unfinishedRound.append(report)
    case .overlapMeasured(let report):
      jaccard = report.jaccard
      chanceJaccard = report.chance
      unionParameters = report.unionParameters
      for (k, mean) in report.meanJaccard.enumerated() where subnetworks.indices.contains(k) {
        subnetworks[k].meanJaccard = mean.isFinite ? mean : nil
      }
    case .roundFinished(let round):
      rounds = round
      for report in unfinishedRound where subnetworks.indices.contains(report.subnetwork) {
        subnetworks[report.subnetwork].sparsity = report.sparsity
        subnetworks[report.subnetwork].weightsLeft = report.weightsLeft
      }
      unfinishedRound = []
    case .evaluated(let report) where report.stage == .retraining:
      evaluations.append(report)
      for quality in report.subnetworks where subnetworks.indices.contains(quality.subnetwork) {
        guard quality.score.metric == .balancedAccuracy else {
          subnetworks[quality.subnetwork].score = quality.score
          continue
        }
        subnetworks[quality.subnetwork].balancedAccuracy = quality.balancedAccuracy
        subnetworks[quality.subnetwork].precision = quality.precision
        subnetworks[quality.subnetwork].recall = quality.recall
        subnetworks[quality.subnetwork].f1 = quality.f1
      }
    case .alarmRaised(let alarm):
      alarms = (alarms ?? []).filter { !$0.isAbout(alarm) } + [alarm]
    case .alarmCleared(let alarm):
      alarms?.removeAll { $0.isAbout(alarm) }
    case .noted(let note):
      notes = (notes ?? []) + [note]
    default:
      break
    }
  }
}
