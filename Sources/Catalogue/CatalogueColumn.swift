internal import Experiments

/// A column of the catalogue: its name in expressions, tables and files, and where its value comes
/// from.
public struct CatalogueColumn: Sendable {
  /// The name, snake case; the key of `rtl show --json` where there is one.
  public let name: String
  /// What it holds, and so what it can be compared with.
  public let kind: Kind
  /// The value for a run.
  let value: @Sendable (RunSummary, RunLabels) -> CatalogueValue

  /// The kinds of columns.
  public enum Kind: Sendable, Equatable {
    /// Numbers.
    case number
    /// Whole numbers up to 2⁶⁴ − 1, kept as twenty digits so that their order is that of the text.
    case unsigned
    /// Seconds since 1970; compared with numbers or with dates such as '2026-01-30'.
    case time
    /// Text.
    case text
    /// Several words; a comparison holds if it holds for one of them.
    case words
  }

  /// Every column, in the order of tables and files.
  public static let all: [CatalogueColumn] = [
    text("name") { run, _ in run.name },
    text("state") { run, _ in run.state.rawValue },
    text("dataset") { run, _ in run.dataset },
    text("model") { run, _ in run.model },
    CatalogueColumn(name: "seed", kind: .unsigned) { run, _ in .unsigned(run.seed) },
    whole("rounds", \.rounds),
    figure("sparsity") { mean($0.subnetworks.map(\.sparsity)) },
    figure("balanced_accuracy") { mean($0.subnetworks.compactMap(\.balancedAccuracy)) },
    figure("precision") { mean($0.subnetworks.compactMap(\.precision)) },
    figure("recall") { mean($0.subnetworks.compactMap(\.recall)) },
    figure("f1") { mean($0.subnetworks.compactMap(\.f1)) },
    figure("psnr") { meanScore(.psnr, of: $0) },
    figure("si_snr_improvement") { meanScore(.siSNRImprovement, of: $0) },
    figure("mean_jaccard") { mean($0.subnetworks.compactMap(\.meanJaccard)) },
    figure("excess") { PairMean.excess($0.jaccard, over: $0.chanceJaccard) },
    CatalogueColumn(name: "alarm", kind: .text) { run, _ in
      run.alarms == nil ? .missing : .text(run.alarmLevel?.rawValue ?? "ok")
    },
    whole("union_parameters", \.unionParameters),
    whole("prunable_parameters", \.prunableParameters),
    CatalogueColumn(name: "started_at", kind: .time) { run, _ in CatalogueValue(run.startedAt) },
    figure("seconds") { $0.seconds },
    CatalogueColumn(name: "tag", kind: .words) { _, labels in
      labels.tags.isEmpty ? .missing : .text(labels.tags.joined(separator: " "))
    },
    CatalogueColumn(name: "note", kind: .text) { _, labels in
      labels.note.map { .text($0) } ?? .missing
    },
  ]

  /// The mean of a score that is no balanced accuracy.
  private static func meanScore(_ metric: QualityMetric, of run: RunSummary) -> Double? {
    mean(run.subnetworks.compactMap { $0.score.flatMap { $0.metric == metric ? $0.value : nil } })
  }

  /// The names of all columns.
  public static let names = all.map(\.name)

  /// The column of a name, in any case.
  static func named(_ name: String) -> CatalogueColumn? {
    let wanted = name.lowercased()
    return all.first { $0.name == wanted }
  }

  private static func text(
    _ name: String, _ value: @escaping @Sendable (RunSummary, RunLabels) -> String
  ) -> CatalogueColumn {
    CatalogueColumn(name: name, kind: .text) { .text(value($0, $1)) }
  }

  private static func whole(
    _ name: String, _ path: any KeyPath<RunSummary, Int> & Sendable
  ) -> CatalogueColumn {
    CatalogueColumn(name: name, kind: .number) { run, _ in .integer(run[keyPath: path]) }
  }

  private static func figure(
    _ name: String, _ value: @escaping @Sendable (RunSummary) -> Double?
  ) -> CatalogueColumn {
    CatalogueColumn(name: name, kind: .number) { run, _ in CatalogueValue(value(run)) }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
