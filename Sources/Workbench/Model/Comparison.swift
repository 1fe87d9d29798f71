internal import Experiments

/// Two or more runs side by side.
package struct Comparison: Sendable, Equatable {
  /// The runs, in the order of marking.
  package let runs: [ComparedRun]
  /// Whether every subnetwork has a curve of its own.
  package internal(set) var isPerSubnetwork = false
  /// Whether the loss is logarithmic.
  package internal(set) var isLogarithmic = false
  /// Lines of the table that are scrolled away.
  package internal(set) var scroll = 0

  /// A comparison of runs.
  package init(runs: [ComparedRun]) {
    self.runs = runs
  }

  /// A line of the table.
  package struct Line: Sendable, Equatable {
    /// What it is about.
    package var title: String
    /// A value for each run.
    package var values: [String]
    /// The difference of each run to the first; empty where there is none.
    package var differences: [String] = []
  }

  /// The final figures, with the difference of each run to the first.
  package var figures: [Line] {
    var lines = [
      Line(title: "state", values: runs.map { $0.summary?.state.rawValue ?? Figures.unknown }),
      Line(title: "subnetworks", values: runs.map { "\($0.subnetworks.count)" }),
      Line(title: "rounds", values: runs.map { "\($0.rounds.count)" }),
    ]
    func add(
      _ title: String, _ text: (Double) -> String, _ figure: (ComparedRun) -> Double?
    ) {
      let values = runs.map(figure)
      lines.append(
        Line(
          title: title, values: values.map { $0.map(text) ?? Figures.unknown },
          differences: values.enumerated().map { index, value in
            guard index > 0, let value, let first = values[0] else { return "" }
            let difference = text(value - first)
            return value < first || difference == Figures.unknown ? difference : "+" + difference
          }))
    }
    func quality(_ path: KeyPath<SubnetworkSummary, Double?>) -> (ComparedRun) -> Double? {
      { run in ComparedRun.mean(run.summary?.subnetworks.compactMap { $0[keyPath: path] } ?? []) }
    }
    let three: (Double) -> String = { Figures.ratio($0, 3) }
    add("sparsity", { Figures.percent($0) }) { $0.rounds.last?.meanSparsity }
    add("balanced accuracy", three, quality(\.balancedAccuracy))
    if runs.contains(where: { $0.summary?.subnetworks.contains { $0.score != nil } ?? false }) {
      add("PSNR", { Figures.ratio($0, 2) }) { run in
        ComparedRun.mean(run.summary?.subnetworks.compactMap { $0.score?.value } ?? [])
      }
    }
    add("precision", three, quality(\.precision))
    add("recall", three, quality(\.recall))
    add("F1", three, quality(\.f1))
    add("argmax accuracy", three) { $0.summary?.evaluations.last?.argmaxAccuracy }
    add("mean J", three) { $0.rounds.last.flatMap { ComparedRun.mean($0.jaccard) } }
    add("chance", three) { $0.rounds.last.flatMap { ComparedRun.mean($0.chance) } }
    add("J-chance", three) { run in
      guard let last = run.rounds.last, let jaccard = ComparedRun.mean(last.jaccard),
        let chance = ComparedRun.mean(last.chance)
      else { return nil }
      return jaccard - chance
    }
    add("union weights", { Figures.grouped(Int($0)) }) {
      $0.summary.map { Double($0.unionParameters) }
    }
    lines.append(
      Line(
        title: "time",
        values: runs.map { $0.summary.map { Figures.duration($0.seconds) } ?? Figures.unknown }))
    return lines
  }

  /// The keys of the configs that are not the same in all runs, in the order of the first config that
  /// has them; the name is no difference.
  package var differentKeys: [Line] {
    var keys: [String] = []
    for key in runs.flatMap(\.keys) where key != "name" && !keys.contains(key) { keys.append(key) }
    return keys.compactMap { key in
      let values = runs.map { $0.configuration[key].map(Names.printable) ?? Figures.unknown }
      return Set(values).count > 1 ? Line(title: key, values: values) : nil
    }
  }
}
