/// The prunable layers by depth: the first, the middle and the last third of them.
public enum DepthGroup: String, Sendable, Codable, CaseIterable {
  /// Near the input.
  case shallow
  /// Between.
  case middle
  /// Near the output.
  case deep

  /// The group of a layer: ⌊3 i / n⌋ for layer i of n, counted from 0, so that no group has more than one
  /// layer more than another.
  public static func of(layer: Int, count: Int) -> DepthGroup {
    allCases[min(max(0, 3 * layer / max(1, count)), 2)]
  }
}
