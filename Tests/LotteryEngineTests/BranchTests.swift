import Experiments
import Foundation
import LotteryEngine
import Testing

/// Runs that go on from a round of another one, and what `verify` finds.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BranchTests {
  private let folder = RunFolder()

  private func branch(
    _ parent: String, round: Int, changes: [String] = [], name: String?
  ) async throws -> EngineRunner {
    try await EngineRunner.branch(
      parent, round: round, changes: changes, runsFolder: folder.path, name: name, threads: 1,
      isInteractive: false)
  }

  private func inode(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
  }

  @Test("a branch without changes computes what its parent did, from files they share")
  func same() async throws {
    try await folder.finished(RunFolder.config(), name: "parent")
    let parent = try folder.results("parent")
    let rounds = try folder.directory("parent").maskRounds()
    #expect(rounds.count > 2)
    for round in rounds {
      let name = "from-\(round)"
      await (try await branch("parent", round: round, name: name)).waitUntilEnded()
      let summary = try folder.directory(name).summary()
      #expect(summary.state == .finished && summary.rounds == rounds.last)
      #expect(summary.subnetworks.allSatisfy { $0.weightsLeft == 11_736 })
      for (file, data) in try folder.results(name) {
        #expect(data == parent[file], "round \(round): \(file)")
      }
      let origin = try #require(try folder.directory(name).origin())
      #expect(origin.run == "parent" && origin.round == round && origin.maskHashes.count == 3)
      #expect(
        try inode(folder.directory(name).initialParametersPath)
          == inode(folder.directory("parent").initialParametersPath))
      #expect(
        try inode(folder.directory(name).masksPath(round: round))
          == inode(folder.directory("parent").masksPath(round: round)))
    }
    // The last target was reached before round 0 of nothing: its retraining is there again.
    #expect(try folder.directory("from-0").retrainedRounds().count == 2)
    #expect(try folder.results("parent") == parent, "the parent stays as it is")
  }

  @Test("a branch that waits stands before its first round, which then goes by what was changed")
  func waits() async throws {
    try await folder.finished(RunFolder.config(), name: "parent")
    let runner = try await EngineRunner.branch(
      "parent", round: 1, changes: [], runsFolder: folder.path, name: "child", threads: 1,
      isInteractive: false, waits: true)
    let mailbox = await runner.subscribe(.everything)
    var events: [Event] = []
    while !events.contains(.stateChanged(.paused)), let some = await mailbox.next() {
      events += some.map(\.event)
    }
    #expect(!events.contains { if case .roundStarted = $0 { true } else { false } })
    runner.send(.changeSettings(SettingsChange(pruneCount: 10, epochs: 1), subnetwork: nil))
    runner.send(.runFor(RunLength(1, .rounds)))
    while let some = await mailbox.next() {
      events += some.map(\.event)
      if some.contains(where: { $0.event == .stateChanged(.paused) }) { runner.send(.stop(.now)) }
    }
    await runner.waitUntilEnded()
    let counts = events.compactMap { event in
      if case .pruned(let report) = event, report.round == 2 { report.removed } else { nil }
    }
    #expect(counts == [10, 10, 10])
  }

  @Test("a branch changes what it is told to, resumes, and can be branched")
  func changed() async throws {
    try await folder.finished(RunFolder.config(), name: "parent")
    let runner = try await branch(
      "parent", round: 1, changes: ["extraction.prune_count=1000", "extraction.targets=[0.5]"],
      name: nil)
    #expect(runner.name == "parent-2")
    await folder.stop(runner, after: 30)
    await (try await folder.resume("parent-2")).waitUntilEnded()
    let summary = try folder.directory("parent-2").summary()
    // 23,472 weights: round 1 left 5,868 fewer, so six rounds of 1,000 or less follow to the half.
    #expect(summary.state == .finished && summary.rounds == 7)
    #expect(try folder.directory("parent-2").origin()?.changes.count == 2)
    await (try await branch("parent-2", round: 3, name: "grandchild")).waitUntilEnded()
    #expect(try folder.directory("grandchild").summary().state == .finished)
    #expect(
      try folder.results("grandchild")["masks/round-0007.safetensors"]
        == folder.results("parent-2")["masks/round-0007.safetensors"])
    // From a branch with no checkpoint at all the beginning is the parent's round.
    await folder.stop(try await branch("parent", round: 1, name: "bare"), after: 8)
    try FileManager.default.removeItem(atPath: try folder.directory("bare").checkpointsPath)
    await (try await folder.resume("bare")).waitUntilEnded()
    for (file, data) in try folder.results("bare") {
      #expect(try data == folder.results("parent")[file], "\(file)")
    }
  }

  @Test("settings of the parent's subnetworks are not taken over for others of the same number")
  func otherSubnetworks() async throws {
    let parent = try await folder.start(RunFolder.config(), name: "parent")
    parent.send(.freeze(subnetwork: 0))
    await parent.waitUntilEnded()
    for (classes, frozen) in [
      ("[disc, stripes, cross]", [0]), ("[stripes, disc, cross]", nil as [Int]?),
    ] {
      let name = frozen == nil ? "reordered" : "same"
      await
        (try await branch(
          "parent", round: 1, changes: ["subsets.classes=\(classes)"], name: name)).waitUntilEnded()
      #expect(try folder.directory(name).origin()?.settings?.frozen == frozen)
    }
  }

  @Test("what cannot be branched is refused before there is a folder")
  func refused() async throws {
    try await folder.finished(
      RunFolder.config { $0.extraction.targets = [0.25] }, name: "parent")
    await #expect(throws: EngineError.noSuchRound(run: "parent", round: 9, available: [0, 1])) {
      _ = try await branch("parent", round: 9, name: "x")
    }
    for change in ["model.kind=ghostnet", "subsets.classes=[disc, ring]", "seeed=3"] {
      await #expect(throws: (any Error).self, "\(change)") {
        _ = try await branch("parent", round: 1, changes: [change], name: "x")
      }
    }
    #expect(try RunDirectory.list(in: folder.path).map(\.name) == ["parent"])
  }

  @Test("verify finds nothing in a good run, and every kind of damage")
  func verify() async throws {
    try await folder.finished(RunFolder.config(), name: "run", threads: 2)
    func complaints() throws -> [String] {
      try StoredRun.open("run", in: folder.path).verify(steps: 4, threads: 1)
        .flatMap(\.complaints)
    }
    #expect(try complaints() == [])
    let directory = try folder.directory("run")
    let newest = try #require(try folder.store("run").numbers().first)
    let number = String((String(repeating: "0", count: 6) + "\(newest)").suffix(6))
    for file in [
      "theta0.safetensors", "masks/round-0001.safetensors",
      "weights/round-0001-target-0.25.safetensors",
      "checkpoints/\(number)/tensors.safetensors", "checkpoints/\(number)/manifest.json",
    ] {
      let place = URL(fileURLWithPath: directory.path + "/" + file)
      let data = try Data(contentsOf: place)
      var damaged = data
      damaged[data.count - 100] ^= 4
      try damaged.write(to: place)
      #expect(try complaints().contains { $0.contains(file.split(separator: "/").last ?? "") })
      try data.write(to: place)
    }
    #expect(try complaints() == [])
    // A loss that was never computed.
    let log = URL(fileURLWithPath: directory.eventsPath)
    let text = try String(contentsOf: log, encoding: .utf8)
    let loss = try #require(text.firstRange(of: /"loss":[0-9.]+/))
    try text.replacingCharacters(in: loss, with: #""loss":0.123"#)
      .write(to: log, atomically: true, encoding: .utf8)
    #expect(try complaints().contains { $0.contains("in the log 0.123") })
  }
}
