internal import Experiments

extension WorkbenchState {
  /// Asks the player for something, and says what.
  mutating func perform(_ command: PlaybackCommand) -> [Effect] {
    guard let playback = contact.playback else { return [] }
    switch command {
    case .pauseOrResume:
      say(playback.isPaused ? "the recording goes on" : "the recording is paused")
    case .nextRound: say("on to the next round")
    case .previousRound: say("back to the round before")
    case .faster, .slower: break
    }
    return [.play(command)]
  }

  /// Why the recording cannot do something; `nil` if it can.
  func reasonAgainstPlaying(_ command: Command) -> String? {
    guard let playback = contact.playback else { return "this is no recording" }
    return switch command {
    case .previousRound: nil
    case .slower where playback.speed <= 1.0 / 16: "it cannot be slower"
    case .faster where playback.speed == .infinity: "it is as fast as possible"
    default:
      playback.isOver
        ? "the recording has been played to its end: \(label(of: .previousRound)) goes back" : nil
    }
  }

  /// Forgets what was played, as it is played anew.
  mutating func rewindPlayback() {
    run = RunModel(name: run.name)
    frozen = nil
    acknowledged = nil
    acknowledgedAlarms = []
    offeredAlarms = []
    visitedAlarm = nil
    drills = []
    lossView.resetView()
    if case .rounds? = popup { popup = nil }
    scroll = [:]
  }
}

extension Playback {
  /// How it is played, in a few words.
  var words: String {
    if isOver { return "REPLAY END" }
    let pace =
      isPaused && !isHurrying
      ? "PAUSED" : isHurrying || speed == .infinity ? "MAX" : "×\(Figures.rate(speed))"
    return "REPLAY \(pace) \(percent)%"
  }
}
