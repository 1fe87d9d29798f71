import Experiments
import Studies

/// An alignment as people read it.
struct AlignmentText {
  let report: AlignmentReport
  /// Whether the run is of the dataset that the paper's figures are of.
  let isOfCIFAR10: Bool

  private var depths: [String] { ["all"] + DepthGroup.allCases.map(\.rawValue) }

  /// All of it, part by part.
  var parts: [String] {
    guard let told = report.told else { return [] }
    let chosen = told.levels.contains { $0.kind == .layer } ? layers(of: told) : nil
    return [
      head(of: told), levels(of: told, kinds: [.all, .depth]), paper, classes(of: told),
      groups(of: told), features(of: told), chosen, along, tree, meanings,
    ].compactMap(\.self)
  }

  private func head(of told: RoundAlignment) -> String {
    let sparsity = told.level("all")?.sparsity.map { ", \(Figure.percent($0)) sparse" } ?? ""
    let epochs = told.epochs.map { ", after \(Figure.count($0, "epoch"))" } ?? ""
    let source = report.names?.source ?? "no similarity of the names"
    return Printable.line("\(report.run), round \(told.round)\(sparsity)\(epochs); \(source)")
  }

  private func levels(of told: RoundAlignment, kinds: Set<OverlapLevel.Kind>) -> String {
    TextTable.render(
      header: [
        "weights of", "layers", "weights", "sparsity", "J", "least", "most", "chance", "ρ", "p",
        "ρ of J−c", "p",
      ],
      rows: told.levels.filter { kinds.contains($0.kind) }.map { level in
        [
          level.name, "\(level.layers)", level.weights.map(String.init) ?? "–",
          Figure.percent(level.sparsity), Figure.decimal(level.jaccard?.mean),
          Figure.decimal(level.jaccard?.least), Figure.decimal(level.jaccard?.most),
          Figure.decimal(level.chance), Figure.decimal(level.byJaccard.spearman),
          Self.p(level.byJaccard.p), Figure.decimal(level.byExcess.spearman),
          Self.p(level.byExcess.p),
        ]
      }, leftAligned: [0])
  }

  private var paper: String? {
    isOfCIFAR10
      ? "the paper's figures for CIFAR-10: mean J .86 shallow, .31 deep (.33–.36 among animals, .27–.31 of "
        + "what is unrelated);\nρ per class .6–.7 cat and deer, .2–.3 airplane and truck" : nil
  }

  private func layers(of told: RoundAlignment) -> String {
    "layer by layer\n" + levels(of: told, kinds: [.layer])
  }

  private func classes(of told: RoundAlignment) -> String? {
    let levels = depths.compactMap { told.level($0) }
    guard report.names != nil, levels.allSatisfy({ !$0.byJaccard.perClass.isEmpty }) else {
      return nil
    }
    return "ρ over the pairs of each class\n"
      + TextTable.render(
        header: ["class"] + levels.map(\.name),
        rows: report.subnetworks.enumerated().map { index, name in
          [name] + levels.map { Figure.decimal($0.byJaccard.perClass[index]) }
        }, leftAligned: [0])
  }

  private func groups(of told: RoundAlignment) -> String? {
    let levels = depths.compactMap { told.level($0) }
    let count = report.groups.count
    guard count > 0, levels.allSatisfy({ $0.groups.count == count + 1 }) else { return nil }
    let places = report.groups.indices.map(Optional.some) + [nil]
    let rows = places.map { place in
      [place.map { report.groups[$0].name } ?? "between groups"]
        + levels.map { level -> String in
          guard let spread = level.groups[place ?? count].jaccard else { return "–" }
          return "\(Figure.decimal(spread.mean)) (\(Figure.decimal(spread.least))–"
            + "\(Figure.decimal(spread.most)))"
        }
    }
    var text =
      "J within the groups: mean (least–most)\n"
      + TextTable.render(header: ["group"] + levels.map(\.name), rows: rows, leftAligned: [0])
    text +=
      "\nadjusted Rand index of the masks' clusters against the groups: "
      + levels.map { "\($0.name) \(Figure.decimal($0.randIndex))" }.joined(separator: ", ")
    if let features = report.randIndexOfFeatures {
      text += "\nof the features' clusters against the groups: \(Figure.decimal(features))"
    }
    return text
  }

  private func features(of told: RoundAlignment) -> String? {
    let levels = depths.compactMap { told.level($0) }
    guard levels.contains(where: { $0.randIndexToFeatures != nil }) else { return nil }
    return "adjusted Rand index of the masks' clusters against the features': "
      + levels.map { "\($0.name) \(Figure.decimal($0.randIndexToFeatures))" }
      .joined(separator: ", ")
  }

  private var along: String? {
    guard report.rounds.count > 1 else { return nil }
    let hasNames = report.names != nil
    let rows = report.rounds.map { round in
      let levels = depths.map { round.level($0) }
      return [
        "\(round.round)", Figure.percent(levels[0]?.sparsity),
        round.epochs.map(String.init) ?? "–",
      ] + levels.map { Figure.decimal($0?.jaccard?.mean) }
        + (hasNames
          ? levels.map { Figure.decimal($0?.byJaccard.spearman) }
            + levels.map { Self.p($0?.byJaccard.p) } : [])
    }
    return "along the pruning (masks change only where a round ends: there is nothing between)\n"
      + TextTable.render(
        header: ["round", "sparsity", "epochs"] + depths.map { "J " + $0 }
          + (hasNames ? depths.map { "ρ " + $0 } + depths.map { "p " + $0 } : []),
        rows: rows, leftAligned: [])
  }

  private var tree: String? {
    let tree = report.map.tree
    guard let range = tree.range else { return nil }
    let width = (report.subnetworks.map(\.count).max() ?? 0) + 1
    let lines = zip(tree.order, tree.drawing(width: 48)).map { leaf, line in
      let name = report.subnetworks[leaf]
      return name + String(repeating: " ", count: width - name.count) + line
    }
    return Printable.message(
      "tree of the masks, \(report.map.level) weights, average linkage of J: from "
        + "\(Figure.decimal(1 - range.lowerBound)) (left) to "
        + "\(Figure.decimal(1 - range.upperBound)) (right)\n" + lines.joined(separator: "\n"))
  }

  private var meanings: String? {
    guard let names = report.names, let meanings = names.meanings else { return nil }
    return "what the names were taken to mean (--sense NAME=NOUN.n.02 for another meaning)\n"
      + TextTable.render(
        header: ["class", "meaning"],
        rows: zip(names.names, meanings).map { [$0, String($1.prefix(100))] }, leftAligned: [0, 1])
  }

  private static func p(_ value: Double?) -> String {
    guard let value else { return "–" }
    guard value < 0.001 else { return Figure.decimal(value) }
    return value < 0.0001 ? "<0.0001" : "\((value * 10_000).rounded() / 10_000)"
  }
}
