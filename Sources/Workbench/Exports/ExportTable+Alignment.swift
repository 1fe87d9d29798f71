internal import Experiments

extension ExportTable {
  /// A record per depth and class, the class `all` being all pairs.
  static func records(of alignment: AlignmentView, names: [String]) -> [[String]] {
    let head = [
      "level", "class", "sparsity", "mean_jaccard", "mean_chance", "spearman", "p",
      "spearman_excess", "p_excess",
    ]
    let levels = alignment.round?.levels ?? []
    return [head]
      + levels.flatMap { level -> [[String]] in
        let all =
          [level.name, "all"]
          + [
            level.sparsity, level.jaccard?.mean, level.chance, level.byJaccard.spearman,
            level.byJaccard.p, level.byExcess.spearman, level.byExcess.p,
          ].map(CSVField.figure)
        let classes = zip(level.byJaccard.perClass, level.byExcess.perClass)
        return [all]
          + zip(names, classes).map { name, figures in
            [level.name, name, "", "", "", CSVField.figure(figures.0), ""]
              + [CSVField.figure(figures.1), ""]
          }
      }
  }
}
