/// Everything an engine reports, in the past tense.
///
/// Written to `events.jsonl` one object per line and folded by every screen; a screen can be rebuilt
/// from the events alone.
public enum Event: Sendable, Equatable {
  /// The run's fixed facts; always the first event.
  case runStarted(RunDescription)
  /// The engine entered a state.
  case stateChanged(RunState)
  /// A pruning round began.
  case roundStarted(RoundStarted)
  /// One optimizer step was taken.
  case stepFinished(StepReport)
  /// A subnetwork finished an epoch.
  case epochFinished(EpochReport)
  /// A mask lost weights.
  case pruned(PruneReport)
  /// The survivors of a subnetwork were set back to θ₀.
  case rewound(round: Int, subnetwork: Int)
  /// All masks of a round were compared.
  case overlapMeasured(OverlapReport)
  /// A pruning round ended; its masks are on disk.
  case roundFinished(round: Int)
  /// Joint retraining began.
  case retrainingStarted(round: Int, epochs: Int)
  /// Joint retraining ended; its weights are on disk.
  case retrainingFinished(round: Int)
  /// Subnetworks were judged on held-out data.
  case evaluated(EvaluationReport)
  /// The subnetworks of a picture drew what they show.
  case pictureDrawn(PictureReport)
  /// A subnetwork enhanced a held-out mixture.
  case soundEnhanced(SpectrogramReport)
  /// The collapse watch found something wrong, or something that was wrong changed its level.
  case alarmRaised(Alarm)
  /// What an alarm was about is all right again; the alarm as it was raised last.
  case alarmCleared(Alarm)
  /// What the planned rounds from one on use has changed.
  case settingsChanged(StandingSettings, fromRound: Int)
  /// The engine took a command.
  case commandAccepted(RunCommand)
  /// The engine could not take a command, and why.
  case commandRefused(RunCommand, reason: String)
  /// A person said something about the moment.
  case noted(Note)
  /// Something a person should see.
  case message(MessageLevel, String)
  /// The run ended; the last event.
  case runEnded(RunState)

  /// Progress may be thinned for a screen; everything else is a lifecycle event and never dropped.
  public var isProgress: Bool {
    if case .stepFinished = self { return true }
    return false
  }

  /// Whether a reader may gather it with what follows for a moment: what comes with every epoch or for
  /// every subnetwork, and is no news of the run as a whole.
  public var canWait: Bool {
    switch self {
    case .stepFinished, .epochFinished, .pruned, .rewound, .evaluated: true
    default: false
    }
  }
}

/// The urgency of a message.
public enum MessageLevel: String, Sendable, Codable, CaseIterable {
  /// Good to know.
  case info
  /// Something may be wrong; the run goes on.
  case warning
  /// Something is wrong.
  case error
}

/// An event with its place and time.
public struct RecordedEvent: Sendable, Equatable {
  /// Position in the run's log, from 0 without gaps.
  public var sequence: Int
  /// Seconds since 1970.
  public var time: Double
  /// What happened.
  public var event: Event

  /// An event with its place and time.
  public init(sequence: Int, time: Double, event: Event) {
    self.sequence = sequence
    self.time = time
    self.event = event
  }
}
