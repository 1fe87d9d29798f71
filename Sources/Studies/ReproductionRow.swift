public import Experiments

/// A row of a reproduction's table: a method, or a method with other settings.
public struct ReproductionRow: Sendable, Equatable {
  /// Its name, on the command line, in the names of its runs and in the table.
  public var label: String
  /// The method of its runs.
  public var method: Method
  /// What it is, in one line.
  public var meaning: String
  /// What its config has differently, as `section.key=value`.
  public var changes: [String]
  /// The row whose runs give it the masks, seed by seed; `nil` if it makes its own.
  public var masksFrom: String?
  /// What the paper reports; empty if nothing.
  public var paper: [PaperFigures]

  /// A row of the table, with a label of its own.
  public init(
    _ label: String, _ method: Method, _ meaning: String, changes: [String] = [],
    masksFrom: String? = nil, paper: [PaperFigures] = []
  ) {
    self.label = label
    self.method = method
    self.meaning = meaning
    self.changes = changes
    self.masksFrom = masksFrom
    self.paper = paper
  }

  /// A row that is a method and nothing else.
  public init(
    _ method: Method, _ meaning: String, masksFrom: String? = nil, paper: [PaperFigures] = []
  ) {
    self.init(method.rawValue, method, meaning, masksFrom: masksFrom, paper: paper)
  }
}
