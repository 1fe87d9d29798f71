import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Finished runs that set images aside: calibrated, routed, asked about pictures.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RoutingTests {
  private let folder = RunFolder()

  private static func config(_ change: (inout ExperimentConfig) -> Void = { _ in })
    -> ExperimentConfig
  {
    .tiny {
      $0.dataset.trainSamples = 300
      $0.dataset.testSamples = 120
      $0.dataset.calibrationFraction = 0.3
      $0.extraction.epochsPerRound = 4
      $0.extraction.pruneCount = 6000
      $0.extraction.targets = [0.25, 0.5]
      $0.retraining.epochs = 8
      change(&$0)
    }
  }

  private func stored(_ name: String) throws -> StoredRun {
    try StoredRun.open(name, in: folder.path)
  }

  @Test(
    "before is what the run was judged by; after is calibrated; the figures are of other images")
  func calibration() async throws {
    try await folder.finished(Self.config(), name: "run")
    let run = try stored("run")
    let report = try run.calibrate(.calibration, recall: nil, threads: 2)
    #expect(report.calibrationSamples == 90 && report.judgedSamples == 120)
    #expect(report.targets.map(\.target) == [0.25, 0.5])
    #expect(report.decision == .membership)
    for (target, evaluation) in zip(report.targets, run.summary.evaluations) {
      #expect(target.round == evaluation.round)
      for (own, quality) in zip(target.subnetworks, evaluation.subnetworks) {
        #expect(own.before.precision == quality.precision && own.before.f1 == quality.f1)
        #expect(abs(own.before.loss - quality.loss) < 1e-5)
        #expect(own.temperature > 0 && own.shift < 0)
        #expect(own.reliabilityBefore.count == 15)
        #expect(own.reliabilityAfter.reduce(0) { $0 + $1.count } == 120)
      }
      let before = try #require(CalibrationReport.Figures.mean(target.subnetworks.map(\.before)))
      let after = try #require(CalibrationReport.Figures.mean(target.subnetworks.map(\.after)))
      #expect(after.loss < before.loss && after.calibrationError < before.calibrationError)
    }
    let log = try EventLog.read(run.directory.eventsPath).events.map(\.event)
    #expect(
      log.contains {
        if case .message(.info, let text) = $0 {
          text.contains("90 training images")
        } else {
          false
        }
      })
    // A threshold for all members is lower than one for the best F1, or finds them all already.
    let generous = try run.calibrate(.calibration, recall: 1, threads: 1)
    for (a, b) in zip(report.targets[1].subnetworks, generous.targets[1].subnetworks) {
      #expect(try #require(b.threshold) <= (try #require(a.threshold)))
      #expect(a.temperature == b.temperature)
    }
    let half = try run.calibrate(.testHalf, recall: nil, threads: 1)
    #expect(half.calibrationSamples == 60 && half.judgedSamples == 60)
    #expect(try run.directory.calibration() == nil)
    _ = try run.directory.writeAnalysis([("calibration.json", try ExperimentJSON.pretty(report))])
    #expect(try run.directory.calibration() == report)
    #expect(run.verify(steps: 3, threads: 1).allSatisfy { $0.complaints.isEmpty })
  }

  @Test("without images set aside it says how to get some; a damaged report is named")
  func refusals() async throws {
    try await folder.finished(Self.config { $0.dataset.calibrationFraction = 0 }, name: "plain")
    let run = try stored("plain")
    #expect { try run.calibrate(.calibration, recall: nil, threads: 1) } throws: {
      "\($0)".contains("dataset.calibration_fraction=0.1") && "\($0)".contains("--split test-half")
    }
    #expect(try run.calibrate(.testHalf, recall: nil, threads: 1).judgedSamples == 60)
    _ = try run.directory.writeAnalysis([("routing.json", "{}")])
    #expect { try run.directory.routing() } throws: { "\($0)".contains("rtl route") }
  }

  @Test(
    "routes: the argmax is the run's own; the same with any number of threads; beside a baseline")
  func routes() async throws {
    try await folder.finished(Self.config(), name: "run")
    try await folder.finished(
      Self.config {
        $0.subsets = SubsetsConfig()
        $0.subsets.by = .all
        $0.task.kind = .multiclass
      }, name: "single")
    let (run, single) = (try stored("run"), try stored("single"))
    let report = try run.route(.calibration, baseline: single, epochs: 3, threads: 1)
    let again = try run.route(.calibration, baseline: single, epochs: 3, threads: 2)
    for (a, b) in zip(report.targets, again.targets) {
      #expect(a.routes.map(\.accuracy) == b.routes.map(\.accuracy))
      #expect(a.routes.map(\.multiplyAdds) == b.routes.map(\.multiplyAdds))
    }
    #expect(report.gate.topOne == again.gate.topOne && report.gate.topOne <= report.gate.topTwo)
    #expect(report.gate.trainingSamples == 63)
    // Three of ten classes have a subset.
    #expect(report.judgedSamples == 36)
    for (target, evaluation) in zip(report.targets, run.summary.evaluations) {
      #expect(target.routes.map(\.kind) == RoutingReport.Route.Kind.allCases)
      let accuracy = Dictionary(uniqueKeysWithValues: target.routes.map { ($0.kind, $0.accuracy) })
      #expect(accuracy[.argmax] == evaluation.argmaxAccuracy)
      // Where a subset is one class and the gate alone chooses, its choice is the decision.
      #expect(accuracy[.gateTopOne] == report.gate.topOne)
      #expect(try #require(accuracy[.gateTopTwo]) <= report.gate.topTwo)
      #expect(target.routes.allSatisfy { $0.millisecondsPerImage > 0 })
      let sharing = target.sharing
      #expect(sharing.union <= sharing.exact && sharing.exact <= sharing.separate)
      let work = Dictionary(uniqueKeysWithValues: target.routes.map { ($0.kind, $0.multiplyAdds) })
      #expect(work[.argmax] == Double(sharing.separate))
      #expect(try #require(work[.oracle]) < Double(sharing.separate))
    }
    #expect { try single.route(.calibration, baseline: nil, epochs: 1, threads: 1) } throws: {
      "\($0)".contains("has one subnetwork")
    }
    try await folder.finished(Self.config { $0.dataset.testSamples = 60 }, name: "other")
    let other = try stored("other")
    #expect(throws: EngineError.self) {
      try run.route(.calibration, baseline: other, epochs: 1, threads: 1)
    }
  }

  @Test(
    "pictures of the test images get what the routes give them; one subset alone says yes or no")
  func prediction() async throws {
    try await folder.finished(Self.config(), name: "run")
    let run = try stored("run")
    #expect(try !ImagePredictor(run, subset: nil, round: nil, threads: 1).isCalibrated)
    let report = try run.calibrate(.calibration, recall: nil, threads: 1)
    _ = try run.directory.writeAnalysis([("calibration.json", try ExperimentJSON.pretty(report))])
    let task = try ClassificationTask(run.config)
    let predictor = try ImagePredictor(run, subset: nil, round: nil, threads: 1)
    #expect(predictor.isCalibrated && predictor.target == 0.5)
    let (images, names) = (task.dataset.test, run.subnetworkNames)
    func picture(_ index: Int) throws -> Picture {
      let planes = try images.bytes(of: index)
      return Picture(
        width: 32, height: 32, channels: 3,
        bytes: (0..<1024).flatMap { pixel in (0..<3).map { planes[$0 * 1024 + pixel] } })
    }
    var (right, judged) = (0, 0)
    var predictions: [ImagePrediction] = []
    for start in stride(from: 0, to: images.count, by: predictor.batchSize) {
      let some = start..<min(start + predictor.batchSize, images.count)
      predictions += try predictor.predict(try some.map { ("\($0)", try picture($0)) })
    }
    #expect(predictions.map(\.file) == (0..<images.count).map { "\($0)" })
    for (prediction, label) in zip(predictions, images.labels) {
      #expect((0...1).contains(prediction.score) && prediction.decision == prediction.subnetwork)
      let name = task.dataset.classNames[Int(label)]
      guard names.contains(name) else { continue }
      judged += 1
      if prediction.decision == name { right += 1 }
    }
    let routes = try run.route(.calibration, baseline: nil, epochs: 1, threads: 1)
    let route = try #require(
      routes.targets.last?.routes.first { $0.kind == .calibratedArgmax })
    #expect(Double(right) / Double(judged) == route.accuracy)
    let alone = try ImagePredictor(run, subset: "disc", round: nil, threads: 1)
    let answers = Set(
      try (0..<16).flatMap { try alone.predict([("x", try picture($0))]) }.map(\.decision))
    #expect(answers.isSubset(of: ["disc", "not disc"]))
    #expect { try ImagePredictor(run, subset: "disk", round: nil, threads: 1) } throws: {
      "\($0)".contains("did you mean 'disc'?")
    }
    // Larger pictures are brought to the size of the run's images.
    let large = try alone.predict([("large", try picture(3).resized(width: 90, height: 50))])
    #expect(large.count == 1)
  }

  @Test(
    "multiply-adds: all weights are what the network counts; the first layer alone reads the image")
  func work() {
    for architecture in [Architecture.smallCNN, .ghostNet] {
      let tensors = architecture.work(outputs: 10)
      #expect(
        tensors.reduce(0) { $0 + $1.weights * $1.multiplyAddsPerWeight }
          == architecture.multiplyAdds(outputs: 10))
      #expect(tensors.filter(\.readsSample).count == 1 && tensors[0].readsSample)
      let layout = architecture.parameterLayout(outputs: 10)
      #expect(
        tensors.filter(\.isPrunable).reduce(0) { $0 + $1.weights } == layout.prunableCount)
    }
  }
}
