/// How a run's engine is reached at this moment, and whether it takes commands from here.
public struct RunContact: Sendable, Equatable {
  /// The line to the engine.
  public enum Link: Sendable, Equatable {
    /// The engine answers, or the run has ended well.
    case live
    /// Nothing was heard for this many whole seconds; the line is still there.
    case stalled(seconds: Int)
    /// The line is gone although the run had not ended; what a person can do, as a sentence.
    case lost(advice: String)
  }

  /// The line to the engine.
  public var link: Link
  /// Why commands are refused here, as a sentence; `nil` if they are taken.
  public var refusal: String?
  /// How the recording is being played, where there is one in place of an engine.
  public var playback: Playback?

  /// A line with or without the right to give commands.
  public init(link: Link = .live, refusal: String? = nil, playback: Playback? = nil) {
    self.link = link
    self.refusal = refusal
    self.playback = playback
  }

  /// Whether the line is gone.
  public var isLost: Bool {
    if case .lost = link { return true }
    return false
  }
}
