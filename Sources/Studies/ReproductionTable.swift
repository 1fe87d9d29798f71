public import Experiments

/// The figures of a reproduction: a line per row and sparsity, over the seeds, beside the paper's.
public struct ReproductionTable: Sendable, Encodable {
  /// The lines, in the order of the rows and targets.
  public let lines: [Line]
  /// The figures that are missing, with the reason.
  public let gaps: [Gap]

  /// A line of the table.
  public struct Line: Sendable, Encodable {
    /// The row's label.
    public let label: String
    /// The method of its runs.
    public let method: Method
    /// What the row is.
    public let meaning: String
    /// Whose masks it takes.
    public let masksFrom: String?
    /// The sparsity.
    public let target: Double
    /// The runs behind the figures; none if nothing is there yet.
    public let runs: [String]
    /// The figures by their keys; those that no run knows are left out.
    public let figures: [String: MeanDeviation]
    /// What the paper reports.
    public let paper: PaperFigures?

    /// A figure over the seeds.
    public subscript(figure: ReproductionFigure) -> MeanDeviation? { figures[figure.key] }
  }

  /// Figures that are not there.
  public struct Gap: Sendable, Encodable, Equatable {
    /// The run.
    public let run: String
    /// The sparsities it was not judged at.
    public let targets: [Double]
    /// Why.
    public let reason: String
  }

  /// What is known of a run of the table.
  public struct Source: Sendable {
    /// The run's name.
    public var run: String
    /// The label of its row.
    public var label: String
    /// The sparsities it is to be judged at.
    public var targets: [Double]
    /// Its figures; `nil` if it has not begun.
    public var figures: RunFigures?
    /// Why figures are missing; `nil` for a run that has finished.
    public var gap: String?

    /// A run with what is known of it.
    public init(
      run: String, label: String, targets: [Double], figures: RunFigures?, gap: String?
    ) {
      self.run = run
      self.label = label
      self.targets = targets
      self.figures = figures
      self.gap = gap
    }
  }

  /// Puts the figures of runs together. What an unfinished run has been judged at counts already; what
  /// it has not is a gap.
  /// - Parameters:
  ///   - rows: the rows that have a source, in their order.
  ///   - sources: the runs, by seed within their row.
  public init(rows: [ReproductionRow], sources: [Source]) {
    var lines: [Line] = []
    for row in rows {
      let own = sources.filter { $0.label == row.label }
      // In the order of the first source: all have the same.
      for target in own.first?.targets ?? [] {
        let found = own.compactMap { source in
          source.figures?.targets[target].map { (run: source.run, figures: $0) }
        }
        var figures: [String: MeanDeviation] = [:]
        for figure in ReproductionFigure.all {
          figures[figure.key] = MeanDeviation(found.compactMap { figure.value($0.figures) })
        }
        lines.append(
          Line(
            label: row.label, method: row.method, meaning: row.meaning, masksFrom: row.masksFrom,
            target: target, runs: found.map(\.run),
            figures: figures, paper: row.paper.first { $0.target == target }))
      }
    }
    self.lines = lines
    gaps = Self.gaps(of: sources)
  }

  /// What runs have not been judged at, with the reasons.
  static func gaps(of sources: [Source]) -> [Gap] {
    sources.compactMap { source in
      let missing = source.targets.filter { source.figures?.targets[$0] == nil }
      guard !missing.isEmpty || source.gap != nil else { return nil }
      return Gap(
        run: source.run, targets: missing,
        reason: source.gap ?? "finished without being judged there")
    }
  }
}

/// A figure of the table: its key in CSV and JSON, its value from a run, the paper's beside it.
public struct ReproductionFigure: Sendable {
  /// The key, in snake case.
  public let key: String
  let value: @Sendable (TargetFigures) -> Double?
  /// The paper's value, if its table has such a column.
  let paper: @Sendable (ReproductionTable.Line) -> Double?

  private init(
    _ key: String, _ value: @escaping @Sendable (TargetFigures) -> Double?,
    paper: @escaping @Sendable (ReproductionTable.Line) -> Double? = { _ in nil }
  ) {
    self.key = key
    self.value = value
    self.paper = paper
  }

  static let balancedAccuracy = ReproductionFigure("balanced_accuracy", \.balancedAccuracy) {
    $0.paper?.balancedAccuracy
  }
  static let precision = ReproductionFigure("precision", \.precision) { $0.paper?.precision }
  static let recall = ReproductionFigure("recall", \.recall) { $0.paper?.recall }
  static let f1 = ReproductionFigure("f1", \.f1)
  static let argmaxAccuracy = ReproductionFigure("argmax_accuracy", \.argmaxAccuracy)
  static let unionParameters = ReproductionFigure("union_parameters", \.unionParameters) {
    $0.method.isIndependent ? nil : $0.paper?.parameters
  }
  static let allParameters = ReproductionFigure("all_parameters", \.allParameters) {
    $0.method.isIndependent ? $0.paper?.parameters : nil
  }
  static let meanJaccard = ReproductionFigure("mean_jaccard", \.meanJaccard)
  static let hours = ReproductionFigure("hours", \.hours)
  static let samplesPerSecond = ReproductionFigure("samples_per_second", \.samplesPerSecond)

  /// All figures, in the order of the columns.
  public static let all: [ReproductionFigure] = [
    balancedAccuracy, precision, recall, f1, argmaxAccuracy, unionParameters, allParameters,
    meanJaccard, hours, samplesPerSecond,
  ]
}
