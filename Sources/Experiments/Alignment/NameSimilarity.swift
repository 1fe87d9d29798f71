/// How alike names are: a figure for every pair, whoever it comes from.
public struct NameSimilarity: Sendable, Codable, Equatable {
  /// Where the figures come from.
  public let source: String
  /// The names.
  public let names: [String]
  /// `[i][j]`, symmetric; what stands on the diagonal is of no account.
  public let values: [[Double]]
  /// What each name was taken to mean, where that was looked up.
  public let meanings: [String]?

  /// Figures for names.
  public init(source: String, names: [String], values: [[Double]], meanings: [String]? = nil) {
    precondition(values.count == names.count && values.allSatisfy { $0.count == names.count })
    self.source = source
    self.names = names
    self.values = values
    self.meanings = meanings
  }

  /// The similarity of sets of names, in the order of the sets: that of two sets is the mean over all
  /// pairs of a name of the one and a name of the other.
  /// - Parameter sets: what each set is called, and the names in it.
  /// - Throws: `ExperimentError.unknownNames` for names that have no row, of a table `.badTable`.
  public func between(_ sets: [(name: String, members: [String])]) throws -> NameSimilarity {
    let places = Dictionary(zip(names, names.indices)) { first, _ in first }
    let wanted = sets.flatMap(\.members)
    let problems = wanted.filter { places[$0] == nil }.map { name in
      "no row for '\(name)'"
        + (NearestName.find(name, among: names).map { " (did you mean '\($0)'?)" } ?? "")
    }
    guard problems.isEmpty else {
      // What has no meanings was read from a table, and its names stand on the first line.
      guard meanings == nil else {
        throw ExperimentError.unknownNames(source: source, problems: problems)
      }
      throw ExperimentError.badTable(
        path: source, line: 1, column: 1, found: problems.joined(separator: ", "),
        expected: "a row and a column for each class")
    }
    let rows = sets.map { $0.members.compactMap { places[$0] } }
    let values = rows.map { first in
      rows.map { second in
        let pairs = first.flatMap { i in second.map { self.values[i][$0] } }
        // In one order, so that equal sets of pairs have equal means.
        return pairs.isEmpty ? 0 : pairs.sorted().reduce(0, +) / Double(pairs.count)
      }
    }
    let meanings = meanings.map { meanings in
      rows.map { $0.map { meanings[$0] }.joined(separator: "; ") }
    }
    return NameSimilarity(
      source: source, names: sets.map(\.name), values: values, meanings: meanings)
  }
}
