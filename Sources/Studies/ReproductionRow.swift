/// A row of a reproduction's table: a method, or a method with other settings.
public struct ReproductionRow: Sendable, Equatable {
  /// Its name, on the command line, in the names of its runs and in the table.
  public var label: String
  /// The method's word in a config.
  public var method: String
  /// What it is, in one line.
  public var meaning: String
  /// What its config has differently, as `section.key=value`.
  public var changes: [String]
  /// The row whose runs give it the masks, seed by seed; `nil` if it makes its own.
  public var masksFrom: String?
  /// What the paper reports; empty if nothing.
  public var paper: [PaperFigures]

  /// The method of a row that has not been told another one, and of a config that names none.
  public static let standardMethod = "rtl"

  /// A row of the table.
  public init(
    _ label: String, method: String? = nil, _ meaning: String, changes: [String] = [],
    masksFrom: String? = nil, paper: [PaperFigures] = []
  ) {
    self.label = label
    self.method = method ?? label
    self.meaning = meaning
    self.changes = changes
    self.masksFrom = masksFrom
    self.paper = paper
  }

  /// Whether its K models share nothing, so that its size is the sum of them.
  public var isIndependent: Bool { method == "imp_multiple" || method.hasSuffix("_independent") }

  /// Whether nothing is pruned.
  public var isDense: Bool { method.hasPrefix("dense_") }

  /// The sparsities it is judged at.
  public func targets(of asked: [Double]) -> [Double] { isDense ? [0] : asked }
}
