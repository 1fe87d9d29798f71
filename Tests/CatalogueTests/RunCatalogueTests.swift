import Catalogue
import Experiments
import Foundation
import GRDB
import Testing

struct RunCatalogueTests {
  private let folder = RunsFolder()

  /// What a fresh catalogue answers.
  private func names(
    _ condition: String? = nil, sort: String = "name", descending: Bool = false,
    limit: Int? = nil
  ) throws -> [String] {
    try RunCatalogue(runsFolder: folder.path).runs(
      where: condition.map { try RunFilter(parsing: $0) },
      order: RunOrder(by: sort, isDescending: descending), limit: limit
    ).map(\.name)
  }

  @Test("conditions choose as they say")
  func conditions() throws {
    try folder.add("low", sparsity: 0.25, accuracy: 0.6, jaccard: 0.9)
    try folder.add("mid", seed: .max, sparsity: 0.5, jaccard: 0.5)
    try folder.add("top", seed: 1 << 63, sparsity: 0.75, accuracy: 0.8, startedAt: 1_800_000_000)
    _ = try RunDirectory.open("low", in: folder.path).tag(["keep", "x"])
    _ = try RunDirectory.open("top", in: folder.path).tag(["keeper"])
    _ = try RunDirectory.open("mid", in: folder.path).note("It's 50% ÄÖ")
    for (condition, expected) in [
      ("sparsity >= 0.5", ["mid", "top"]),
      ("0.5 <= sparsity", ["mid", "top"]),
      ("sparsity > 0.25 and balanced_accuracy > 0.7", ["top"]),
      // A missing figure meets no comparison, so it meets every negation.
      ("balanced_accuracy < 1", ["low", "top"]),
      ("not balanced_accuracy > 0.7", ["low", "mid"]),
      ("balanced_accuracy = none", ["mid"]),
      ("f1 = none and note != none", ["mid"]),
      ("name = 'low' or name = 'top' and sparsity < 0.5", ["low"]),
      ("(name = 'low' or name = 'top') and not sparsity < 0.5", ["top"]),
      ("tag = 'keep'", ["low"]),
      ("tag != 'keep'", ["mid", "top"]),
      ("tag like 'keep%'", ["low", "top"]),
      ("tag ~ 'KEE' and tag = 'x'", ["low"]),
      ("tag = none", ["mid"]),
      ("note ~ 'it''s 50%'", ["mid"]),
      ("note like '%50\u{25} Ä_'", ["mid"]),
      ("seed = 18446744073709551615", ["mid"]),
      ("seed > 9223372036854775807", ["mid", "top"]),
      ("seed < 2", ["low"]),
      ("started_at >= '2027-01-15'", ["top"]),
      ("started_at < '2001-09-09T01:46:41Z'", ["low", "mid"]),
      ("precision > recall", ["low", "top"]),
      ("excess > 0.3 and excess < 0.7", ["low"]),
      ("NAME ~ 'O' AND NOT name ~ 'w'", ["top"]),
      ("name = 'x'' or 1=1 --'", []),
    ] as [(String, [String])] {
      #expect(try names(condition) == expected, "\(condition)")
    }
  }

  @Test("order, limit and missing values")
  func order() throws {
    try folder.add("a", accuracy: 0.7)
    try folder.add("b")
    try folder.add("c", accuracy: 0.9)
    try folder.add("d", accuracy: 0.7)
    #expect(try names(sort: "balanced_accuracy") == ["a", "d", "c", "b"])
    #expect(try names(sort: "balanced_accuracy", descending: true) == ["c", "a", "d", "b"])
    #expect(try names(sort: "name", descending: true, limit: 2) == ["d", "c"])
    #expect(try names(limit: 0).isEmpty)
  }

  @Test("the index follows the folder, and reads only what changed")
  func refreshing() throws {
    for name in ["a", "b", "c"] {
      try folder.add(name, accuracy: 0.5)
      try folder.settle(name)
    }
    func refreshed(_ condition: String, _ expected: [String]) throws -> Int {
      let catalogue = RunCatalogue(runsFolder: folder.path)
      let found = try catalogue.runs(where: try RunFilter(parsing: condition)).map(\.name)
      #expect(found == expected)
      #expect(catalogue.remarks.isEmpty)
      return catalogue.lastRefreshed
    }
    #expect(try refreshed("rounds = 2", ["a", "b", "c"]) == 3)
    #expect(try refreshed("rounds = 2", ["a", "b", "c"]) == 0)
    var summary = try RunDirectory.open("b", in: folder.path).summary()
    summary.rounds = 3
    try folder.write(summary, to: try RunDirectory.open("b", in: folder.path))
    #expect(try refreshed("rounds = 3", ["b"]) == 1)
    // Changed a moment ago: it is read again until the clocks cannot hide a change.
    #expect(try refreshed("rounds = 3", ["b"]) == 1)
    try folder.settle("b")
    #expect(try refreshed("rounds = 3", ["b"]) == 1)
    #expect(try refreshed("rounds = 3", ["b"]) == 0)
    _ = try RunDirectory.open("c", in: folder.path).tag(["t"])
    #expect(try refreshed("tag = 't'", ["c"]) == 1)
    try folder.remove("a")
    #expect(try refreshed("rounds > 0", ["b", "c"]) <= 1)
    try FileManager.default.moveItem(atPath: folder.path + "/b", toPath: folder.path + "/z")
    #expect(try refreshed("rounds > 0", ["c", "z"]) >= 1)
  }

  @Test("an index that was deleted or damaged is made anew with the same answers")
  func damagedIndex() throws {
    try folder.add("a", sparsity: 0.3)
    try folder.add("b", sparsity: 0.6)
    #expect(try names("sparsity > 0.5") == ["b"])
    try FileManager.default.removeItem(atPath: folder.index)
    #expect(try names("sparsity > 0.5") == ["b"])
    let good = try Data(contentsOf: URL(fileURLWithPath: folder.index))
    for (what, damage) in [
      ("text", Data("no database".utf8)), ("cut", good.prefix(good.count / 2 + 100)),
      ("zeros", good.prefix(100) + Data(count: good.count - 100)),
    ] {
      try damage.write(to: URL(fileURLWithPath: folder.index))
      let catalogue = RunCatalogue(runsFolder: folder.path)
      let found = try catalogue.runs(where: try RunFilter(parsing: "sparsity > 0.5"))
      #expect(found.map(\.name) == ["b"], "\(what)")
      #expect(catalogue.remarks.count == 1, "\(what): \(catalogue.remarks)")
      #expect(catalogue.remarks.first?.contains("made anew") == true, "\(what)")
      #expect(try names("sparsity < 0.5") == ["a"], "\(what)")
    }
    // An empty file is an empty database, which is no damage.
    try Data().write(to: URL(fileURLWithPath: folder.index))
    #expect(try names() == ["a", "b"])
  }

  @Test("an index that cannot be used is passed by")
  func obstacle() throws {
    try folder.add("a")
    try FileManager.default.createDirectory(
      atPath: folder.index, withIntermediateDirectories: false)
    let catalogue = RunCatalogue(runsFolder: folder.path)
    #expect(try catalogue.runs().map(\.name) == ["a"])
    #expect(catalogue.remarks.first?.contains("read the runs themselves") == true)
  }

  @Test("while another program locks the index, the answer comes without it")
  func locked() throws {
    try folder.add("a")
    #expect(try names() == ["a"])
    try folder.add("b")
    let other = try DatabaseQueue(path: folder.index)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      let catalogue = RunCatalogue(runsFolder: folder.path, patience: 0.01)
      #expect(try catalogue.runs().map(\.name) == ["a", "b"])
      #expect(try catalogue.rounds(of: []).isEmpty)
      #expect(catalogue.remarks.count == 1)
      #expect(catalogue.remarks.first?.contains("locked") == true, "\(catalogue.remarks)")
      try database.execute(sql: "ROLLBACK")
    }
    let catalogue = RunCatalogue(runsFolder: folder.path)
    #expect(try catalogue.runs().map(\.name) == ["a", "b"])
    #expect(catalogue.remarks.isEmpty)
  }

  @Test("no folder, no runs; a run that cannot be read is named and hides no other")
  func unreadable() throws {
    #expect(try RunCatalogue(runsFolder: folder.path + "/none").runs().isEmpty)
    try folder.add("good")
    let bad = try folder.add("bad")
    try FileManager.default.removeItem(atPath: bad.summaryPath)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/no-run", withIntermediateDirectories: true)
    for _ in 0..<2 {
      let catalogue = RunCatalogue(runsFolder: folder.path)
      #expect(try catalogue.runs().map(\.name) == ["good"])
      #expect(catalogue.remarks.count == 1 && catalogue.remarks[0].hasPrefix("bad: "))
    }
    try Data("[]".utf8).write(to: URL(fileURLWithPath: folder.path + "/good/labels.json"))
    let catalogue = RunCatalogue(runsFolder: folder.path)
    #expect(try catalogue.runs().map(\.name) == ["good"])
    #expect(catalogue.remarks.contains { $0.contains("labels.json") })
  }

  @Test("a picture's run has its quality in dB, in its rounds as in its line")
  func otherQuality() throws {
    let run = try folder.add("picture")
    var summary = try run.summary()
    for k in 0..<2 { summary.subnetworks[k].score = QualityScore(.psnr, 20 + Double(k)) }
    try folder.write(summary, to: run)
    func report(_ stage: Stage, _ scores: [Double], overall: Double?) -> Event {
      .evaluated(
        EvaluationReport(
          stage: stage, round: 1, target: nil, samples: 1,
          subnetworks: scores.enumerated().map {
            SubnetworkQuality(subnetwork: $0, loss: 1, score: QualityScore(.psnr, $1))
          }, argmaxAccuracy: nil, unionParameters: nil,
          overall: overall.map { QualityScore(.psnr, $0) }))
    }
    var log = Data()
    for event in [
      report(.extraction, [18, 20], overall: nil), .roundFinished(round: 1),
      report(.retraining, [20, 21], overall: 20.25),
    ] {
      log += try EventLog.encode(RecordedEvent(sequence: 0, time: 1, event: event))
    }
    try log.write(to: URL(fileURLWithPath: run.eventsPath))
    // Read from the run, then from the index.
    for _ in 0..<2 {
      let catalogue = RunCatalogue(runsFolder: folder.path)
      let entry = try #require(try catalogue.runs().first)
      #expect(entry.quality == QualityScore(.psnr, 20.5))
      let round = try #require(try catalogue.rounds(of: ["picture"]).first?.figures)
      #expect(round.quality == QualityScore(.psnr, 19))
      #expect(round.jointQuality == QualityScore(.psnr, 20.25))
      #expect(round.balancedAccuracy == nil && round.jointBalancedAccuracy == nil)
    }
  }

  @Test("rounds come from the events, once they were asked for, and follow them")
  func rounds() throws {
    let run = try folder.add("a")
    func line(_ event: Event) throws -> Data {
      try EventLog.encode(RecordedEvent(sequence: 0, time: 1, event: event))
    }
    func quality(_ k: Int, _ accuracy: Double) -> SubnetworkQuality {
      SubnetworkQuality(
        subnetwork: k, loss: 1, balancedAccuracy: accuracy, precision: 1, recall: 1, f1: 1)
    }
    func round(_ number: Int) throws -> Data {
      var log = Data()
      for k in 0..<2 {
        log += try line(
          .pruned(
            PruneReport(
              round: number, subnetwork: k, removed: 1, weightsLeft: 1,
              sparsity: 0.25 * Double(number), maskHash: "")))
        log += try line(
          .evaluated(
            EvaluationReport(
              stage: .extraction, round: number, target: nil, samples: 1,
              subnetworks: [quality(k, 0.5 + 0.25 * Double(k))], argmaxAccuracy: nil,
              unionParameters: nil)))
      }
      log += try line(
        .overlapMeasured(
          OverlapReport(
            round: number, jaccard: [[1, 0.5], [0.5, 1]], chance: [[1, 0.25], [0.25, 1]],
            unionParameters: 70, ownership: [], layers: [])))
      return log + (try line(.roundFinished(round: number)))
    }
    let joint = try line(
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: 1, target: 0.25, samples: 1,
          subnetworks: [quality(0, 0.75), quality(1, 1)], argmaxAccuracy: nil,
          unionParameters: nil)))
    try (try round(1) + joint).write(to: URL(fileURLWithPath: run.eventsPath))
    try folder.settle("a")
    func rounds() throws -> [RoundFigures] {
      let catalogue = RunCatalogue(runsFolder: folder.path)
      return try catalogue.rounds(of: try catalogue.runs().map(\.name)).map(\.figures)
    }
    for _ in 0..<2 {
      let found = try rounds()
      try #require(found.count == 1)
      #expect(found[0].round == 1 && found[0].sparsity == 0.25 && found[0].target == 0.25)
      #expect(found[0].meanJaccard == 0.5 && found[0].excess == 0.25)
      #expect(found[0].balancedAccuracy == 0.625 && found[0].jointBalancedAccuracy == 0.875)
      #expect(found[0].unionParameters == 70)
    }
    try (try round(1) + joint + round(2)).write(to: URL(fileURLWithPath: run.eventsPath))
    // The summary is renewed with each finished round, and that is what is looked at.
    try folder.write(try run.summary(), to: run)
    #expect(try rounds().map(\.round) == [1, 2])
  }
}
