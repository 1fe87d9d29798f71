/// How a recording is being played.
public struct Playback: Sendable, Equatable {
  /// Recorded seconds that pass in a second; infinite for as fast as possible.
  public var speed: Double
  /// Whether it stands still because somebody asked.
  public var isPaused = false
  /// Whether it hurries on to a round that somebody asked for.
  public var isHurrying = false
  /// Whether the end of the recording was reached.
  public var isOver = false
  /// How much of the recording was played, in whole percents.
  public var percent = 0
  /// What of the recording could not be read, as a phrase.
  public var remark: String?

  /// A recording at its beginning.
  public init(speed: Double = .infinity) {
    self.speed = speed
  }
}

/// What a person can ask of a recording.
public enum PlaybackCommand: Sendable, Equatable {
  /// Stand still, or go on.
  case pauseOrResume
  /// Go on to the beginning of the next round.
  case nextRound
  /// Go back to the beginning of the round before.
  case previousRound
  /// Twice as fast.
  case faster
  /// Half as fast.
  case slower
}

/// A runner that plays a recording.
public protocol RecordingPlayer: ExperimentRunner {
  /// Does what a person asks.
  /// - Returns: whether it plays anew from the beginning, which closes every mailbox: whoever watches
  ///   forgets what was and subscribes again.
  func perform(_ command: PlaybackCommand) -> Bool
}
