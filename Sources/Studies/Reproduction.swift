/// A table of the paper that the program can compute again: its rows, and the settings they share.
public struct Reproduction: Sendable {
  /// Its name on the command line and at the beginning of its runs' names.
  public let name: String
  /// What it is about.
  public let title: String
  /// The methods, which are computed unless others are asked for.
  public let methods: [ReproductionRow]
  /// Variants of the paper's method, and what each choice is worth: the group `ablation`.
  public let ablation: [ReproductionRow]
  /// What `--quick` changes in the settings.
  public let quickChanges: [String]

  /// The name of the group of variants.
  public static let ablationGroup = "ablation"

  /// Every row.
  public var rows: [ReproductionRow] { methods + ablation }

  /// The row of a label.
  public func row(_ label: String) -> ReproductionRow? { rows.first { $0.label == label } }

  /// All reproductions.
  public static let all: [Reproduction] = [cifar10]

  /// The rows of some labels and groups, each once, with those that give them their masks before
  /// them.
  /// - Parameter words: labels and groups; `nil` is the methods.
  /// - Throws: `StudyError.unknownRow` with the nearest label.
  public func rows(of words: [String]?) throws -> [ReproductionRow] {
    var chosen: [ReproductionRow] = []
    func add(_ row: ReproductionRow) {
      guard !chosen.contains(where: { $0.label == row.label }) else { return }
      if let source = row.masksFrom.flatMap(self.row) { add(source) }
      chosen.append(row)
    }
    guard let words else {
      methods.forEach(add)
      return chosen
    }
    for word in words {
      if word == Self.ablationGroup {
        ablation.forEach(add)
      } else if let row = row(word) {
        add(row)
      } else {
        throw StudyError.unknownRow(word, known: rows.map(\.label) + [Self.ablationGroup])
      }
    }
    return chosen
  }
}
