import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Testing

/// Runs that lose their data, or are killed while a subnetwork is judged, and go on without a trace.
@Suite(.serialized, .timeLimit(.minutes(3))) struct InterruptionTests {
  private let folder = RunFolder()
  /// Where the images are; goes with its owner, as the runs do.
  private let data = RunFolder()

  /// A run on image files of its own.
  private func config() throws -> ExperimentConfig {
    try FileManager.default.createDirectory(atPath: data.path, withIntermediateDirectories: true)
    for (file, records) in [("data_batch_1.bin", 100), ("test_batch.bin", 40)] {
      try images(records).write(to: URL(fileURLWithPath: data.path + "/" + file))
    }
    return RunFolder.config {
      $0.dataset.kind = .cifar10
      $0.dataset.path = data.path
      $0.subsets.classes = ["bird", "cat", "dog"]
    }
  }

  /// Records of CIFAR-10 whose pixels differ from each other.
  private func images(_ count: Int) -> Data {
    var state: UInt64 = 7
    var bytes = Data()
    for record in 0..<count {
      bytes.append(UInt8(record % 10))
      for _ in 0..<3072 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(UInt8(state >> 56))
      }
    }
    return bytes
  }

  /// Cuts off an image file at the first step after the log has so many metric events.
  private func cut(_ file: String, of runner: EngineRunner, after count: Int) async {
    let mailbox = await runner.subscribe(.everything)
    var seen = 0
    while let events = await mailbox.next() {
      for event in events where RunFolder.isMetric(event.event) {
        seen += 1
        if seen == count { truncate(data.path + "/" + file, 0) }
      }
    }
    await runner.waitUntilEnded()
  }

  @Test(
    "images that can no longer be read end a run; when they are back it goes on as if nothing had been",
    arguments: [
      ("data_batch_1.bin", false, 1), ("data_batch_1.bin", false, 3), ("test_batch.bin", false, 1),
      ("data_batch_1.bin", true, 1), ("test_batch.bin", true, 2),
    ])
  func unreadable(file: String, isInRetraining: Bool, threads: Int) async throws {
    let config = try config()
    try await folder.finished(config, name: "whole", threads: threads)
    let whole = try folder.metrics("whole")
    var count = 40
    if isInRetraining {
      count += try #require(
        whole.firstIndex { if case .retrainingStarted = $0 { true } else { false } })
    }
    let path = data.path + "/" + file
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    await cut(file, of: try await folder.start(config, name: "cut", threads: threads), after: count)
    #expect(try folder.directory("cut").summary().state == .failed)
    let before = try folder.metrics("cut")
    #expect(before.count >= count && before.count < whole.count)
    let errors = try EventLog.read(try folder.directory("cut").eventsPath).events.filter {
      if case .message(.error, let text) = $0.event { text.contains(path) } else { false }
    }
    #expect(errors.count == 1, "the file is named, once")

    try content.write(to: URL(fileURLWithPath: path))
    await (try await folder.resume("cut", threads: threads)).waitUntilEnded()
    #expect(try folder.directory("cut").summary().state == .finished)
    if threads == 1 { #expect(try folder.metrics("cut") == whole) }
    #expect(try folder.metricsBySubnetwork("cut") == folder.metricsBySubnetwork("whole"))
    #expect(try folder.results("cut") == folder.results("whole"))
    // Nothing was computed a second time: what the log lost by the resume are no steps.
    let discarded = try EventLog.read(try folder.directory("cut").discardedEventsPath).events
    #expect(!discarded.contains { RunFolder.isMetric($0.event) })
  }

  @Test("killed while a subnetwork of a round is judged, it judges that again and nothing else")
  func killedWhileJudging() async throws {
    // Enough held-out samples that the kill comes between two of their batches.
    var config = RunFolder.config {
      $0.dataset.testSamples = 12_000
      $0.evaluation.roundSamples = 12_000
      $0.extraction.targets = [0.25]
      $0.extraction.epochsPerRound = 2
      $0.retraining.epochs = 1
    }
    // One checkpoint, when the first subnetwork has taken all its steps.
    config.checkpoints.everySteps =
      try ClassificationTask(config).stepsPerEpoch(subnetwork: 0) * 2
    try await folder.finished(config, name: "whole")
    let runner = try await folder.start(config, name: "run")
    let store = try folder.store("run")
    while try store.numbers().isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    // What a kill at this moment leaves behind.
    try FileManager.default.copyItem(
      atPath: try folder.directory("run").path, toPath: folder.path + "/killed")
    runner.send(.stop(.now))
    await runner.waitUntilEnded()

    let task = try ClassificationTask(config)
    let newest = try folder.store("killed").newest {
      try RunSnapshot(files: $0.files, folder: "", sizes: RunSnapshot.Sizes(task))
    }
    let snapshot = try #require(newest.found)
    #expect(snapshot.inFlight[0]?.place.epoch == 3 && snapshot.finished.isEmpty)
    let left = try EventLog.read(try folder.directory("killed").eventsPath).events
    #expect(!left.contains { if case .evaluated = $0.event { true } else { false } })
    for name in ["killed", "run"] {
      await (try await folder.resume(name)).waitUntilEnded()
      #expect(try folder.metrics(name) == folder.metrics("whole"))
      #expect(try folder.results(name) == folder.results("whole"))
    }
  }
}
