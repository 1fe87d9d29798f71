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
    !name.isEmpty && !name.contains("/")
      && name.unicodeScalars.allSatisfy { $0.value >= 32 && !(127...159).contains($0.value) }
  }

  /// A name without blanks around it.
  static func trimmed(_ name: String) -> String { name.trimmingCharacters(in: .whitespaces) }
}
