import Experiments
import Foundation
import LotteryEngine
import Synchronization
import Testing

/// The engine as the program drives it: plan, orders, pauses, files.
@Suite(.timeLimit(.minutes(2))) struct EngineTests {
  private func config(_ change: (inout ExperimentConfig) -> Void = { _ in }) -> ExperimentConfig {
    .tiny {
      $0.dataset.trainSamples = 80
      $0.dataset.testSamples = 20
      $0.extraction.pruneCount = 6000
      $0.extraction.targets = [0.25, 0.75]
      $0.evaluation.roundSamples = 0
      change(&$0)
    }
  }

  /// Runs a config in a folder of its own.
  /// - Parameter orders: what a person does meanwhile; `nil` lets the plan run to its end alone.
  private func run(
    _ config: ExperimentConfig, threads: Int = 2,
    orders: ((EngineRunner, Mailbox) async -> Void)? = nil
  ) async throws -> (events: [Event], run: StoredRun) {
    let folder = NSTemporaryDirectory() + "rtl-engine-\(UUID().uuidString)"
    folders.add(folder)
    let runner = try await EngineRunner.start(
      config: config, configText: config.yaml(), runsFolder: folder, name: "run",
      threads: threads, isInteractive: orders != nil)
    let everything = await runner.subscribe(.everything)
    await orders?(runner, await runner.subscribe(.everything))
    await runner.waitUntilEnded()
    return (everything.drain().map(\.event), try StoredRun.open("run", in: folder))
  }

  private let folders = Folders()

  /// Folders that go with the test.
  private final class Folders: Sendable {
    private let paths = Mutex<[String]>([])

    func add(_ path: String) { paths.withLock { $0.append(path) } }

    deinit {
      for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  /// Waits for a state.
  private func wait(_ mailbox: Mailbox, for state: RunState) async {
    while let events = await mailbox.next() {
      if events.contains(where: { $0.event == .stateChanged(state) }) { return }
    }
  }

  /// Waits for one of some states; the latest of those that came together.
  private func last(_ mailbox: Mailbox, of states: [RunState]) async -> RunState {
    while let events = await mailbox.next() {
      let seen = events.compactMap { event -> RunState? in
        if case .stateChanged(let state) = event.event, states.contains(state) {
          state
        } else {
          nil
        }
      }
      if let state = seen.last { return state }
    }
    return .failed
  }

  private func retrainings(_ events: [Event]) -> [Int] {
    events.compactMap { if case .retrainingFinished(let round) = $0 { round } else { nil } }
  }

  @Test(
    "joint retraining comes when the config says",
    arguments: [
      (RetrainingConfig.Moment.atTargets, [1, 3]), (.everyRound, [1, 2, 3]), (.final, [3]),
    ])
  func retrainingWhen(when: RetrainingConfig.Moment, rounds: [Int]) async throws {
    let (events, run) = try await run(config { $0.retraining.when = when })
    #expect(retrainings(events) == rounds)
    #expect(events.last == .runEnded(.finished))
    #expect(run.summary.rounds == 3)
    #expect(run.summary.subnetworks.allSatisfy { $0.weightsLeft == 5868 })
  }

  @Test("every choice of outputs and negatives trains and is judged")
  func choices() async throws {
    for outputs in TaskConfig.Outputs.allCases {
      for negatives in TaskConfig.Negatives.allCases {
        let (events, run) = try await run(
          config {
            $0.task.outputs = outputs
            $0.task.negatives = negatives
            $0.extraction.targets = [0.5]
            $0.extraction.pruneCount = 20_000
          })
        #expect(events.last == .runEnded(.finished), "\(outputs), \(negatives)")
        #expect(run.summary.evaluations.count == 1)
        // What is on disk gives the same figures again.
        let again = try run.evaluate(round: nil, threads: 1).report
        #expect(again.subnetworks == run.summary.evaluations[0].subnetworks)
      }
    }
  }

  @Test("rounds and retrainings that a person orders are carried out between the rounds")
  func orders() async throws {
    let (events, run) = try await run(config { $0.extraction.targets = [0.25] }) {
      runner, mailbox in
      await wait(mailbox, for: .waiting)
      runner.send(.launchRound(RoundSettings(pruneCount: 100, epochs: 1, learningRate: 0.01)))
      await wait(mailbox, for: .waiting)
      runner.send(.startRetraining(epochs: 2))
      await wait(mailbox, for: .waiting)
      runner.send(.stop(.finishRound))
    }
    #expect(events.last == .runEnded(.finished))
    #expect(retrainings(events) == [1, 2])
    #expect(run.summary.subnetworks.allSatisfy { $0.weightsLeft == 23_472 - 5868 - 100 })
    #expect(try run.directory.retrainedRounds().map(\.round) == [1, 2])
  }

  @Test("a pause completes with more threads than processors, and nothing is lost")
  func pauseWithManyThreads() async throws {
    // Long enough that the pauses do not come too late on a busy machine.
    let long = config { $0.extraction.epochsPerRound = 500 }
    let plain = try await run(long, threads: 1)
    let paused = try await run(long, threads: 16) {
      runner, mailbox in
      // A machine that is busy may let the plan end between two pauses; then none can follow.
      var (state, pauses) = (RunState.running, 0)
      while state != .waiting, pauses < 3 {
        runner.send(.pause)
        state = await last(mailbox, of: [.paused, .waiting])
        if state == .paused { pauses += 1 }
        runner.send(.resume)
        if state == .paused { state = await last(mailbox, of: [.running, .waiting]) }
      }
      if state != .waiting { await wait(mailbox, for: .waiting) }
      #expect(pauses > 0)
      runner.send(.stop(.finishRound))
    }
    #expect(paused.run.summary.evaluations == plain.run.summary.evaluations)
  }

  @Test("what cannot be asked of the network is refused before there is a folder")
  func impossibleTargets() async throws {
    for targets in [[0.999999], [0.5, 0.50001], [0.00001]] {
      await #expect(throws: EngineError.self, "\(targets)") {
        _ = try await run(config { $0.extraction.targets = targets })
      }
    }
  }
}
