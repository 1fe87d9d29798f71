import Experiments
import Studies
import Testing

@Suite("Plan of a reproduction") struct ReproductionPlanTests {
  static let yaml = """
    name: paper
    dataset: {kind: cifar10, path: somewhere}
    model: {kind: ghostnet}
    """

  static func plan(
    _ rows: [String]? = nil, seeds: Int = 1, isQuick: Bool = false, overrides: [String] = [],
    yaml: String = yaml
  ) throws -> ReproductionPlan {
    try ReproductionPlan(
      .cifar10, rows: rows, seedCount: seeds, isQuick: isQuick,
      settings: .init(
        yaml: yaml, file: "paper.yaml", dataFolder: "/data/a \"b\": c", overrides: overrides,
        runsFolder: "/runs"))
  }

  @Test("one seed is complete before the next, and masks are made before they are taken")
  func order() throws {
    let plan = try Self.plan(seeds: 2)
    #expect(plan.runs.count == 22)
    #expect(plan.runs.prefix(11).allSatisfy { $0.seed == 1 && $0.config.seed == 1 })
    #expect(plan.runs.suffix(11).allSatisfy { $0.seed == 2 && $0.config.seed == 2 })
    for (index, run) in plan.runs.enumerated() {
      for needed in run.prerequisites {
        #expect(plan.runs[..<index].contains { $0.name == needed }, "\(run.name)")
      }
    }
    #expect(Set(plan.runs.map(\.name)).count == 22)
    #expect(Set(plan.rows.map(\.method)) == Set(Method.allCases))
  }

  @Test("runs are named after row and seed, and take the masks of their own seed")
  func names() throws {
    let runs = try Self.plan(["imp_multiple", "imp_single_joint"], seeds: 2).runs
    #expect(
      runs.map(\.name) == [
        "cifar10-rtl-1", "cifar10-imp_multiple-1", "cifar10-imp_single-1",
        "cifar10-imp_single_joint-1", "cifar10-rtl-2", "cifar10-imp_multiple-2",
        "cifar10-imp_single-2", "cifar10-imp_single_joint-2",
      ])
    #expect(runs[5].config.masksFrom == "/runs/cifar10-rtl-2")
    #expect(runs[5].prerequisites == ["cifar10-rtl-2"])
    #expect(runs[7].config.masksFrom == "/runs/cifar10-imp_single-2")
    #expect(runs[7].config.name == "cifar10-imp_single_joint-2")
    #expect(runs[0].config.masksFrom == nil && runs[0].config.method == .rtl)
    #expect(runs[0].config.dataset.path == "/data/a \"b\": c")
    let quick = try Self.plan(["rtl"], isQuick: true)
    #expect(quick.runs.map(\.name) == ["cifar10-quick-rtl-1"])
    #expect(quick.runs[0].config.dataset.trainSamples == 10_000)
    #expect(quick.reportName == "reproduce-cifar10-quick")
  }

  @Test("the group of variants brings what gives them masks, and each changes what it says")
  func ablation() throws {
    let plan = try Self.plan(["ablation"])
    let labels = plan.rows.map(\.label)
    let rtl = try #require(labels.firstIndex(of: "rtl"))
    #expect(plan.rows[..<rtl].allSatisfy { $0.masksFrom == nil })
    #expect(plan.rows.count == Reproduction.cifar10.ablation.count + 1)
    // A choice from the command line is for all rows, but a variant is what its name says.
    let changed = try Self.plan(
      ["retrain_20", "rate_1e-3", "rtl"], overrides: ["retraining.epochs=3"])
    #expect(changed.runs.map(\.label) == ["rtl", "retrain_20", "rate_1e-3"])
    #expect(changed.runs.map(\.config.retraining.epochs) == [3, 20, 3])
    #expect(changed.base.retraining.epochs == 3)
    let base = try Self.plan().base
    for row in Reproduction.cifar10.ablation {
      let config = try #require(plan.runs.first { $0.label == row.label }).config
      #expect(ConfigDifference(found: base, expected: config) != nil, "\(row.label)")
    }
  }

  @Test("unknown rows get the nearest name; keys that the plan sets itself are refused")
  func badInput() throws {
    #expect {
      try Self.plan(["rtl", "imp_singel"])
    } throws: {
      "\($0)".contains("'imp_singel'") && "\($0)".contains("did you mean 'imp_single'?")
    }
    #expect { try Self.plan([""]) } throws: { $0 is StudyError }
    for key in ["seed", "method", "name", "masks_from"] {
      #expect {
        try Self.plan(overrides: ["\(key)=1"])
      } throws: {
        $0 is StudyError && "\($0)".contains("--set \(key)")
      }
    }
    #expect { try Self.plan(overrides: ["batch_sice=1"]) } throws: { $0 is ExperimentError }
  }

  @Test("the first key that differs is named, what changes no result is not")
  func differences() throws {
    let config = try Self.plan(["shuffled_joint"]).runs[1].config
    var other = config
    other.name = "another"
    other.checkpoints.everySeconds = 5
    other.watch.pauseOnCrit = false
    other.dataset.cache = "/cache"
    other.masksFrom = "/moved/cifar10-rtl-1"
    #expect(ConfigDifference(found: other, expected: config) == nil)
    other.retraining.epochs = 20
    other.evaluation.argmax = false
    let difference = try #require(ConfigDifference(found: other, expected: config))
    #expect(difference.key == "retraining.epochs")
    #expect(difference.found == "20" && difference.expected == "10")
    other.masksFrom = "/runs/cifar10-rtl-2"
    #expect(ConfigDifference(found: other, expected: config)?.key == "masks_from")
    other = config
    other.dataset.trainSamples = 5
    let missing = try #require(ConfigDifference(found: config, expected: other))
    #expect(missing.key == "dataset.train_samples" && missing.found == nil)
    #expect(missing.description.contains("not set"))
  }

  @Test("the work of a run is foreseen from its method")
  func workloads() throws {
    // CIFAR-10 at the paper's settings: 32 balanced mini-batches in an epoch of each class, 157 of all
    // samples; 24 rounds of at most 4,096 of 125,832 weights.
    let runs = try Self.plan().runs
    func work(_ label: String, _ batches: [Int], rounds: Int) throws -> Workload {
      let run = try #require(runs.first { $0.label == label })
      return Workload(of: run.config, batches: batches, rounds: rounds)
    }
    let ten = [Int](repeating: 32, count: 10)
    #expect(
      try work("rtl", ten, rounds: 24) == Workload(extraction: 76_800, retraining: 9_600))
    #expect(
      try work("imp_single", [157], rounds: 24)
        == Workload(extraction: 24 * 20 * 157, retraining: 3 * 20 * 157))
    for label in ["imp_multiple", "shuffled_joint", "random_independent"] {
      #expect(
        try work(label, ten, rounds: 3) == Workload(extraction: 0, retraining: 9_600), "\(label)")
    }
    #expect(try work("dense_joint", ten, rounds: 1) == Workload(extraction: 0, retraining: 3_200))
    // Subsets of different sizes: in joint retraining all take as many steps as the largest.
    var config = try Self.plan(["rtl"]).runs[0].config
    config.retraining.when = .final
    #expect(
      Workload(of: config, batches: [10, 4], rounds: 2)
        == Workload(extraction: 2 * 10 * 14, retraining: 10 * 20))
    config.retraining.when = .everyRound
    #expect(Workload(of: config, batches: [10, 4], rounds: 2)[.retraining] == 2 * 10 * 20)
  }
}
