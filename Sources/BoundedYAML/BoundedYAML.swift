public import Yams

/// Reads small YAML texts that may come from anywhere: no text makes it slow, large or trap.
///
/// Bounded are the length and, by libyaml, the nesting. Anchors and aliases, by which a few lines can
/// stand for billions of values, are refused: no file of this program needs them.
public enum BoundedYAML {
  /// The longest text that is taken, in bytes.
  public static let lengthLimit = 256 << 10

  /// The root of a text; `nil` if there is nothing in it.
  /// - Throws: `YAMLProblem` with the place.
  public static func compose(_ text: String) throws(YAMLProblem) -> Node? {
    guard text.utf8.count <= lengthLimit else {
      throw YAMLProblem(
        line: 1, column: 1,
        message: "found \(text.utf8.count) bytes, expected at most \(lengthLimit)")
    }
    if let problem = AnchorScan.firstAnchor(in: text) { throw problem }
    guard !AnchorScan.hasTooManySigns(text) else {
      throw YAMLProblem(
        line: 1, column: 1, message: "found '&' and many '*', expected a text without aliases")
    }
    do {
      return try Yams.compose(yaml: text)
    } catch {
      throw YAMLProblem(error)
    }
  }
}

/// What is wrong with a YAML text, and where.
public struct YAMLProblem: Error, Equatable, Sendable {
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int
  /// What was found, in words.
  public let message: String

  init(line: Int, column: Int, message: String) {
    self.line = max(line, 1)
    self.column = max(column, 1)
    self.message = message
  }

  init(_ error: any Error) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(line: mark.line, column: mark.column, message: "not valid YAML: \(problem)")
    case YamlError.duplicatedKeysInMapping(let duplicates, let context):
      self.init(
        line: context.mark.line, column: context.mark.column,
        message: "key given twice: "
          + duplicates.map { "'\($0)'" }.sorted().joined(separator: ", "))
    case YamlError.reader(let problem, _, _, _):
      self.init(line: 1, column: 1, message: "not valid YAML: \(problem)")
    default:
      self.init(line: 1, column: 1, message: "not valid YAML: \(error)")
    }
  }
}
