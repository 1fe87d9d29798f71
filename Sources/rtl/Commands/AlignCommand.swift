import ArgumentParser
import Datasets
import Experiments
import Foundation
import LotteryEngine
import Studies

/// `rtl align`: whether classes with similar names have similar masks.
struct AlignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align",
    abstract: "Compare the similarity of a run's masks with that of its classes' names.",
    discussion: """
      Spearman's correlation of J with WordNet's path similarity (Debian's package wordnet-base), or with a \
      matrix of your own, over all weights, by depth, layer by layer and class by class; the tree of the \
      masks, and its clusters against groups that are known.

      Example: rtl align cifar10 --target 0.5 --groups animals=bird,cat,deer,dog,frog,horse --groups \
      vehicles=airplane,automobile,ship,truck
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption

  @Option(help: "The pruning round that is told in full (default: the last).")
  var round: Int?

  @Option(help: "Instead of a round, the target sparsity that it reached, e.g. 0.5.")
  var target: Double?

  @Flag(help: "Every round in full: layers and classes of all of them in CSV and JSON.")
  var all = false

  @Option(help: "What the tree and the map show: all, shallow, middle, deep, or a layer's name.")
  var level = "all"

  @Option(
    help: ArgumentHelp(
      "A matrix of the names' similarity with the names above and before it; none: leave names out.",
      valueName: "file.csv"))
  var similarity: String?

  @Option(help: ArgumentHelp("The folder of WordNet's files.", valueName: "folder"))
  var wordnet = WordNet.standardFolder

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Another meaning of a name than its first, e.g. crane=crane.n.05; may be repeated.",
      valueName: "name=sense"))
  var sense: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Subnetworks that belong together (default: CIFAR-100's superclasses); may be repeated.",
      valueName: "name=a,b,…"))
  var groups: [String] = []

  @Option(
    help: ArgumentHelp(
      "Features of the classes, as rtl features writes them: their clusters are compared, too.",
      valueName: "file.npy"))
  var features: String?

  @Option(help: "How many clusters (default: as many as there are groups).")
  var clusters: Int?

  @Option(help: "Shuffles of the names for each p; 0 is none.")
  var permutations = 9999

  @Option(help: "What the shuffles are drawn from.")
  var seed: UInt64 = 1

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write (default: the run's folder analysis).", valueName: "folder"))
  var output: String?

  @Flag(help: "Print the JSON instead of tables.")
  var json = false

  mutating func validate() throws {
    guard round == nil || target == nil else {
      throw ValidationError("--round and --target name the same thing: expected one of them")
    }
    guard (0...10_000_000).contains(permutations) else {
      throw ValidationError("--permutations \(permutations): expected a number from 0 to 10000000")
    }
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    let names = stored.subnetworkNames
    guard names.count > 1 else {
      throw UsageError("run '\(runName)' has one subnetwork: there is no pair of masks to compare")
    }
    let study = AlignmentStudy(
      stored: stored,
      alignment: try alignment(of: stored, names), level: level, isFull: all)
    let report = try study.report(round: try toldRound(of: stored))
    let text = AlignmentText(report: report, isOfCIFAR10: stored.config.dataset.kind == .cifar10)
    let files = try write(report, of: stored)
    if json {
      print(try ExperimentJSON.pretty(report))
      return
    }
    print(text.parts.joined(separator: "\n\n"))
    print("\n" + files.map(Printable.line).joined(separator: "\n"))
  }

  // MARK: - What is known

  private func alignment(of stored: StoredRun, _ names: [String]) throws -> MaskAlignment {
    let classes = try stored.classesOfSubnetworks()
    let sets = zip(names, classes).map { (name: $0, members: $1) }
    let known = try knownGroups(of: stored, names, classes)
    if let clusters, !(1...names.count).contains(clusters) {
      throw UsageError("--clusters \(clusters): expected a number from 1 to \(names.count)")
    }
    if clusters != nil, known.isEmpty, features == nil {
      throw UsageError(
        "--clusters: nothing to compare the clusters with; expected --groups or --features, too")
    }
    let count = clusters ?? (known.isEmpty ? nil : known.count)
    return MaskAlignment(
      names: try similarity(of: sets), groups: known, clusters: count,
      featureClusters: try featureClusters(
        classes, by: stored.config.subsets, count: count),
      test: permutations > 0 ? PermutationTest(permutations: permutations, seed: seed) : nil)
  }

  private func similarity(of sets: [(name: String, members: [String])]) throws -> NameSimilarity? {
    if similarity == "none" { return nil }
    if let similarity { return try NameSimilarity.read(similarity).between(sets) }
    var seen: Set<String> = []
    let classes = sets.flatMap(\.members).filter { seen.insert($0).inserted }
    let senses = try sense.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw UsageError("--sense \(text): expected NAME=NOUN.n.02")
      }
      return (parts[0], parts[1])
    }
    return try NameSimilarity.wordNet(
      classes, senses: Dictionary(senses) { _, last in last }, from: WordNet(folder: wordnet)
    ).between(sets)
  }

  private func knownGroups(
    of stored: StoredRun, _ names: [String], _ classes: [[String]]
  ) throws -> [KnownGroup] {
    guard groups.isEmpty else {
      return try KnownGroup.among(
        names,
        groups.map { text in
          let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
          guard parts.count == 2 else {
            throw UsageError("--groups \(text): expected NAME=CLASS,CLASS,…")
          }
          return (name: parts[0], members: parts[1].split(separator: ",").map(String.init))
        })
    }
    guard stored.config.subsets.by == .class else { return [] }
    do {
      return try stored.superclasses().map { group in
        KnownGroup(
          name: group.name, members: names.indices.filter { group.classes.contains(names[$0]) })
      }.filter { !$0.members.isEmpty }
    } catch {
      ErrorReport.write("rtl: without the superclasses: \(error)")
      return []
    }
  }

  private func featureClusters(
    _ classes: [[String]], by rule: SubsetsConfig, count: Int?
  ) throws -> [[Int]]? {
    guard let features else { return nil }
    guard let count else {
      throw UsageError("--features: how many clusters? expected --clusters or --groups, too")
    }
    guard classes.allSatisfy({ $0.count == 1 }) else {
      throw UsageError("--features: expected a run with a subnetwork for each class")
    }
    // Its rows go by the labels; the subnetworks of chosen classes may be in another order.
    guard rule.by == .class, rule.classes == nil else {
      throw UsageError(
        "--features: expected a run with subsets.by: class and all classes, in the order of the labels"
      )
    }
    let embedding = try ClassEmbedding.read(features, classes: classes.count)
    return Clustering.agglomerative(embedding, count: count)
  }

  private func toldRound(of stored: StoredRun) throws -> Int? {
    guard let target else { return round }
    let reached = try stored.directory.retrainedRounds().filter { $0.target != nil }
    guard let found = reached.last(where: { abs(($0.target ?? -1) - target) < 1e-9 }) else {
      let known = reached.compactMap { $0.target.map { "\($0)" } }.joined(separator: ", ")
      throw UsageError(
        "--target \(target): run '\(runName)' has reached "
          + (known.isEmpty ? "no target yet; expected --round" : "the targets \(known)"))
    }
    return found.round
  }

  // MARK: - What is written

  private func write(_ report: AlignmentReport, of stored: StoredRun) throws -> [String] {
    let texts: [(name: String, text: String?)] = [
      ("align.csv", CSV.text(report.records)),
      ("align.json", try ExperimentJSON.pretty(report) + "\n"), ("align-map.svg", report.mapSVG),
      ("align-sparsity.svg", report.sparsitySVG),
    ]
    return try stored.directory.writeAnalysis(
      texts.compactMap { name, text in text.map { (name, $0) } }, into: output)
  }
}
