internal import Foundation

/// Some classes under one name: a superclass, or a cluster found by the program.
public struct ClassGroup: Sendable, Equatable {
  /// Its name, which becomes its subnetwork's.
  public var name: String
  /// The names of its classes.
  public var classes: [String]

  /// A named group of classes.
  public init(name: String, classes: [String]) {
    self.name = name
    self.classes = classes
  }

  /// Whether a name can become that of a subset, a tensor and a file.
  static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && !name.unicodeScalars.contains(where: isInvisible)
  }

  /// Whether a name with this character would be refused as a tensor's.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: true
    default:
      scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isVariationSelector
    }
  }

  /// A name without blanks around it.
  static func trimmed(_ name: String) -> String { name.trimmingCharacters(in: .whitespaces) }
}
