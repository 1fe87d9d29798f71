import Experiments
import Foundation
import LotteryEngine
import Synchronization
import Testing

/// The engine as the program drives it: plan, orders, pauses, files.
@Suite(.timeLimit(.minutes(15))) struct EngineTests {
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

  @Test("pauses complete with more threads than processors, and nothing is lost")
  func pauseWithManyThreads() async throws {
    // Hours of work: however busy the machine is, the plan does not end between two pauses.
    let long = config { $0.extraction.epochsPerRound = 100_000 }
    let paused = try await run(long, threads: 16) { runner, mailbox in
      for _ in 0..<3 {
        runner.send(.pause)
        await wait(mailbox, for: .paused)
        runner.send(.resume)
        await wait(mailbox, for: .running)
        await waitForSteps(mailbox) { !$0.isEmpty }
      }
      runner.send(.stop(.now))
    }
    #expect(paused.events.last == .runEnded(.stopped))
    let losses = try losses(paused.run)
    // No step is left out or taken twice.
    for (subnetwork, steps) in losses {
      #expect(steps.map(\.step) == Array(1...steps.count), "\(subnetwork)")
    }
    // One worker for each subnetwork, as a single one would begin with the second after hours.
    let plain = try await run(long, threads: losses.count) { runner, mailbox in
      await waitForSteps(mailbox) { taken in
        losses.allSatisfy { taken[$0.key, default: 0] >= $0.value.count }
      }
      runner.send(.stop(.now))
    }
    let expected = try self.losses(plain.run)
    for (subnetwork, steps) in losses {
      #expect(Array(expected[subnetwork, default: []].prefix(steps.count)) == steps)
    }
  }

  /// A step and the bits of its loss.
  private struct Loss: Equatable {
    let step: Int
    let bits: UInt64
  }

  /// The steps of each subnetwork in order, from the log: who subscribes late may miss the first ones.
  private func losses(_ run: StoredRun) throws -> [Int: [Loss]] {
    var losses: [Int: [Loss]] = [:]
    let events = try EventLog.read(run.directory.eventsPath).events
    for case .stepFinished(let report) in events.map(\.event) {
      losses[report.subnetwork, default: []].append(
        Loss(step: report.step, bits: report.loss.bitPattern))
    }
    return losses
  }

  /// Waits until the steps that were taken meanwhile, counted by subnetwork, are enough.
  private func waitForSteps(
    _ mailbox: Mailbox, _ isEnough: ([Int: Int]) -> Bool
  ) async {
    var taken: [Int: Int] = [:]
    while !isEnough(taken), let events = await mailbox.next() {
      for case .stepFinished(let report) in events.map(\.event) {
        taken[report.subnetwork, default: 0] += 1
      }
    }
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
