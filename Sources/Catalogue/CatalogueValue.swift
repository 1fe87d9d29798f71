/// A cell of the catalogue.
public enum CatalogueValue: Sendable, Equatable {
  /// There is no such figure (yet).
  case missing
  /// A finite number.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// A whole number beyond what `Int` holds: a seed.
  case unsigned(UInt64)
  /// Text.
  case text(String)

  /// A number, missing where it is absent or not finite.
  init(_ number: Double?) {
    self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .missing
  }

  /// The value as a program reads it; empty where it is missing.
  public var plainText: String {
    switch self {
    case .missing: ""
    case .number(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .text(let value): value
    }
  }

  /// The number behind it, if it is one.
  public var double: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .missing, .text: nil
    }
  }
}
