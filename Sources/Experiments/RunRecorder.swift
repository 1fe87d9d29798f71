internal import Foundation

/// Keeps everything a run reports: appends to `events.jsonl`, renews `summary.json`.
///
/// What cannot be written is kept and tried again, once a second and when somebody asks: no event is
/// lost while the process lives.
public actor RunRecorder {
  private let directory: RunDirectory
  private let mailbox: Mailbox
  private let onFailure: @Sendable (ExperimentError) -> Void
  private let onRecovery: @Sendable () -> Void
  private var summary: RunSummary?
  /// What was reported before the run's facts, by a log that has lost its first lines.
  private var undescribed: [RecordedEvent] = []
  private var descriptor: Int32 = -1

  /// Lines that are not written yet, and where the log stands without them.
  private var pending = Data()
  private var isSummaryStale = false
  private var written: LogPosition
  /// Whether a failed attempt may have left a part of a line behind them.
  private var isTailTorn = false
  /// The hash of the log, as far as somebody has asked for it.
  private var logHash = PrefixHash()
  /// The number of the next event.
  private var next: Int
  private var failure: ExperimentError?
  private var isOver = false
  private var waiting: [(sequence: Int, continuation: CheckedContinuation<Void, Never>)] = []

  /// For so long steps are gathered, so that they are written at once; news is written as it comes.
  private static let gathering = Duration.milliseconds(50)

  /// A recorder of a mailbox that keeps everything.
  /// - Parameters:
  ///   - earlier: the events that the log holds already, when a run is resumed.
  ///   - position: where the log ends.
  ///   - onFailure: told when something can no longer be written.
  ///   - onRecovery: told when everything is written again.
  public init(
    directory: RunDirectory, mailbox: Mailbox, continuing earlier: [RecordedEvent] = [],
    at position: LogPosition = .start, onFailure: @escaping @Sendable (ExperimentError) -> Void,
    onRecovery: @escaping @Sendable () -> Void = {}
  ) {
    self.directory = directory
    self.mailbox = mailbox
    self.onFailure = onFailure
    self.onRecovery = onRecovery
    summary = RunSummary(events: earlier)
    if summary == nil { undescribed = earlier }
    written = position
    next = position.events
  }

  /// Records until the stream ends.
  /// - Returns: whether everything is written.
  @discardableResult
  public func run() async -> Bool {
    while let events = await mailbox.next(gathering: Self.gathering) {
      for event in events where event.sequence >= next { take(event) }
      flush()
      wakeWaiting()
    }
    isOver = true
    flush()
    wakeWaiting()
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    return failure == nil
  }

  /// Waits until all events before one are written and synced.
  /// - Returns: where the log stands there, with the hash of what it holds by then.
  /// - Throws: `ExperimentError.file` while nothing can be written.
  public func position(through sequence: Int) async throws -> LogPosition {
    if next < sequence, !isOver {
      await withCheckedContinuation { waiting.append((sequence, $0)) }
    }
    retry()
    if let failure { throw failure }
    if descriptor >= 0, fsync(descriptor) != 0 {
      throw ExperimentFiles.failure("cannot be synced", path: directory.eventsPath)
    }
    var position = try position(of: sequence)
    if position != .start {
      try openLog()
      // Cut short by somebody else it has no hash; who reads the checkpoint will look for the events.
      position.sha256 = try logHash.take(
        descriptor, upTo: position.bytes, path: directory.eventsPath)
    }
    return position
  }

  /// Tries again what could not be written.
  public func retry() {
    if failure != nil { flush() }
  }

  // MARK: - Writing

  private func take(_ recorded: RecordedEvent) {
    next = recorded.sequence + 1
    do {
      pending.append(try EventLog.encode(recorded))
    } catch {
      report(.file(path: directory.eventsPath, reason: "\(error)"))
    }
    if case .runStarted = recorded.event, summary == nil {
      summary = RunSummary(events: undescribed + [recorded])
      undescribed = []
    } else {
      summary?.apply(recorded)
    }
    isSummaryStale = isSummaryStale || !recorded.event.isProgress
  }

  private func flush() {
    do {
      try openLog()
      if !pending.isEmpty {
        // Nothing is appended to half a line: it would be lost with it.
        try cutBack()
        do {
          try ExperimentFiles.write(pending, to: descriptor, path: directory.eventsPath)
        } catch {
          isTailTorn = true
          // At once, in case there is no next attempt.
          try? cutBack()
          throw error
        }
        written.bytes += pending.count
        written.events = next
        pending = Data()
      }
      if isSummaryStale, let summary {
        try ExperimentFiles.writeAtomically(
          Data((try ExperimentJSON.pretty(summary) + "\n").utf8), to: directory.summaryPath)
        isSummaryStale = false
      }
      guard failure != nil else { return }
      failure = nil
      onRecovery()
    } catch let error as ExperimentError {
      report(error)
    } catch {
      report(.file(path: directory.eventsPath, reason: "\(error)"))
    }
  }

  /// Takes back what a failed attempt has left of its lines.
  private func cutBack() throws {
    guard isTailTorn else { return }
    guard ftruncate(descriptor, off_t(written.bytes)) == 0 else {
      throw ExperimentFiles.failure("cannot be cut", path: directory.eventsPath)
    }
    isTailTorn = false
  }

  private func openLog() throws {
    guard descriptor < 0 else { return }
    descriptor = try ExperimentFiles.openToWrite(directory.eventsPath, O_APPEND)
  }

  private func report(_ error: ExperimentError) {
    let isNew = failure == nil
    failure = error
    guard isNew else { return }
    onFailure(error)
    Task {
      while failure != nil, !isOver {
        try? await Task.sleep(for: .seconds(1))
        retry()
      }
    }
  }

  private func wakeWaiting() {
    let ready = waiting.filter { $0.sequence <= next || isOver }
    waiting.removeAll { $0.sequence <= next || isOver }
    for entry in ready { entry.continuation.resume() }
  }

  /// Where the log stood before an event: back from the end, line by line.
  private func position(of sequence: Int) throws -> LogPosition {
    var linesLeft = written.events - sequence
    var bytes = written.bytes
    guard linesLeft > 0 else { return written }
    let log = open(directory.eventsPath, O_RDONLY | O_CLOEXEC)
    guard log >= 0 else {
      throw ExperimentFiles.failure("cannot be read", path: directory.eventsPath)
    }
    defer { close(log) }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var isInFirstLine = true
    while bytes > 0 {
      let start = max(0, bytes - block.count)
      let count = pread(log, &block, bytes - start, off_t(start))
      guard count == bytes - start else {
        throw ExperimentFiles.failure("cannot be read", path: directory.eventsPath)
      }
      for index in block[..<count].indices.reversed() {
        if block[index] == UInt8(ascii: "\n") {
          if !isInFirstLine { linesLeft -= 1 }
          isInFirstLine = false
          if linesLeft == 0 { return LogPosition(events: sequence, bytes: start + index + 1) }
        }
      }
      bytes = start
    }
    return .start
  }
}
