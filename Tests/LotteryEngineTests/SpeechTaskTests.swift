import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Speech enhancement through the same stages as every task: mixtures, figures, drawings, enhanced files.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SpeechTaskTests {
  private let folder = RunFolder()

  /// Half seconds at 4 kHz, three scenes.
  static func config(_ change: (inout ExperimentConfig) -> Void = { _ in }) -> ExperimentConfig {
    var config = ExperimentConfig()
    config.dataset.kind = .proceduralSpeech
    config.dataset.sampleRate = 4000
    config.dataset.seconds = 0.5
    config.dataset.trainSamples = 8
    config.dataset.testSamples = 2
    config.dataset.testMixtures = 2
    config.subsets.by = .scene
    config.task.kind = .speech
    config.task.stepsPerEpoch = 3
    config.model.kind = .spectralUNet
    config.batchSize = 2
    config.optimizer.learningRate = 5e-3
    config.extraction.epochsPerRound = 2
    config.extraction.pruneCount = 10_000
    config.extraction.targets = [0.25, 0.5]
    config.retraining.epochs = 4
    config.evaluation.roundSamples = 2
    config.checkpoints.everySteps = 10
    change(&config)
    return config
  }

  private func reports(_ name: String) throws -> [EvaluationReport] {
    try folder.metrics(name).compactMap { event in
      if case .evaluated(let report) = event, report.stage == .retraining { report } else { nil }
    }
  }

  private func drawn(_ name: String) throws -> [SpectrogramReport] {
    try folder.metrics(name).compactMap { event in
      if case .soundEnhanced(let report) = event { report } else { nil }
    }
  }

  @Test(
    "mixtures go by subset and epoch; one network for all scenes hears those of the scenes' own")
  func batches() throws {
    let task = try SpeechTask(Self.config())
    #expect(task.subnetworkNames == ["indoor", "outdoor", "transportation"])
    #expect(task.makeLayout().prunableCount == 37_368)
    func samples(_ task: SpeechTask, _ k: Int, epoch: Int, round: Int = 1) -> [Int] {
      task.epoch(stage: .extraction, round: round, subnetwork: k, epoch: epoch)
        .flatMap(\.samples)
    }
    for k in 0..<3 {
      #expect(task.stepsPerEpoch(subnetwork: k) == 3)
      #expect(samples(task, k, epoch: 2).count == 6)
      #expect(samples(task, k, epoch: 2) == samples(task, k, epoch: 2, round: 5))
    }
    let all = (0..<3).flatMap { k in (1...3).flatMap { samples(task, k, epoch: $0) } }
    #expect(Set(all).count == 3 * 3 * 6, "no two mixtures have the same number")
    let single = try SpeechTask(Self.config { $0.subsets.by = .all })
    #expect(single.subnetworkNames == ["all"] && single.stepsPerEpoch(subnetwork: 0) == 9)
    let heard = samples(single, 0, epoch: 2)
    #expect(heard.sorted() == (0..<3).flatMap { samples(task, $0, epoch: 2) }.sorted())
    #expect(heard != heard.sorted(), "the scenes take turns")
  }

  @Test(
    "a step starts where the loss of the mixtures says, and leaves what is outside the mask as it is"
  )
  func masks() throws {
    let task = try SpeechTask(Self.config())
    let layout = task.makeLayout()
    let pool = WorkerPool(threads: 2)
    let trainer = SubnetworkTrainer(task: task, pool: pool)
    let initial = try task.initialParameters(layout: layout)
    let learner = Learner(task, layout: layout, initial: initial, pool: pool)
    let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
    var bits = BitVector(repeating: true, count: layout.prunableCount)
    for index in stride(from: 0, to: layout.prunableCount, by: 3) { bits[index] = false }
    var random = RandomStream(seed: 1, purpose: "unused")
    var losses: [Double] = []
    for epoch in 1...8 {
      for batch in task.epoch(stage: .extraction, round: 1, subnetwork: 1, epoch: epoch) {
        losses.append(
          try trainer.step(
            batch, subnetwork: 1, mask: bits, learner: learner, statistics: statistics,
            learningRate: 5e-3, random: &random))
      }
    }
    #expect(losses.allSatisfy { abs($0) <= 1 })
    let (early, late) = (losses.prefix(6).reduce(0, +), losses.suffix(6).reduce(0, +))
    #expect(late < early - 0.3, "it learns: \(losses)")
    var moved = 0
    for index in 0..<layout.prunableCount {
      if bits[index] {
        moved += learner.parameters[index] == initial[index] ? 0 : 1
      } else {
        #expect(learner.parameters[index].bitPattern == initial[index].bitPattern)
      }
    }
    #expect(moved > layout.prunableCount / 2)
  }

  @Test(
    "a run through all stages: exact masks, SI-SNR improvement per scene, spectrograms, eval again")
  func wholeRun() async throws {
    try await folder.finished(Self.config(), name: "run", threads: 2)
    let reports = try reports("run")
    #expect(reports.map(\.target) == [0.25, 0.5])
    let last = try #require(reports.last)
    #expect(last.samples == 3 * 2 * 2 && last.argmaxAccuracy == nil && last.overall == nil)
    #expect(last.subnetworks.allSatisfy { $0.score.metric == .siSNRImprovement })
    #expect(last.subnetworks.allSatisfy { $0.score.value.isFinite && $0.f1.isNaN })
    let summary = try folder.directory("run").summary()
    #expect(summary.subnetworks.allSatisfy { $0.weightsLeft == 18_684 })
    let resolved = try folder.directory("run").resolvedConfig()
    #expect(resolved.dataset.sampleRate == 4000)
    let drawn = try drawn("run")
    #expect(drawn.count { $0.stage == .extraction } == 2 * 3)
    let shown = Array(drawn.suffix(3))
    #expect(shown.map(\.sceneName) == ["indoor", "outdoor", "transportation"])
    #expect(shown.map(\.scene) == [0, 1, 2] && shown.map(\.subnetwork) == [0, 1, 2])
    #expect(shown.allSatisfy { $0.hertz == 2000 && $0.noisy.count == $0.width * $0.height })
    #expect(shown.allSatisfy { $0.clean.count == $0.noisy.count && $0.noisy != $0.clean })
    let stored = try StoredRun.open("run", in: folder.path)
    let again = try stored.evaluate(round: nil, threads: 1)
    #expect(again.report.subnetworks == last.subnetworks)
    #expect(again.predictions.split(separator: "\n").count == 1 + 12)
    // The first line is the mixture that is drawn.
    let line = again.predictions.split(separator: "\n")[1].split(separator: ",")
    #expect(line.prefix(4).map(String.init) == ["indoor", "indoor", "0", "0"])
    #expect(Double(line[8]) == shown[0].improvement)
  }

  @Test("the bits do not depend on the number of threads")
  func threads() async throws {
    for (name, threads) in [("one", 1), ("three", 3)] {
      try await folder.finished(Self.config(), name: name, threads: threads)
    }
    #expect(try folder.results("one") == folder.results("three"))
    #expect(try folder.metricsBySubnetwork("one") == folder.metricsBySubnetwork("three"))
  }

  @Test("stopped anywhere, resumed: the same log and the same bytes")
  func resume() async throws {
    try await folder.finished(Self.config(), name: "whole")
    let (metrics, results) = (try folder.metrics("whole"), try folder.results("whole"))
    var cuts = 0
    for cut in stride(from: 10, to: metrics.count, by: metrics.count / 4) {
      let name = "cut-\(cut)"
      await folder.stop(try await folder.start(Self.config(), name: name), after: cut)
      if try folder.directory(name).summary().state == .finished { continue }
      cuts += 1
      await (try await folder.resume(name)).waitUntilEnded()
      #expect(try folder.metrics(name) == metrics, "cut after \(cut)")
      #expect(try folder.results(name) == results, "cut after \(cut)")
    }
    #expect(cuts > 1, "most stops came in time")
  }

  @Test("the baseline: one mask, the mixtures of all scenes, a figure for each in the table")
  func baseline() async throws {
    let yaml = Self.config { $0.method = .impSingle }.yaml()
    let config = try ExperimentConfig.parse(yaml: yaml, file: "config", overrides: [])
    #expect(config.subsets.by == .all && config.task.kind == .speech)
    #expect(config.retrainingEpochs == 4 && config.defaultRound.epochs == 2)
    try await folder.finished(config, name: "imp", threads: 2)
    let report = try #require(try reports("imp").last)
    #expect(report.subnetworks.count == 1 && report.samples == 12)
    let shown = try drawn("imp").suffix(3)
    #expect(shown.map(\.scene) == [0, 1, 2])
    let table = try StoredRun.open("imp", in: folder.path).evaluate(round: nil, threads: 1)
      .predictions
    let lines = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    #expect(Set(lines.map { String($0[1]) }) == ["indoor", "outdoor", "transportation"])
    let mean = lines.compactMap { Double($0[8]) }.reduce(0, +) / 12
    #expect(abs(mean - report.subnetworks[0].score.value) < 1e-9)
  }

  @Test(
    "networks that share nothing, and masks that are given",
    arguments: [
      Method.impMultiple, .randomJoint, .denseJoint,
    ])
  func methods(_ method: Method) async throws {
    try await folder.finished(
      Self.config {
        $0.method = method
        $0.extraction.targets = [0.3]
      }, name: "own", threads: 2)
    #expect(try reports("own").last?.subnetworks.count == 3)
  }

  @Test("shuffled masks and the one mask for all come from another run")
  func givenMasks() async throws {
    try await folder.finished(Self.config(), name: "rtl", threads: 2)
    let parent = try folder.directory("rtl").path
    try await folder.finished(
      Self.config {
        $0.method = .shuffledJoint
        $0.masksFrom = parent
      }, name: "shuffled", threads: 2)
    let judged = try reports("shuffled")
    #expect(judged.map(\.target) == [0.25, 0.5])
  }

  // MARK: Enhancement

  /// A finished run and a folder for sounds.
  private func prepared() async throws -> (run: StoredRun, place: String) {
    try await folder.finished(
      Self.config { $0.extraction.targets = [0.25] }, name: "run", threads: 2)
    return (try StoredRun.open("run", in: folder.path), folder.path + "/")
  }

  private func sound(rate: Int, seconds: Double) -> Waveform {
    var random = RandomStream(seed: 4, purpose: "noise")
    return Waveform(
      rate: rate,
      samples: (0..<Int(seconds * Double(rate))).map {
        Float(0.3 * sin(2 * .pi * 300 * Double($0) / Double(rate))) + 0.1 * random.normal()
      })
  }

  private func write(_ sound: Waveform, _ path: String) throws {
    try AudioFile.wav(sound).write(to: URL(fileURLWithPath: path))
  }

  @Test("files of any rate and length are enhanced, and come back at their own")
  func enhance() async throws {
    let (run, place) = try await prepared()
    func enhance(
      _ name: String, scene: String? = "outdoor", clean: String? = nil, target: Double? = nil
    ) throws -> StoredRun.Enhancement {
      try run.enhance(
        place + name, scene: scene, clean: clean.map { place + $0 }, round: nil, target: target,
        drawsSpectrogram: true, threads: 2)
    }
    for (name, rate, seconds) in [("own.wav", 4000, 3.3), ("high.wav", 11_025, 1.7)] {
      let noisy = sound(rate: rate, seconds: seconds)
      try write(noisy, place + name)
      let result = try enhance(name, clean: name)
      #expect(result.enhanced.rate == rate)
      #expect(result.enhanced.samples.count == noisy.samples.count)
      let isFinite = result.enhanced.samples.allSatisfy(\.isFinite)
      #expect(isFinite)
      #expect(result.enhanced.samples != result.noisy.samples)
      #expect(result.workingRate == 4000 && result.subnetwork == "outdoor" && result.target == 0.25)
      // Noisy, clean, enhanced; beside itself a sound is as good as it gets.
      #expect(result.spectrogram?.height == 3 * 129 + 2 * 4)
      #expect(result.decibels?.noisy == 100)
    }
    let (indoor, outdoor) = (try enhance("own.wav", scene: "indoor"), try enhance("own.wav"))
    #expect(indoor.enhanced != outdoor.enhanced)
    #expect(outdoor.spectrogram?.height == 2 * 129 + 4)
    try write(
      Waveform(rate: 4000, samples: [Float](repeating: 0, count: 900)), place + "silent.wav")
    for (name, scene, clean, target, text) in [
      ("own.wav", "outdor", nil, nil, "no subnetwork 'outdor'; did you mean 'outdoor'?"),
      ("own.wav", nil, nil, nil, "which subnetwork? the subnetworks are indoor, outdoor"),
      ("own.wav", "indoor", nil, 0.9, "target: found 0.9, expected one that run 'run' has reached"),
      (
        "own.wav", "indoor", "high.wav", nil, "high.wav: cannot be read: found 6800 samples at 4000"
      ),
      ("nowhere.wav", "indoor", nil, nil, "nowhere.wav: not found; expected a WAV or FLAC file"),
      ("silent.wav", "indoor", nil, nil, "found 900 silent samples, expected sound"),
    ] as [(String, String?, String?, Double?, String)] {
      do {
        _ = try enhance(name, scene: scene, clean: clean, target: target)
        Issue.record("nothing was refused: \(text)")
      } catch {
        #expect("\(error)".contains(text), "\(error)")
      }
    }
  }

  @Test("sounds and images are not taken for each other")
  func mixedUp() throws {
    #expect(throws: EngineError.self) { _ = try ClassificationTask(Self.config()) }
    #expect(throws: DatasetError.self) {
      _ = try SpeechTask(
        Self.config {
          $0.dataset.kind = .speech
          $0.dataset.path = "/nowhere"
        })
    }
  }
}
