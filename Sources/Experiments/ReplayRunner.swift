internal import Foundation
internal import Synchronization

/// Plays a run's log as if its engine were there: the same events at the recorded distances, faster
/// or slower, as far as the log is good.
///
/// A stretch without events takes five seconds at most. As fast as possible means no faster than a
/// screen takes the steps in, so that none is lost on it.
public final class ReplayRunner: RecordingPlayer {
  /// The run's name.
  public let name: String

  /// The longest that anybody waits for the next event, in seconds.
  private static let longestWait = 5.0
  private static let speeds = 1.0 / 16...1024.0

  private struct State {
    var playback: Playback
    /// The round that is played, and the one that somebody asked for.
    var round = 0
    var wantedRound: Int?
    var history: [RecordedEvent] = []
    var mailboxes: [Mailbox] = []
    var playing: Task<Void, Never>?

    /// Whether no event is waited for.
    var isFast: Bool { wantedRound != nil || playback.speed == .infinity }
    /// Whether everything stands still.
    var standsStill: Bool { playback.isPaused && wantedRound == nil }
  }

  private let path: String
  private let state: Mutex<State>

  /// A recording at its beginning; it starts when somebody subscribes.
  /// - Parameter speed: recorded seconds that pass in a second; infinite for as fast as possible.
  public init(_ directory: RunDirectory, speed: Double = .infinity) {
    name = directory.name
    path = directory.eventsPath
    state = Mutex(State(playback: Playback(speed: speed)))
  }

  // MARK: - As any runner

  /// A new mailbox, with the lifecycle events that were played already.
  public func subscribe(_ policy: Mailbox.Policy) async -> Mailbox {
    let mailbox = Mailbox(policy)
    state.withLock { state in
      for event in state.history { mailbox.deliver(event) }
      guard !state.playback.isOver else { return mailbox.close() }
      state.mailboxes.append(mailbox)
      if state.playing == nil { state.playing = Task { await self.play() } }
    }
    return mailbox
  }

  /// Refuses the command: there is no engine.
  public func send(_ command: RunCommand) {
    let event = RecordedEvent(
      sequence: -1, time: Date().timeIntervalSince1970,
      event: .commandRefused(command, reason: Self.refusal))
    state.withLock { for mailbox in $0.mailboxes { mailbox.deliver(event) } }
  }

  /// Waits until all is played.
  public func waitUntilEnded() async {
    let mailbox = await subscribe(.newestProgress(limit: 0))
    while await mailbox.next() != nil {}
  }

  /// That there is no engine, and how far the playing is.
  public var contact: RunContact {
    RunContact(refusal: Self.refusal, playback: state.withLock { $0.playback })
  }

  /// Stops playing.
  public func leave() async {
    state.withLock { state in
      state.playing?.cancel()
      for mailbox in state.mailboxes { mailbox.close() }
      state.mailboxes = []
    }
  }

  private static let refusal = "this is a recording: there is no engine that could do it"

  // MARK: - As a player

  /// Does what a person asks.
  public func perform(_ command: PlaybackCommand) -> Bool {
    state.withLock { state in
      switch command {
      case .pauseOrResume:
        state.playback.isPaused.toggle()
      case .faster:
        let speed = state.playback.speed * 2
        state.playback.speed = speed > Self.speeds.upperBound ? .infinity : speed
      case .slower:
        let speed = min(state.playback.speed / 2, Self.speeds.upperBound)
        state.playback.speed = max(speed, Self.speeds.lowerBound)
      case .nextRound:
        guard !state.playback.isOver else { return false }
        state.wantedRound = (state.wantedRound ?? state.round) + 1
        state.playback.isHurrying = true
      case .previousRound:
        Self.rewind(&state, to: max(1, (state.wantedRound ?? state.round) - 1))
        return true
      }
      return false
    }
  }

  private static func rewind(_ state: inout State, to round: Int) {
    state.playing?.cancel()
    state.playing = nil
    for mailbox in state.mailboxes { mailbox.close() }
    state.mailboxes = []
    state.history = []
    state.round = 0
    state.wantedRound = round
    state.playback.isHurrying = true
    state.playback.isOver = false
    state.playback.percent = 0
    state.playback.remark = nil
  }

  // MARK: - Playing

  private func play() async {
    var remark: String?
    do {
      let cursor = try EventLogCursor(path)
      var (last, due) = (Double?.none, ContinuousClock.now)
      while let events = try cursor.next() {
        for event in events {
          await wait(seconds: last.map { event.time - $0 } ?? 0, until: &due)
          last = event.time
          guard !Task.isCancelled else { return }
          deliver(event)
        }
        let percent = Int(cursor.fraction * 100)
        state.withLock { if !Task.isCancelled { $0.playback.percent = percent } }
      }
      remark = cursor.losses.description
    } catch {
      remark = "\(error)"
    }
    state.withLock { state in
      guard !Task.isCancelled else { return }
      state.playback.isOver = true
      state.playback.isHurrying = false
      state.playback.remark = remark
      state.wantedRound = nil
      for mailbox in state.mailboxes { mailbox.close() }
      state.mailboxes = []
    }
  }

  /// Lets recorded seconds pass at the speed of the moment, and stands still while it is asked to.
  private func wait(seconds: Double, until due: inout ContinuousClock.Instant) async {
    var (left, patience) = (max(0, seconds), Self.longestWait)
    while !Task.isCancelled {
      let (speed, isFast, standsStill) = state.withLock {
        ($0.playback.speed, $0.isFast, $0.standsStill)
      }
      if standsStill {
        try? await Task.sleep(for: .milliseconds(50))
        due = .now
      } else if isFast {
        due = .now
        break
      } else if left > 0, patience > 0 {
        let slice = min(left / speed, 0.1)
        left -= slice * speed
        patience -= slice
        // Who was late makes up for it, but not for more than a moment.
        due = max(due, .now - .seconds(1)) + .seconds(slice)
        if due > .now + .milliseconds(4) { try? await Task.sleep(until: due) }
      } else {
        break
      }
    }
    // A screen must not lose steps because they are played too fast; one that has gone is not
    // waited for.
    let deadline = ContinuousClock.now + .seconds(2)
    while !Task.isCancelled, state.withLock({ $0.mailboxes.contains(where: \.isFull) }),
      .now < deadline
    {
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private func deliver(_ event: RecordedEvent) {
    state.withLock { state in
      guard !Task.isCancelled else { return }
      if case .roundStarted(let report) = event.event {
        state.round = report.round
        if let wanted = state.wantedRound, report.round >= wanted {
          state.wantedRound = nil
          state.playback.isHurrying = false
        }
      }
      if !event.event.isProgress { state.history.append(event) }
      for mailbox in state.mailboxes { mailbox.deliver(event) }
    }
  }
}
