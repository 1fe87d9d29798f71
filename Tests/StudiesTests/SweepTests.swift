import Experiments
import Studies
import Testing

/// Factors, grids and tables of a sweep.
@Suite("Sweep") struct SweepTests {
  private func plan(
    _ factors: [String], seeds: Int = 1, to goal: Double? = nil, set overrides: [String] = [],
    yaml: String = "name: base\n"
  ) throws -> SweepPlan {
    try SweepPlan(
      factors: try factors.map(SweepFactor.init), seedCount: seeds, goal: goal, overrides: overrides
    ) { try ExperimentConfig.parse(yaml: yaml, file: "base.yaml", overrides: $0) }
  }

  @Test("a factor is a key, with or without its section, and values with commas of their own")
  func factors() throws {
    let short = try SweepFactor("prune_count=1024, 4096")
    #expect(short.key == "extraction.prune_count" && short.values == ["1024", "4096"])
    let lists = try SweepFactor("extraction.targets=[0.25, 0.5],[0.9]")
    #expect(lists.values == ["[0.25, 0.5]", "[0.9]"])
    #expect(try SweepFactor(#"dataset.path="a,b",c"#).values == [#""a,b""#, "c"])
    #expect(try SweepFactor("batch_size=10").key == "batch_size")
  }

  @Test(
    "what is no factor is refused with the reason",
    arguments: [
      ("prune_count", "found no '='"), ("prune_cuont=1,2", "did you mean 'prune_count'?"),
      ("prune_count=1,,2", "value 2 is empty"), ("prune_count=1,1", "given twice"),
      ("learning_rate=1,2", "several sections"), ("seed=1,2", "--seeds"),
      ("name=a,b", "named after"), ("targets=[0.5,0.9", "found no closing ']' in '[0.5,0.9'"),
      ("targets=[0.5],0.9]", "found a ']' too many in '0.9]'"),
      (#"dataset.path="a"#, "found no closing '\"'"),
    ])
  func badFactors(text: String, reason: String) {
    do {
      _ = try SweepFactor(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("every combination once for each seed, one seed before the next, with its values")
  func grid() throws {
    let plan = try plan(
      ["prune_count=100,200", "ranking=global,layer"], seeds: 2, set: ["batch_size=50"])
    #expect(plan.runs.count == 8 && Set(plan.runs.map(\.name)).count == 8)
    #expect(plan.runs.map(\.seed) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(plan.runs[1].name == "base-prune_count=100,ranking=layer-1")
    for run in plan.runs {
      #expect(run.config.batchSize == 50 && run.config.seed == run.seed)
      #expect(run.config.name == run.name)
    }
    #expect(plan.runs[6].config.extraction.pruneCount == 200)
    #expect(plan.runs[6].config.extraction.ranking == .global)
  }

  @Test("keys of one name in two sections are told apart, and paths make no folders")
  func names() throws {
    let plan = try plan(["extraction.learning_rate=0.1", "retraining.learning_rate=0.2"])
    #expect(
      plan.runs[0].name == "base-extraction.learning_rate=0.1,retraining.learning_rate=0.2-1")
    let paths = try self.plan([#"dataset.path="a/b",c"#], yaml: "dataset: {kind: cifar10}\n")
    #expect(paths.runs[0].name == "experiment-path=_a_b_-1")
  }

  @Test("reports of other keys or values have other names, which are short")
  func reportNames() throws {
    #expect(try plan([], to: 0.9).reportName == "sweep-base-to-0.9")
    #expect(
      try plan(["prune_count=100,200", "ranking=layer"]).reportName
        == "sweep-base-prune_count=100,200,ranking=layer")
    let counts = (1000...1100).map(String.init)
    let many = try [counts, Array(counts.dropLast())].map {
      try plan(["prune_count=" + $0.joined(separator: ",")]).reportName
    }
    #expect(many[0] != many[1] && many.allSatisfy { $0.count <= 110 }, "\(many)")
    #expect(many[0].hasPrefix("sweep-base-prune_count=1000,1001,"))
    let paths = try [#""a/b",c"#, "a_b,c"].map {
      try plan(["dataset.path=" + $0], yaml: "name: base\ndataset: {kind: cifar10}\n").reportName
    }
    #expect(paths[0] != paths[1] && !paths[0].contains("/"), "\(paths)")
  }

  @Test("a value that the key cannot have is told as one of --vary")
  func badValue() {
    #expect {
      try plan(["prune_count=100,many"])
    } throws: {
      "\($0)".hasPrefix("--vary extraction.prune_count: found 'many'")
    }
  }

  @Test("a combination that makes no config is an error before anything runs")
  func badCombination() {
    #expect(throws: ExperimentError.self) { _ = try plan(["prune_count=100,many"]) }
    #expect(throws: StudyError.self) {
      _ = try plan(["prune_count=100,200", "extraction.prune_count=1"])
    }
    #expect(throws: StudyError.self) {
      _ = try plan(["prune_count=100,200"], set: ["extraction.prune_count=5"])
    }
    #expect(throws: StudyError.self) { _ = try plan(["ranking=layer"], set: ["seed=5"]) }
    let many = "prune_count=" + (1...200).map(String.init).joined(separator: ",")
    #expect(throws: StudyError.self) { _ = try plan([many], seeds: 100) }
  }

  @Test("driven on to a sparsity: targets on the way, small last rounds, a judgement in each")
  func goal() throws {
    let plan = try plan([], to: 0.97, set: ["evaluation.round_samples=0"])
    let config = try #require(plan.runs.first).config
    #expect(plan.runs.map(\.name) == ["base-to-0.97-1"])
    #expect(
      config.extraction.targets == [0.25, 0.5, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.97])
    #expect(config.extraction.largestShare == 0.25 && config.evaluation.roundSamples == 1000)
    let own = try self.plan([], to: 0.5, set: ["extraction.largest_share=0.1"])
    #expect(own.runs[0].config.extraction.targets == [0.25, 0.5])
    #expect(own.runs[0].config.extraction.largestShare == 0.1)
    #expect(throws: StudyError.self) {
      _ = try self.plan([], to: 0.9, set: ["method=random_joint"])
    }
  }

  // MARK: - The table

  private func sources(_ plan: SweepPlan, _ score: (PlannedRun, Double) -> Double?)
    -> [ReproductionTable.Source]
  {
    plan.runs.map { run in
      var log = Recording.begun()
      for (index, target) in run.config.targets.enumerated() {
        guard let value = score(run, target) else { continue }
        log.overlap(round: index + 1, ownership: [100, 200, 700], jaccard: 0.7)
        log.evaluation(round: index + 1, target: target, [value, value], union: 900, after: 36)
      }
      return .init(
        run: run.name, label: run.label, targets: run.config.targets, figures: log.figures, gap: nil
      )
    }
  }

  @Test("main effects are means over the other factors, and the best setting is recommended")
  func table() throws {
    let plan = try plan(
      ["prune_count=100,200", "ranking=global,layer"], seeds: 2,
      set: ["extraction.targets=[0.25, 0.5]"])
    let table = SweepTable(
      plan,
      sources: sources(plan) { run, target in
        0.6 + (run.config.extraction.pruneCount == 200 ? 0.1 : 0)
          + (run.config.extraction.ranking == .layer ? 0.04 : 0) + 0.01 * Double(run.seed)
          - 0.1 * target
      })
    #expect(table.lines.count == 16 && table.metric == .balancedAccuracy && table.gaps.isEmpty)
    #expect(table.effects.count == 8)
    func effect(_ value: String, _ target: Double) throws -> SweepTable.Effect {
      try #require(table.effects.first { $0.value == value && $0.target == target })
    }
    // Over both rankings and both seeds: 0.6 + 0.02 + 0.015 − 0.025.
    let low = try effect("100", 0.25)
    #expect(abs(low.score.mean - 0.61) < 1e-9 && low.score.count == 2)
    #expect(abs((low.score.deviation ?? 0) - 0.04 / 2.0.squareRoot()) < 1e-9)
    #expect(abs(try effect("200", 0.25).score.mean - 0.71) < 1e-9)
    #expect(abs(try effect("layer", 0.5).score.mean - 0.655) < 1e-9)
    let best = try #require(table.ranking.first)
    #expect(best.values == ["200", "layer"] && table.ranking.count == 4)
    #expect(abs(best.score.mean - (0.6 + 0.1 + 0.04 + 0.015 - 0.0375)) < 1e-9)
    #expect(abs((best.score.deviation ?? 0) - 0.01 / 2.0.squareRoot()) < 1e-9)
    let report = SweepReport(title: "Sweep", facts: [], settings: "", table: table)
    #expect(report.recommendation.contains("`extraction.prune_count=200`"))
    #expect(report.recommendation.contains("more than twice the standard error"))
    #expect(report.records.count == 17)
    #expect(report.records.allSatisfy { $0.count == report.records[0].count })
    #expect(report.markdown.contains("## Main effects"))
    // A panel for each factor's score; a curve for each target and a point for each value in it.
    let picture = try #require(report.effectsSVG)
    let targets = table.commonTargets.count
    let values = plan.factors.map(\.values.count).reduce(0, +)
    #expect(picture.split(separator: " by extraction.").count - 1 == 2 * plan.factors.count)
    #expect(picture.split(separator: "<polyline").count - 1 == 2 * 2 * targets)
    #expect(picture.split(separator: "<circle").count - 1 == 2 * values * targets)
  }

  @Test("what cannot be told apart is said so, and one seed knows no spread")
  func spread() throws {
    for seeds in [1, 2] {
      let plan = try plan(
        ["ranking=global,layer"], seeds: seeds, set: ["extraction.targets=[0.25]"])
      let table = SweepTable(
        plan,
        sources: sources(plan) { run, _ in
          0.7 + (run.config.extraction.ranking == .layer ? 0.001 : 0) + 0.02 * Double(run.seed)
        })
      let words = SweepReport(title: "", facts: [], settings: "", table: table).recommendation
      #expect(words.contains(seeds == 1 ? "With one seed" : "cannot be told apart"), "\(words)")
    }
  }

  @Test("runs that are missing are gaps, and a setting without all of its seeds is not ranked")
  func gaps() throws {
    let plan = try plan(
      ["ranking=global,layer"], seeds: 2, set: ["extraction.targets=[0.25, 0.5]"])
    let table = SweepTable(
      plan,
      sources: sources(plan) { run, target in
        run.seed == 2 && run.config.extraction.ranking == .layer && target > 0.3 ? nil : 0.7
      })
    #expect(table.ranking.map(\.values) == [["global"]])
    #expect(table.gaps.map(\.targets) == [[0.5]])
    let nothing = SweepTable(plan, sources: sources(plan) { _, _ in nil })
    let report = SweepReport(title: "", facts: [], settings: "", table: nothing)
    #expect(nothing.metric == nil && report.effectsSVG == nil)
    #expect(report.recommendation.hasPrefix("None yet"))
    #expect(report.tables.contains("## Missing"))
  }
}
