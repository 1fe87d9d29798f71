import Experiments
import Foundation
import Testing

struct EventLogTests {
  /// One event of every kind.
  private var everyEvent: [Event] {
    let round = RoundSettings(pruneCount: 5, epochs: 2, learningRate: 0.1)
    let quality = SubnetworkQuality(
      subnetwork: 1, loss: 0.5, balancedAccuracy: 0.75, precision: 0.3, recall: 0.8, f1: 0.4)
    return [
      .runStarted(description),
      .stateChanged(.running),
      .roundStarted(RoundStarted(round: 1, settings: round, plannedSteps: [3, 4])),
      .stepFinished(
        StepReport(
          stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: 1, plannedSteps: 3,
          loss: .infinity, samples: 8)),
      .epochFinished(
        EpochReport(stage: .retraining, round: 1, subnetwork: 1, epoch: 1, meanLoss: 0.25)),
      .pruned(
        PruneReport(
          round: 1, subnetwork: 0, removed: 5, weightsLeft: 95, sparsity: 0.05, maskHash: "ab")),
      .rewound(round: 1, subnetwork: 1),
      .overlapMeasured(
        OverlapReport(
          round: 1, jaccard: [[1, 0.5], [0.5, 1]], chance: [[0.3, 0.3], [0.3, 0.3]],
          unionParameters: 97, ownership: [3, 4, 93],
          layers: [
            LayerOverlap(
              name: "a", sparsity: [0.05, 0.05], jaccard: [[1, 0.5], [0.5, 1]],
              chance: [[0.3, 0.3], [0.3, 0.3]])
          ], inputReachesOutput: [true, false])),
      .roundFinished(round: 1),
      .retrainingStarted(round: 1, epochs: 3),
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: 1, target: 0.25, samples: 20, subnetworks: [quality],
          argmaxAccuracy: 0.6, unionParameters: 97)),
      .evaluated(
        EvaluationReport(
          stage: .extraction, round: 1, target: 0.25, samples: 20,
          subnetworks: [
            SubnetworkQuality(subnetwork: 0, loss: 0.01, score: QualityScore(.psnr, 20))
          ], argmaxAccuracy: nil, unionParameters: 97, overall: QualityScore(.psnr, 21.5))),
      .pictureDrawn(
        PictureReport(
          stage: .extraction, round: 1, subnetwork: 1, width: 2, height: 1,
          original: Data([1, 2, 3, 4, 5, 6]), shown: Data([0, 0, 0, 7, 8, 9]),
          regions: Data([0, 1]))),
      .soundEnhanced(
        SpectrogramReport(
          stage: .retraining, round: 1, subnetwork: 0, scene: 2, sceneName: "street", seconds: 1.5,
          hertz: 4000, width: 2, height: 1, noisy: Data([1, 255]), clean: Data([0, 255]),
          enhanced: Data([0, 200]), improvement: -3.25)),
      .retrainingFinished(round: 1),
      .alarmRaised(
        Alarm(
          .overlap, .warning, subnetwork: 1, stage: .extraction, round: 1, value: 0.03,
          limit: 0.02, reference: 0.5, chance: 0.3)),
      .alarmRaised(
        Alarm(
          .loss, .critical, subnetwork: 0, stage: .retraining, round: 1, value: -.infinity,
          limit: .infinity)),
      .alarmCleared(
        Alarm(
          .emptyLayer, .critical, subnetwork: 1, stage: .extraction, round: 1, value: 0, limit: 1,
          layer: "a")),
      .settingsChanged(standing, fromRound: 2),
      .roundStarted(
        RoundStarted(
          round: 2, plan: RoundPlan(round, own: standing.own, resting: [0]), plannedSteps: [0, 4])),
      .commandAccepted(.launchRound(round)),
      .commandAccepted(.launchRound(round, subnetwork: 1)),
      .commandAccepted(.runFor(RunLength(3, .epochs))),
      .commandAccepted(.changeSettings(SettingsChange(epochs: 2), subnetwork: 1)),
      .commandAccepted(.freeze(subnetwork: 0)),
      .commandAccepted(.unfreeze(subnetwork: 0)),
      .commandRefused(.stop(.finishRound), reason: "because"),
      .commandAccepted(.note("here")),
      .noted(Note(text: "here", place: nil)),
      .noted(
        Note(
          text: "ünd \"there\"",
          place: Note.Place(stage: .retraining, round: 1, subnetwork: 1, step: 3))),
      .message(.warning, "a \"quoted\"\nline"),
      .runEnded(.finished),
    ]
  }

  private var standing: StandingSettings {
    var standing = StandingSettings(RoundSettings(pruneCount: 5, epochs: 2, learningRate: 0.1))
    standing.apply(SettingsChange(pruneCount: 3), to: 1)
    standing.setFrozen(0, true)
    return standing
  }

  private var description: RunDescription {
    RunDescription(
      runName: "r", seed: .max, model: "m", dataset: "d", subnetworks: ["a", "b"],
      layers: [LayerDescription(name: "a", weights: 100)], prunableParameters: 100,
      totalParameters: 120, targets: [0.25], batchSize: 8, plannedRounds: 5,
      defaultRound: RoundSettings(pruneCount: 5, epochs: 2, learningRate: 0.1),
      computedWith: "AVX2")
  }

  private func temporaryFile() -> String {
    NSTemporaryDirectory() + "events-\(UUID().uuidString).jsonl"
  }

  @Test("every event survives the log; a line per event")
  func roundTrip() throws {
    let events = everyEvent.enumerated().map {
      RecordedEvent(sequence: $0, time: 1_700_000_000.25 + Double($0), event: $1)
    }
    let path = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try events.map(EventLog.encode).reduce(Data(), +)
    #expect(data.filter { $0 == 10 }.count == events.count)
    try data.write(to: URL(fileURLWithPath: path))
    let content = try EventLog.read(path)
    #expect(content.events == events)
    #expect(content.skippedLines == 0 && !content.hasTornTail)
  }

  @Test("keys are snake case and a diverged loss is text")
  func format() throws {
    let line = String(
      decoding: try EventLog.encode(
        RecordedEvent(sequence: 3, time: 1, event: everyEvent[3])), as: UTF8.self)
    #expect(line.contains(#""event":"step_finished""#))
    #expect(line.contains(#""planned_steps":3"#))
    #expect(line.contains(#""loss":"inf""#))
  }

  @Test("torn tails, damaged lines and events of newer versions cost only themselves")
  func damagedLogs() throws {
    let path = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let good = try EventLog.encode(
      RecordedEvent(sequence: 0, time: 1, event: .stateChanged(.running)))
    let newer = Data(#"{"sequence":1,"time":2,"event":"from_the_future","data":{}}"#.utf8) + [10]
    try (good + newer + Data("garbage\n".utf8) + good + good.dropLast(9))
      .write(to: URL(fileURLWithPath: path))
    let content = try EventLog.read(path)
    #expect(content.events.count == 2)
    #expect(content.skippedLines == 2)
    #expect(content.hasTornTail)
  }

  @Test("what is left out of a log is counted by its reason; the rest is read")
  func losses() throws {
    let path = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    func line(_ sequence: Int, _ event: Event) throws -> Data {
      try EventLog.encode(RecordedEvent(sequence: sequence, time: 1, event: event))
    }
    let deep = Data((String(repeating: "[", count: 100_000) + "\n").utf8)
    let overlong = Data(repeating: UInt8(ascii: "x"), count: EventLog.lineLimit + 3) + [10]
    let ragged =
      Data(
        #"{"data":{"chance":[[1]],"jaccard":[[1,2]],"layers":[],"ownership":[],"round":1,"#.utf8)
      + Data(#""union_parameters":1},"event":"overlap_measured","sequence":1,"time":1}"#.utf8) + [
        10
      ]
    var newer = description
    newer.logVersion = 7
    var log = try line(0, .runStarted(newer))
    for damaged in [deep, overlong, ragged, Data([0xff, 0xfe, 10])] { log += damaged }
    log += Data((#"{"sequence":5,"time":2,"event":"from_the_future"}"# + "\n").utf8)
    for (sequence, round) in [(6, 1), (7, 2), (9, 3)] {
      log += try line(sequence, .roundFinished(round: round))
    }
    log += Data("{\"torn".utf8)
    try log.write(to: URL(fileURLWithPath: path))
    let content = try EventLog.read(path)
    #expect(content.events.map(\.sequence) == [0, 6, 7, 9])
    var expected = EventLog.Losses()
    expected.damagedLines = 4
    expected.unknownEvents = 1
    expected.gaps = 1
    expected.hasTornTail = true
    expected.newerVersion = 7
    #expect(content.losses == expected)
    #expect(content.losses.description?.contains("version 7") == true)
  }

  @Test("a log without a version is of the first; ours says its own")
  func version() throws {
    let line = String(
      decoding: try EventLog.encode(
        RecordedEvent(sequence: 0, time: 1, event: .runStarted(description))), as: UTF8.self)
    #expect(line.contains("\"log_version\":\(EventLog.version)"))
    let path = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let old = line.replacingOccurrences(of: "\"log_version\":\(EventLog.version),", with: "")
    #expect(old != line)
    // A newer start that we cannot read still says that it is newer.
    let lacking = #"{"data":{"log_version":2},"event":"run_started","sequence":0,"time":1}"# + "\n"
    try Data((old + lacking).utf8).write(to: URL(fileURLWithPath: path))
    let content = try EventLog.read(path)
    #expect(content.events.count == 1 && content.losses.damagedLines == 1)
    #expect(content.losses.newerVersion == 2)
  }

  @Test("without progress the same lifecycle events are handed on")
  func withoutProgress() throws {
    let path = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let events = everyEvent.enumerated().map { RecordedEvent(sequence: $0, time: 1, event: $1) }
    try events.map(EventLog.encode).reduce(Data(), +).write(to: URL(fileURLWithPath: path))
    var found: [Int] = []
    let losses = try EventLog.scan(path, keepsProgress: false) { found.append($0.sequence) }
    #expect(found == events.indices.filter { $0 != 3 && $0 != 4 })
    #expect(losses == EventLog.Losses())
    // Steps that are missing are missed.
    try (events.prefix(3) + events.dropFirst(4)).map(EventLog.encode).reduce(Data(), +)
      .write(to: URL(fileURLWithPath: path))
    #expect(try EventLog.scan(path, keepsProgress: false) { _ in }.gaps == 1)
    #expect(try EventLog.read(path).losses.gaps == 1)
  }

  @Test("a summary is the fold of the events, with the agreed keys")
  func summary() throws {
    let events = everyEvent.enumerated().map {
      RecordedEvent(sequence: $0, time: 100 + Double($0), event: $1)
    }
    let summary = try #require(RunSummary(events: events))
    #expect(summary.state == .finished && summary.rounds == 1)
    #expect(summary.seconds == Double(events.count - 1))
    #expect(summary.subnetworks[0].weightsLeft == 95)
    #expect(summary.subnetworks[1].balancedAccuracy == 0.75)
    #expect(summary.subnetworks[0].balancedAccuracy == nil)
    #expect(summary.subnetworks[0].meanJaccard == 0.5)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(ExperimentJSON.pretty(summary).utf8))
        as? [String: Any])
    for key in [
      "state", "rounds", "union_parameters", "prunable_parameters", "subnetworks", "jaccard",
      "chance_jaccard",
    ] { #expect(object[key] != nil, "\(key)") }
    let rows = try #require(object["subnetworks"] as? [[String: Any]])
    #expect(
      Set(rows[0].keys) == [
        "name", "sparsity", "weights_left", "balanced_accuracy", "precision", "recall", "f1",
        "mean_jaccard",
      ])
  }
}
