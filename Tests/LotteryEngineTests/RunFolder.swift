import Experiments
import Foundation
import LotteryEngine
import Testing

/// A folder of runs that goes with its owner, and what tests do with the runs in it.
final class RunFolder: Sendable {
  let path = NSTemporaryDirectory() + "rtl-runs-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A run of about a second, so that a stop does not come too late, that saves itself often.
  static func config(_ change: (inout ExperimentConfig) -> Void = { _ in }) -> ExperimentConfig {
    .tiny {
      $0.dataset.trainSamples = 100
      $0.dataset.testSamples = 20
      $0.dataset.augmentation = .shiftAndFlip
      $0.extraction.epochsPerRound = 60
      $0.extraction.pruneCount = 7000
      $0.extraction.targets = [0.25, 0.5]
      $0.retraining.epochs = 60
      $0.evaluation.roundSamples = 10
      $0.checkpoints.everySteps = 50
      change(&$0)
    }
  }

  func start(
    _ config: ExperimentConfig, name: String, threads: Int = 1
  ) async throws -> EngineRunner {
    try await EngineRunner.start(
      config: config, configText: config.yaml(), runsFolder: path, name: name, threads: threads,
      isInteractive: false)
  }

  func resume(
    _ name: String, threads: Int = 1, isStrict: Bool = false
  ) async throws -> EngineRunner {
    try await EngineRunner.resume(
      name, runsFolder: path, threads: threads, isInteractive: false, isStrict: isStrict)
  }

  func directory(_ name: String) throws -> RunDirectory { try RunDirectory.open(name, in: path) }

  func store(_ name: String) throws -> CheckpointStore {
    CheckpointStore(folder: try directory(name).checkpointsPath)
  }

  /// A run from start to end.
  func finished(_ config: ExperimentConfig, name: String, threads: Int = 1) async throws {
    await (try await start(config, name: name, threads: threads)).waitUntilEnded()
    #expect(try directory(name).summary().state == .finished)
  }

  /// Stops a run at the first step after it has told of so many metric events in this sitting.
  func stop(_ runner: EngineRunner, after count: Int) async {
    let mailbox = await runner.subscribe(.everything)
    var seen = 0
    while let events = await mailbox.next() {
      for event in events
      where event.sequence >= runner.firstSequence && Self.isMetric(event.event) {
        seen += 1
        if seen == count { runner.send(.stop(.now)) }
      }
    }
    await runner.waitUntilEnded()
  }

  /// Events that tell what was computed.
  static func isMetric(_ event: Event) -> Bool {
    switch event {
    case .runStarted, .stateChanged, .commandAccepted, .commandRefused, .message, .runEnded: false
    default: true
    }
  }

  /// The metric events of a run's log, which must be numbered without gaps.
  func metrics(_ name: String) throws -> [Event] {
    let content = try EventLog.read(try directory(name).eventsPath)
    #expect(content.skippedLines == 0 && !content.hasTornTail)
    #expect(content.events.map(\.sequence) == Array(content.events.indices))
    return content.events.map(\.event).filter(Self.isMetric)
  }

  /// Metric events by subnetwork: side by side, the order of different ones is not fixed.
  func metricsBySubnetwork(_ name: String) throws -> [Int: [Event]] {
    Dictionary(grouping: try metrics(name)) { event in
      switch event {
      case .stepFinished(let report): report.subnetwork
      case .epochFinished(let report): report.subnetwork
      case .pruned(let report): report.subnetwork
      case .rewound(_, let subnetwork): subnetwork
      case .pictureDrawn(let report): report.subnetwork ?? -1
      case .soundEnhanced(let report) where report.stage == .extraction: report.subnetwork
      case .evaluated(let report) where report.stage == .extraction:
        report.subnetworks[0].subnetwork
      default: -1
      }
    }
  }

  /// Every result of a run, byte by byte: θ₀, masks, weights, statistics.
  func results(_ name: String) throws -> [String: Data] {
    let folder = try directory(name).path
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Dictionary(
      uniqueKeysWithValues: try paths.filter {
        $0.hasSuffix(".safetensors") && !$0.hasPrefix("checkpoints/")
      }.map { ($0, try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) })
  }
}
