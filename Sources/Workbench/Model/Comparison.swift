package import Experiments

/// Two or more runs side by side.
package struct Comparison: Sendable, Equatable {
  /// The runs, in the order of marking.
  package internal(set) var runs: [ComparedRun]
  /// Whether every subnetwork has a curve of its own.
  package internal(set) var isPerSubnetwork = false
  /// Whether the loss is logarithmic.
  package internal(set) var isLogarithmic = false
  /// Lines of the table that are scrolled away.
  package internal(set) var scroll = 0
  /// The run that is the first in the table, where not all have room.
  package internal(set) var firstRun = 0
  /// Whether every run has a panel of its own.
  package internal(set) var showsPanels = false
  /// What the panels show.
  package internal(set) var metric = ComparedMetric.quality
  /// The row of panels that is the first in sight.
  package internal(set) var firstRow = 0
  /// When the runs' logs were looked at last, and whether the answer has not come yet.
  var askedAt = -Double.infinity
  var isAsking = false
  /// Seconds until they are looked at again.
  var patience = RunList.refreshSeconds

  /// A comparison of runs.
  package init(runs: [ComparedRun]) {
    self.runs = runs
  }

  /// What tells the runs' names apart.
  package var distinctNames: DistinctNames { DistinctNames(runs.map(\.name)) }

  /// A line of the table.
  package struct Line: Sendable, Equatable {
    /// What it is about.
    package var title: String
    /// A value for each run.
    package var values: [String]
    /// The difference of each run to the first; empty where there is none.
    package var differences: [String] = []
  }

  /// What the runs are judged by, each metric once.
  package var metrics: [QualityMetric] { QualityColumns(runs.map(\.metric)).metrics }

  /// What the chart of quality shows: one axis has one unit, that of the run marked first.
  package var charted: QualityMetric {
    runs.lazy.compactMap(\.metric).first ?? .balancedAccuracy
  }

  /// Whether a run is on the chart of quality.
  package func isCharted(_ run: ComparedRun) -> Bool { (run.metric ?? charted) == charted }

  /// The final figures, with the difference of each run to the first.
  package var figures: [Line] {
    var lines = [
      Line(
        title: "state",
        values: runs.map { $0.word ?? $0.summary?.state.rawValue ?? Figures.unknown }),
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
    for metric in metrics where metric != .balancedAccuracy {
      let text: (Double) -> String = { Figures.ratio($0, metric.decimals) }
      add(metric.title + metric.unit, text) { run in
        ComparedRun.mean(
          run.summary?.subnetworks.compactMap { $0.score }.filter { $0.metric == metric }
            .map(\.value) ?? [])
      }
      if runs.contains(where: { $0.metric == metric && $0.rounds.last?.overall != nil }) {
        add("\(metric.title)\(metric.unit) over all", text) { run in
          run.metric == metric ? run.rounds.last(where: { $0.overall != nil })?.overall : nil
        }
      }
    }
    if metrics.contains(.balancedAccuracy) {
      add("balanced accuracy", three, quality(\.balancedAccuracy))
      add("precision", three, quality(\.precision))
      add("recall", three, quality(\.recall))
      add("F1", three, quality(\.f1))
      add("argmax accuracy", three) { $0.summary?.evaluations.last?.argmaxAccuracy }
    }
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
