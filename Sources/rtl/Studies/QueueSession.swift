import Experiments
import Foundation
import LotteryEngine
import Studies
import Workbench

/// A sitting in which the runs of a queue are carried out in this process, one after the other, as
/// `rtl run --headless` would.
@MainActor
final class QueueSession {
  /// How the sitting ended.
  enum Outcome: Sendable {
    /// There is nothing more that could be done; whether every run has finished.
    case done(isComplete: Bool)
    /// A signal asked for the end; the present run is saved.
    case interrupted
  }

  /// Done whenever a run has ended.
  var onRunEnded: () -> Void = {}

  private let runsFolder: String
  private let threads: Int
  private var queue: RunQueue
  private var forecast: QueueForecast
  private let line = StatusLine()
  private var sight: QueueSight
  private var isInterrupted = false
  private var present: EngineRunner?
  /// Runs of other processes that a person was told of.
  private var toldOf: Set<String> = []

  /// A sitting that has not begun.
  /// - Parameter workloads: what each run has to do, by name.
  init(_ runs: [PlannedRun], workloads: [String: Workload], runsFolder: String, threads: Int) {
    queue = RunQueue(runs)
    forecast = QueueForecast(workloads)
    sight = QueueSight(runsFolder: runsFolder)
    self.runsFolder = runsFolder
    self.threads = threads
  }

  /// Carries out what has not finished yet.
  func run() async -> Outcome {
    let signals = SignalWatch { [weak self] in self?.interrupt() }
    defer { signals.cancel() }
    settleFinished()
    learnPace()
    while !isInterrupted {
      switch queue.next(isHeld: isHeld) {
      case .run(let run):
        await carryOut(run)
      case .wait(let runs):
        line.show({ waitingLine(for: runs) }, table: { table() })
        await rest(seconds: 2)
      case .done:
        line.leave { table() }
        reportSkipped()
        return .done(isComplete: queue.runs.allSatisfy { queue.endings[$0.name] == .finished })
      }
      settleFinished()
    }
    line.leave { table() }
    return .interrupted
  }

  private func interrupt() {
    isInterrupted = true
    present?.send(.stop(.now))
  }

  // MARK: - One run

  private func carryOut(_ run: PlannedRun) async {
    let runner: EngineRunner
    do {
      runner = try await begin(run)
    } catch ExperimentError.runIsHeld {
      // Another process was faster; the queue sees it now.
      return await rest(seconds: 1)
    } catch EngineError.alreadyFinished {
      // By another process, since the queue looked.
      return end(run, .finished)
    } catch ExperimentError.runExists {
      return await waitForBeginning(of: run)
    } catch {
      return end(run, .failed("\(error)"))
    }
    present = runner
    if isInterrupted { runner.send(.stop(.now)) }
    let (state, complaint, wasKilled) = await Session.serving(runner) {
      await self.follow(runner, of: run)
    }
    present = nil
    switch state {
    case .finished: end(run, .finished)
    case .stopped where isInterrupted: break
    case .stopped: end(run, .stopped)
    case nil where wasKilled: end(run, .stopped)
    default: end(run, .failed(complaint ?? "its engine ended without a reason"))
    }
  }

  private func begin(_ run: PlannedRun) async throws -> EngineRunner {
    let place = "[\(queue.place(of: run.name) ?? 0)/\(queue.runs.count)] \(run.name)"
    switch RunStanding.of(run.name, in: runsFolder) {
    case .absent, .held:
      let runner = try await EngineRunner.start(
        config: run.config, configText: run.config.yaml(), runsFolder: runsFolder, name: run.name,
        threads: threads, isInteractive: false)
      line.say("\(place): begins")
      return runner
    case .unfinished, .finished:
      let runner = try await EngineRunner.resume(
        run.name, runsFolder: runsFolder, threads: threads, isInteractive: false, isStrict: false)
      line.say("\(place): goes on")
      return runner
    }
  }

  /// Waits until a folder that is there counts as a run: another process makes it at this moment, or
  /// was killed while it did.
  private func waitForBeginning(of run: PlannedRun) async {
    for _ in 0..<Self.secondsOfBeginning {
      guard RunStanding.of(run.name, in: runsFolder) == .absent, !isInterrupted else { return }
      await rest(seconds: 1)
    }
    end(run, .failed("\(runsFolder)/\(run.name) holds no config; remove it, and try again"))
  }

  /// Longer than it takes to write a new run's config on the slowest disk.
  private static let secondsOfBeginning = 30

  /// Follows a run to its end.
  /// - Returns: the state it ended in, the last error it reported, and whether a person ended it
  ///   without an end.
  private func follow(
    _ runner: EngineRunner, of run: PlannedRun
  ) async -> (state: RunState?, complaint: String?, wasKilled: Bool) {
    var progress = RunProgress()
    var (end, complaint): (RunState?, String?)
    var wasKilled = false
    let mailbox = await runner.subscribe(.everything)
    while let events = await mailbox.next() {
      for event in events {
        let isNews = event.sequence >= runner.firstSequence
        progress.take(event, isNews: isNews)
        guard isNews else { continue }
        switch event.event {
        case .message(.warning, let text): line.say("\(run.name): warning: \(text)")
        case .message(.error, let text): complaint = text
        case .evaluated(let report) where report.stage == .retraining:
          let target = report.target.map { " at \(Figure.percent($0))" } ?? ""
          let quality = report.meanScore.map(Figure.score) ?? "nothing judged"
          line.say("\(run.name)\(target): \(quality)")
        case .runEnded(let state): end = state
        case .commandAccepted(.stop(.kill)): wasKilled = true
        default: break
        }
      }
      forecast.note(progress, of: run.name)
      line.show(
        { progressLine(run, progress) }, table: { table(present: (run.name, progress.state)) })
    }
    await runner.waitUntilEnded()
    return (end, complaint, wasKilled)
  }

  private func end(_ run: PlannedRun, _ ending: RunQueue.Ending) {
    queue.record(ending, of: run.name)
    forecast.end(run.name, isFinished: ending == .finished)
    switch ending {
    case .finished: line.say("\(run.name): finished")
    case .stopped: line.say("\(run.name): ended by a person; a later call goes on with it")
    case .failed(let reason): line.say("\(run.name): failed: \(reason)")
    case .skipped: break
    }
    onRunEnded()
  }

  // MARK: - The others

  /// Notes what has finished, here before or in another process.
  private func settleFinished() {
    for run in queue.runs where queue.endings[run.name] == nil {
      guard RunStanding.of(run.name, in: runsFolder) == .finished else { continue }
      queue.record(.finished, of: run.name)
      forecast.end(run.name, isFinished: true)
    }
    for run in queue.runs {
      if case .skipped = queue.endings[run.name] { forecast.end(run.name, isFinished: false) }
    }
  }

  /// Takes the speed from a run of the plan that has finished, so that the time left is known at once.
  private func learnPace() {
    guard let run = queue.runs.first(where: { queue.endings[$0.name] == .finished }),
      let directory = try? RunDirectory.open(run.name, in: runsFolder)
    else { return }
    var progress = RunProgress()
    // A log that cannot be read teaches nothing; that is all.
    _ = try? EventLog.scan(directory.eventsPath) { progress.take($0, isNews: true) }
    forecast.learn(progress.pace)
  }

  private func isHeld(_ run: PlannedRun) -> Bool {
    guard case .held(let holder) = RunStanding.of(run.name, in: runsFolder) else { return false }
    if toldOf.insert(run.name).inserted { line.say("\(run.name): \(holder) works on it") }
    return true
  }

  private func reportSkipped() {
    for run in queue.runs {
      guard case .skipped(let needed) = queue.endings[run.name] else { continue }
      line.say("\(run.name): not begun: it needs \(needed), which has not finished")
    }
  }

  /// Waits a while, or until a signal comes.
  private func rest(seconds: Int) async {
    for _ in 0..<seconds * 10 where !isInterrupted {
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  // MARK: - The line and the table

  private func table(present: (name: String, state: RunState)? = nil) -> QueueTable {
    sight.table(of: queue, present: present, others: toldOf)
  }

  private func progressLine(_ run: PlannedRun, _ progress: RunProgress) -> String {
    let place = "[\(queue.place(of: run.name) ?? 0)/\(queue.runs.count)] \(run.name)"
    let state = progress.state == .paused ? " (paused)" : ""
    return "\(place) \(progress.place)\(state) · \(share) of all" + timeLeft
  }

  private func waitingLine(for runs: [PlannedRun]) -> String {
    "waiting for \(runs.map(\.name).joined(separator: ", ")), which other processes work on · "
      + "\(share) of all done here"
  }

  private var share: String { "\(Int(forecast.fraction * 100)) %" }

  private var timeLeft: String {
    forecast.secondsLeft.map { " · \(Figure.duration($0)) left" } ?? ""
  }
}
