import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// The methods beside the paper's own: where their masks come from, and what is shared.
@Suite(.serialized, .timeLimit(.minutes(5))) struct MethodTests {
  private let folder = RunFolder()

  /// A run of two targets on three classes.
  private func config(
    _ method: Method, masksFrom run: String? = nil,
    _ change: (inout ExperimentConfig) -> Void = { _ in }
  ) -> ExperimentConfig {
    .tiny {
      $0.method = method
      $0.masksFrom = run.map { "\(folder.path)/\($0)" }
      $0.extraction.pruneCount = 7000
      $0.extraction.targets = [0.25, 0.5]
      change(&$0)
    }
  }

  /// The masks of a run's last retraining, with its evaluations.
  private func outcome(
    _ name: String
  ) throws -> (masks: [Mask], layout: ParameterLayout, reports: [EvaluationReport]) {
    let directory = try folder.directory(name)
    let config = try directory.resolvedConfig()
    let layout = try ClassificationTask(config).makeLayout()
    let round = try #require(directory.retrainedRounds().last?.round)
    let masks = try Tickets.readMasks(
      directory.masksPath(round: round),
      subnetworks: try directory.summary().subnetworks.map(\.name), layout: layout, round: round)
    let reports = try folder.metrics(name).compactMap { event -> EvaluationReport? in
      if case .evaluated(let report) = event, report.stage == .retraining { report } else { nil }
    }
    return (masks, layout, reports)
  }

  private func weights(_ name: String) throws -> [FloatBuffer] {
    let directory = try folder.directory(name)
    let config = try directory.resolvedConfig()
    let last = try #require(try directory.retrainedRounds().last)
    return try Tickets.readWeights(
      directory.weightsPath(round: last.round, target: last.target),
      of: try directory.summary().subnetworks.map(\.name),
      layout: try ClassificationTask(config).makeLayout(),
      isIndependent: config.method.isIndependent)
  }

  @Test("masks that are given cannot be frozen, and verify says why there is no step to compute")
  func given() async throws {
    let runner = try await EngineRunner.start(
      config: config(.randomJoint), configText: "", runsFolder: folder.path, name: "given",
      threads: 1, isInteractive: false)
    let mailbox = await runner.subscribe(.everything)
    runner.send(.freeze(subnetwork: 0))
    var refusal: String?
    while let events = await mailbox.next() {
      for case .commandRefused(.freeze(0), let reason) in events.map(\.event) { refusal = reason }
    }
    await runner.waitUntilEnded()
    #expect(refusal?.contains("given, not pruned") == true, "\(refusal ?? "not refused")")
    let findings = try StoredRun.open("given", in: folder.path).verify(steps: 2, threads: 1)
    #expect(findings.allSatisfy { $0.complaints.isEmpty })
    #expect(findings.flatMap(\.notes).contains { $0.contains("the masks are given") })
  }

  @Test("K networks: the masks of the paper's method, weights that share nothing")
  func impMultiple() async throws {
    try await folder.finished(config(.rtl), name: "rtl")
    try await folder.finished(config(.impMultiple), name: "own")
    try await folder.finished(config(.impMultiple, masksFrom: "rtl"), name: "taken")
    let (rtl, own, taken) = (try outcome("rtl"), try outcome("own"), try outcome("taken"))
    #expect(own.masks.map(\.bits) == rtl.masks.map(\.bits))
    #expect(taken.masks.map(\.bits) == rtl.masks.map(\.bits))
    #expect(taken.reports.map(\.target) == [0.25, 0.5])
    #expect(taken.reports.map(\.subnetworks) != rtl.reports.map(\.subnetworks))
    // Retrained in other rounds, and so from other mini-batches; but all from θ₀ under their masks.
    for name in ["own", "taken"] {
      let weights = try weights(name)
      let initial = try Tickets.readWeights(
        try folder.directory(name).initialParametersPath, layout: own.layout)
      for (k, parameters) in weights.enumerated() {
        for index in 0..<own.layout.prunableCount where !own.masks[k].bits[index] {
          #expect(parameters[index].bitPattern == initial[index].bitPattern)
        }
        let moved = (0..<own.layout.prunableCount).count {
          own.masks[k].bits[$0] && parameters[$0] != initial[$0]
        }
        #expect(moved > own.masks[k].weightsLeft / 2)
      }
    }
  }

  @Test("a network of an independent run is the same without the others")
  func sharesNothing() async throws {
    func change(_ classes: [String]) -> (inout ExperimentConfig) -> Void {
      {
        $0.subsets.classes = classes
        $0.task.outputs = .single
        $0.retraining.epochs = 2
      }
    }
    try await folder.finished(
      config(.randomIndependent, change(["disc", "stripes", "cross"])), name: "three", threads: 2)
    try await folder.finished(config(.randomIndependent, change(["disc"])), name: "one")
    let (three, one) = (try weights("three"), try weights("one"))
    #expect(three.count == 3 && one.count == 1)
    #expect(three[0].values.map(\.bitPattern) == one[0].values.map(\.bitPattern))
    #expect(three[1].values != three[0].values)
    // The joint one shares: others have moved what the first uses.
    try await folder.finished(
      config(.randomJoint, change(["disc", "stripes", "cross"])), name: "joint")
    #expect(try weights("joint")[0].values != one[0].values)
    #expect(try outcome("joint").masks.map(\.bits) == outcome("three").masks.map(\.bits))
  }

  @Test("random masks: exact counts, each within the one before, other ones for each subnetwork")
  func random() async throws {
    try await folder.finished(config(.randomJoint), name: "random")
    let last = try outcome("random")
    let directory = try folder.directory("random")
    let first = try Tickets.readMasks(
      directory.masksPath(round: 1), subnetworks: last.masks.map(\.subset), layout: last.layout,
      round: 1)
    let count = last.layout.prunableCount
    for (before, after) in zip(first, last.masks) {
      #expect(before.weightsLeft == count - Int((0.25 * Double(count)).rounded()))
      #expect(after.weightsLeft == count - Int((0.5 * Double(count)).rounded()))
      #expect(after.bits.isSubset(of: before.bits) && after.parentHash == before.hash)
      for layer in last.layout.prunableLayers where layer.range.count > 1000 {
        let share = Double(after.bits.populationCount(in: layer.range)) / Double(layer.range.count)
        #expect(abs(share - 0.5) < 0.1, "\(layer.name)")
      }
    }
    #expect(Set(last.masks.map(\.hash)).count == 3)
    let events = try folder.metrics("random")
    #expect(
      !events.contains {
        if case .stepFinished(let step) = $0 { step.stage == .extraction } else { false }
      })
    #expect(events.count { if case .overlapMeasured = $0 { true } else { false } } == 2)
  }

  @Test("shuffled masks keep each layer's count, and nothing else")
  func shuffled() async throws {
    try await folder.finished(config(.rtl), name: "rtl")
    try await folder.finished(config(.shuffledJoint, masksFrom: "rtl"), name: "shuffled")
    let (rtl, shuffled) = (try outcome("rtl"), try outcome("shuffled"))
    for (a, b) in zip(rtl.masks, shuffled.masks) {
      #expect(a.hash != b.hash && b.parentHash == a.hash)
      for layer in rtl.layout.prunableLayers {
        #expect(
          a.bits.populationCount(in: layer.range) == b.bits.populationCount(in: layer.range))
      }
    }
  }

  @Test("swapped masks are those of the next subnetwork, and at home nowhere")
  func swapped() async throws {
    try await folder.finished(config(.rtl), name: "rtl")
    try await folder.finished(config(.swappedJoint, masksFrom: "rtl"), name: "swapped")
    let (rtl, swapped) = (try outcome("rtl"), try outcome("swapped"))
    #expect(swapped.masks.map(\.bits) == (rtl.masks[1...] + rtl.masks[..<1]).map(\.bits))
    #expect(zip(rtl.masks, swapped.masks).allSatisfy { $0.subset == $1.subset })
    #expect(zip(rtl.masks, swapped.masks).allSatisfy { $0.bits != $1.bits })
    #expect(swapped.reports.count == rtl.reports.count)
  }

  @Test("one mask for all data becomes the mask of every subnetwork")
  func single() async throws {
    let config = config(.impSingle) { $0.subsets.classes = nil }
    let resolved = try ExperimentConfig.parse(yaml: config.yaml(), file: "test")
    #expect(resolved.subsets.by == .all && resolved.task.kind == .multiclass)
    #expect(resolved.defaultRound.epochs == 2 && resolved.retrainingEpochs == 2)
    #expect(try ExperimentConfig.parse(yaml: resolved.yaml(), file: "test") == resolved)
    try await folder.finished(resolved, name: "single")
    try await folder.finished(
      self.config(.impSingleJoint, masksFrom: "single") { $0.subsets.classes = nil }, name: "joint")
    let (single, joint) = (try outcome("single"), try outcome("joint"))
    #expect(single.masks.count == 1 && joint.masks.count == 10)
    #expect(joint.masks.allSatisfy { $0.bits == single.masks[0].bits })
    #expect(joint.reports.last?.unionParameters == single.masks[0].weightsLeft)
  }

  @Test("dense subnetworks are retrained and judged once", arguments: [true, false])
  func dense(joint: Bool) async throws {
    try await folder.finished(config(joint ? .denseJoint : .denseIndependent), name: "dense")
    let dense = try outcome("dense")
    #expect(dense.masks.allSatisfy { $0.weightsLeft == dense.layout.prunableCount })
    #expect(dense.reports.count == 1 && dense.reports[0].target == 0)
    #expect(dense.reports[0].unionParameters == dense.layout.prunableCount)
    let stored = try StoredRun.open("dense", in: folder.path)
    #expect(
      try stored.evaluate(round: nil, threads: 1).report.subnetworks
        == dense.reports[0].subnetworks)
    let files = try stored.export(to: folder.path + "/exported", round: nil)
    #expect(files.count == 6)
    #expect(stored.verify(steps: 2, threads: 1).allSatisfy { $0.complaints.isEmpty })
  }

  @Test("masks that are not there are refused before there is a folder")
  func refused() async throws {
    try await folder.finished(config(.rtl) { $0.extraction.targets = [0.25] }, name: "short")
    for (config, words) in [
      (config(.shuffledJoint, masksFrom: "nowhere"), ["no run named 'nowhere'"]),
      (
        config(.swappedJoint, masksFrom: "short") { $0.subsets.classes = ["disc"] },
        ["needs two subnetworks", "found 1"]
      ),
      (config(.shuffledJoint, masksFrom: "short"), ["no round in which every mask has", "0.5"]),
      (
        config(.rtl, masksFrom: "short") {
          $0.subsets.classes = ["disc", "ring"]
          $0.extraction.targets = [0.25]
        }, ["masks of disc, stripes, cross", "of disc, ring"]
      ),
      (
        config(.impSingleJoint, masksFrom: "short") { $0.extraction.targets = [0.25] },
        ["one mask for all data"]
      ),
    ] {
      do {
        _ = try await folder.start(config, name: "refused")
        Issue.record("\(config.method) was not refused")
      } catch {
        for word in words { #expect("\(error)".contains(word), "\(error)") }
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/refused"))
    // Another θ₀ is told, not refused.
    let runner = try await folder.start(
      config(.rtl, masksFrom: "short") {
        $0.extraction.targets = [0.25]
        $0.seed = 9
      }, name: "other")
    await runner.waitUntilEnded()
    let log = try EventLog.read(try folder.directory("other").eventsPath).events.map(\.event)
    #expect(
      log.contains {
        if case .message(.warning, let text) = $0 { text.contains("another θ₀") } else { false }
      })
  }

  @Test("a branch of drawn masks draws on; it never trains for masks")
  func branches() async throws {
    try await folder.finished(config(.randomJoint), name: "random")
    try await folder.finished(config(.denseJoint), name: "dense")
    func branch(_ parent: String, _ name: String, _ changes: [String]) async throws {
      let runner = try await EngineRunner.branch(
        parent, round: 1, changes: changes, runsFolder: folder.path, name: name, threads: 1,
        isInteractive: false)
      await runner.waitUntilEnded()
      #expect(try folder.directory(name).summary().state == .finished)
      #expect(
        try !folder.metrics(name).contains {
          if case .stepFinished(let step) = $0 { step.stage == .extraction } else { false }
        })
    }
    try await branch("random", "on", ["extraction.targets=[0.25,0.5,0.9]"])
    #expect(try outcome("on").reports.map(\.target) == [0.25, 0.5, 0.9])
    // Fewer weights are left than the new target keeps: nothing to draw.
    try await branch("random", "back", ["extraction.targets=[0.1,0.2]"])
    try await branch("dense", "again", ["retraining.epochs=2"])
    #expect(try outcome("again").reports.map(\.target) == [0])
    await #expect(throws: ExperimentError.self) {
      try await branch("random", "none", ["method=rtl", "masks_from=/no/such"])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
  }

  @Test("a method says what it needs")
  func contradictions() {
    for (yaml, words) in [
      ("method: shuffled_joint", "needs masks_from"),
      ("method: imp_single_joint", "needs masks_from: the folder of an imp_single run"),
      ("method: dense_joint\nmasks_from: /tmp/x", "has no meaning with method 'dense_joint'"),
      ("method: imp_multiple\nbatch_norm: {statistics: shared}", "share nothing"),
      ("method: imp_single\nsubsets: {classes: [disc, ring]}", "one network for all classes"),
      ("method: imp_singel", "did you mean 'imp_single'?"),
    ] {
      #expect {
        _ = try ExperimentConfig.parse(yaml: yaml, file: "test.yaml")
      } throws: {
        "\($0)".contains(words)
      }
    }
  }
}
