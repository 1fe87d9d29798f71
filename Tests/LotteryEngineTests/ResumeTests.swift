import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Testing

/// A resumed run equals the one that was never interrupted, bit for bit.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ResumeTests {
  private let folder = RunFolder()

  @Test(
    "stopped anywhere, resumed: the same log and the same bytes in every file",
    arguments: [
      RunFolder.config(),
      RunFolder.config {
        $0.batchNorm.statistics = .shared
        $0.optimizer.biasCorrection = .perWeight
        $0.retraining.decay = .cosine
        $0.checkpoints.everySteps = 0
      },
      RunFolder.config {
        $0.extraction.criterion = .taylor
        $0.extraction.schedule = .geometric
        $0.extraction.rounds = 3
        $0.extraction.epochsPerRound = 40
      },
      RunFolder.config {
        $0.method = .randomIndependent
        $0.optimizer.biasCorrection = .perWeight
      },
    ])
  func stoppedAnywhere(config: ExperimentConfig) async throws {
    try await folder.finished(config, name: "whole")
    let (metrics, results) = (try folder.metrics("whole"), try folder.results("whole"))
    #expect(metrics.contains { if case .retrainingFinished = $0 { true } else { false } })
    // Within and between subnetworks, in retraining, between the rounds.
    var cuts = 0
    for cut in stride(from: 1, to: metrics.count, by: metrics.count / 5) {
      let name = "cut-\(cut)"
      await folder.stop(try await folder.start(config, name: name), after: cut)
      let state = try folder.directory(name).summary().state
      if state == .finished { continue }
      #expect(state == .stopped)
      cuts += 1
      await (try await folder.resume(name)).waitUntilEnded()
      #expect(try folder.directory(name).summary().state == .finished)
      #expect(try folder.metrics(name) == metrics, "cut after \(cut) of \(metrics.count) events")
      #expect(try folder.results(name) == results, "cut after \(cut) of \(metrics.count) events")
    }
    #expect(cuts > 2, "most stops came in time")
  }

  @Test("interrupted again and again, with other numbers of threads and an older checkpoint")
  func manyTimes() async throws {
    let config = RunFolder.config()
    try await folder.finished(config, name: "whole", threads: 2)
    await folder.stop(try await folder.start(config, name: "often", threads: 2), after: 9)
    var isDamaged = false
    for threads in [1, 3, 2, 4, 1, 2] {
      if try folder.directory("often").summary().state == .finished { break }
      let store = try folder.store("often")
      if try store.numbers().count > 1, let newest = try store.numbers().first {
        // Half of the newest checkpoint is lost: the one before it is used, and says so.
        let name = String(repeating: "0", count: 5) + "\(newest)"
        let path = "\(store.folder)/\(name.suffix(6))/tensors.safetensors"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: path))
        isDamaged = true
      }
      let runner = try await folder.resume("often", threads: threads)
      await folder.stop(runner, after: 60)
    }
    if try folder.directory("often").summary().state != .finished {
      await (try await folder.resume("often", threads: 2)).waitUntilEnded()
    }
    #expect(isDamaged)
    #expect(try folder.metricsBySubnetwork("often") == folder.metricsBySubnetwork("whole"))
    #expect(try folder.results("often") == folder.results("whole"))
    let log = try EventLog.read(try folder.directory("often").eventsPath)
    let warnings = log.events.map(\.event).filter {
      if case .message(.warning, let text) = $0 {
        text.contains("tensors.safetensors")
      } else {
        false
      }
    }
    #expect(!warnings.isEmpty)
    #expect(
      FileManager.default.fileExists(atPath: try folder.directory("often").discardedEventsPath))
  }

  @Test("who comes to a resumed run sees the steps from before, once and in order")
  func courseFromBefore() async throws {
    await folder.stop(
      try await folder.start(RunFolder.config(), name: "course", threads: 2), after: 40)
    let before = try EventLog.read(try folder.directory("course").eventsPath).events
    let runner = try await folder.resume("course", threads: 2)
    let mailbox = await runner.subscribe(.everything)
    let first = runner.firstSequence
    #expect(first > 0)
    var seen: [RecordedEvent] = []
    while seen.last.map({ $0.sequence < first }) ?? true, let events = await mailbox.next() {
      seen += events
    }
    let course = seen.filter { $0.sequence < first }
    #expect(course == Array(before.prefix(first)))
    #expect(course.contains { $0.event.isProgress })
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
  }

  @Test("stopped while the retrained subnetworks are judged, it judges them again")
  func inEvaluation() async throws {
    // Enough held-out samples that the stop comes between two subnetworks.
    let config = RunFolder.config {
      $0.dataset.testSamples = 12_000
      $0.extraction.targets = [0.25]
      $0.extraction.epochsPerRound = 2
      $0.retraining.epochs = 2
    }
    try await folder.finished(config, name: "whole")
    let whole = try folder.metrics("whole")
    let lastEpoch = try #require(
      whole.lastIndex { if case .epochFinished = $0 { true } else { false } })
    await folder.stop(try await folder.start(config, name: "judged"), after: lastEpoch + 1)
    #expect(try folder.directory("judged").summary().state == .stopped)
    #expect(try folder.metrics("judged") == Array(whole[...lastEpoch]), "no judgement yet")
    let task = try ClassificationTask(config)
    let snapshot = try folder.store("judged").newest {
      try RunSnapshot(files: $0.files, folder: "", sizes: RunSnapshot.Sizes(task))
    }
    #expect(snapshot.found?.retraining?.place.epoch == 3, "both epochs are over")
    await (try await folder.resume("judged")).waitUntilEnded()
    #expect(try folder.metrics("judged") == whole)
    #expect(try folder.results("judged") == folder.results("whole"))
  }

  @Test("without a good checkpoint the run begins anew, and ends the same")
  func anew() async throws {
    let config = RunFolder.config()
    try await folder.finished(config, name: "whole")
    await folder.stop(try await folder.start(config, name: "bare"), after: 30)
    try FileManager.default.removeItem(atPath: try folder.directory("bare").checkpointsPath)
    await (try await folder.resume("bare")).waitUntilEnded()
    #expect(try folder.metrics("bare") == folder.metrics("whole"))
    #expect(try folder.results("bare") == folder.results("whole"))
  }

  @Test("where all checkpoints are damaged the run is refused, and nothing of it is touched")
  func damaged() async throws {
    await folder.stop(
      try await folder.start(RunFolder.config(), name: "damaged"), after: 30)
    let directory = try folder.directory("damaged")
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.checkpointsPath) {
      let path = "\(directory.checkpointsPath)/\(name)/tensors.safetensors"
      try Data("no tensors".utf8).write(to: URL(fileURLWithPath: path))
    }
    let log = try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath))
    await #expect(throws: EngineError.self) { _ = try await folder.resume("damaged") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath)) == log)
  }

  @Test("orders that were given and not begun survive")
  func orders() async throws {
    let config = RunFolder.config { $0.extraction.targets = [0.25] }
    let runner = try await folder.start(config, name: "ordered")
    let mailbox = await runner.subscribe(.everything)
    // The first round has begun: the order is for after it.
    while let events = await mailbox.next(),
      !events.contains(where: { if case .stepFinished = $0.event { true } else { false } })
    {}
    runner.send(.launchRound(RoundSettings(pruneCount: 50, epochs: 1, learningRate: 0.01)))
    await folder.stop(runner, after: 3)
    await (try await folder.resume("ordered")).waitUntilEnded()
    let summary = try folder.directory("ordered").summary()
    #expect(summary.state == .finished && summary.rounds == 2)
    #expect(summary.subnetworks.allSatisfy { $0.weightsLeft == 23_472 - 5868 - 50 })
  }

  @Test("a pause leaves a checkpoint of that moment")
  func pause() async throws {
    let config = RunFolder.config {
      $0.checkpoints.everySteps = 0
      $0.extraction.epochsPerRound = 2000
    }
    let runner = try await folder.start(config, name: "paused", threads: 2)
    let mailbox = await runner.subscribe(.everything)
    runner.send(.pause)
    while let events = await mailbox.next(),
      !events.contains(where: { $0.event == .stateChanged(.paused) })
    {}
    let store = try folder.store("paused")
    for _ in 0..<1000 where try store.numbers().isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try store.numbers() == [1])
    _ = try store.read(1)
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
  }

  @Test("a finished run says so, a running one who writes it, and another processor is noticed")
  func refusals() async throws {
    let config = RunFolder.config()
    let runner = try await folder.start(config, name: "run")
    await #expect(throws: ExperimentError.self) {
      do { _ = try await folder.resume("run") } catch let error as ExperimentError {
        guard case .runIsHeld("run", let holder) = error else { throw EngineError.unsupported("") }
        #expect(holder.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) on "))
        throw error
      }
    }
    await folder.stop(runner, after: 20)
    let store = try folder.store("run")
    let (found, _) = try store.newest { $0 }
    let checkpoint = try #require(found)
    var elsewhere = checkpoint.manifest.computedWith
    elsewhere.blasCore = "Abacus"
    try store.save(
      number: checkpoint.manifest.number + 1, content: checkpoint.files.map { ($0.key, $0.value) },
      log: checkpoint.manifest.log, computedWith: elsewhere)
    do {
      _ = try await folder.resume("run", isStrict: true)
      Issue.record("resumed on another processor")
    } catch {
      #expect("\(error)".contains("Abacus then"))
    }
    let again = try await folder.resume("run")
    let mailbox = await again.subscribe(.everything)
    await again.waitUntilEnded()
    #expect(
      mailbox.drain().contains {
        if case .message(.warning, let text) = $0.event { text.contains("Abacus") } else { false }
      })
    await #expect(throws: EngineError.alreadyFinished(run: "run")) {
      _ = try await folder.resume("run")
    }
  }

  @Test("a snapshot is read as it was written, and refused for another network")
  func snapshotFiles() throws {
    let task = try ClassificationTask(
      RunFolder.config { $0.optimizer.biasCorrection = .perWeight })
    let board = RunBoard()
    let events = EventStream()
    let control = EngineControl(events: events)
    control.submit(.stop(.now))
    let masks = task.subnetworkNames.map {
      Mask.dense(count: task.makeLayout().prunableCount, subset: $0, seed: .max)
    }
    let settings = RoundSettings(pruneCount: 5, epochs: 2, learningRate: 0.1)
    board.enter(
      RunPlace(round: 1, target: 0.25, stage: .extraction(RoundPlan(settings))), masks: masks)
    // The workers leave their state on the board when they are stopped.
    let extraction = Extraction(
      config: task.config, task: task,
      initial: try task.initialParameters(layout: task.makeLayout()), events: events,
      control: control, board: board)
    #expect(throws: StopRequested.self) {
      _ = try extraction.run(round: 1, plan: RoundPlan(settings), masks: masks, threads: 2)
    }
    board.finish(2, mask: masks[2])
    var snapshot = board.snapshot
    snapshot.orders = [.round(settings), .retraining(epochs: nil)]
    #expect(snapshot.inFlight[0] != nil)
    snapshot.inFlight[0]?.place.random = [.max, 0, 1, 2]
    snapshot.inFlight[0]?.place.lossSums = [0.1 + 0.2]
    snapshot.inFlight[0]?.models[0].weightCounts[3] = 77
    let files = Dictionary(uniqueKeysWithValues: try snapshot.files().map { ($0.name, $0.data) })
    let sizes = RunSnapshot.Sizes(task)
    #expect(try RunSnapshot(files: files, folder: "/x", sizes: sizes) == snapshot)
    // Places that no run comes to, though every hash may be right.
    for (found, replacement) in [
      (#""epoch":1"#, #""epoch":0"#), (#""step":0"#, #""step":-1"#),
      (#""round":1,"stage""#, #""round":-1,"stage""#), (#""epochs":2"#, #""epochs":-2"#),
      (#""prune_count":5"#, #""prune_count":-5"#),
      (#""subnetwork":2"#, #""subnetwork":7"#), (#""place""#, #""plaice""#),
    ] {
      var changed = files
      let text = String(decoding: try #require(files["state.json"]), as: UTF8.self)
      #expect(text.contains(found), "\(found) in \(text)")
      changed["state.json"] = Data(text.replacingOccurrences(of: found, with: replacement).utf8)
      #expect(throws: EngineError.self, "\(replacement)") {
        try RunSnapshot(files: changed, folder: "/x", sizes: sizes)
      }
    }
    var other = sizes
    other.subnetworks = ["a", "b", "c"]
    #expect(throws: EngineError.self) {
      try RunSnapshot(files: files, folder: "/x", sizes: other)
    }
    let ghost = RunSnapshot.Sizes(
      try ClassificationTask(RunFolder.config { $0.model.kind = .ghostnet }))
    #expect(throws: EngineError.self) {
      try RunSnapshot(files: files, folder: "/x", sizes: ghost)
    }
    for name in files.keys {
      var fewer = files
      fewer[name] = nil
      #expect(throws: EngineError.self) {
        try RunSnapshot(files: fewer, folder: "/x", sizes: sizes)
      }
    }
  }
}
