internal import Foundation

/// Keeps everything a run reports: appends to `events.jsonl`, renews `summary.json`.
public actor RunRecorder {
  private let directory: RunDirectory
  private let mailbox: Mailbox
  private let onFailure: @Sendable (ExperimentError) -> Void
  private var summary: RunSummary?
  private var hasFailed = false

  /// A recorder of a mailbox that keeps everything.
  /// - Parameter onFailure: told once when nothing more can be written.
  public init(
    directory: RunDirectory, mailbox: Mailbox,
    onFailure: @escaping @Sendable (ExperimentError) -> Void
  ) {
    self.directory = directory
    self.mailbox = mailbox
    self.onFailure = onFailure
  }

  /// Records until the stream ends.
  public func run() async {
    let descriptor = open(
      directory.eventsPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      report(ExperimentFiles.failure("cannot be written", path: directory.eventsPath))
    }
    defer { if descriptor >= 0 { close(descriptor) } }
    while let events = await mailbox.next() {
      guard !hasFailed else { continue }
      do {
        try append(events, to: descriptor)
      } catch let error as ExperimentError {
        report(error)
      } catch {
        report(.file(path: directory.eventsPath, reason: "\(error)"))
      }
    }
  }

  private func append(_ events: [RecordedEvent], to descriptor: Int32) throws {
    var lines = Data()
    var isNews = false
    for event in events {
      lines.append(try EventLog.encode(event))
      if case .runStarted(let description) = event.event {
        summary = RunSummary(description: description, startedAt: event.time)
      }
      summary?.apply(event)
      isNews = isNews || !event.event.isProgress
    }
    try ExperimentFiles.write(lines, to: descriptor, path: directory.eventsPath)
    guard isNews, let summary else { return }
    try ExperimentFiles.writeAtomically(
      Data((try ExperimentJSON.pretty(summary) + "\n").utf8), to: directory.summaryPath)
  }

  private func report(_ error: ExperimentError) {
    guard !hasFailed else { return }
    hasFailed = true
    onFailure(error)
  }
}
