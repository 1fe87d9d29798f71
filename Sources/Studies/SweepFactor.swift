internal import Experiments

/// A key of the config with the values that a sweep tries.
public struct SweepFactor: Sendable, Encodable, Equatable {
  /// The dotted name.
  public let key: String
  /// The values as YAML, in the order in which they were given.
  public let values: [String]

  /// Reads `KEY=a,b,c`; a comma in brackets or quotes separates nothing. The section may be left out
  /// where only one has such a key.
  /// - Throws: `StudyError.badFactor`, `.unknownKey`, `.ownChange`.
  public init(_ text: String) throws {
    guard let sign = text.firstIndex(of: "=") else {
      throw StudyError.badFactor(text, reason: "found no '=', expected KEY=VALUE,VALUE,…")
    }
    key = try Self.key(String(text[..<sign]))
    values = Self.split(text[text.index(after: sign)...])
    if let empty = values.firstIndex(of: "") {
      throw StudyError.badFactor(text, reason: "value \(empty + 1) is empty")
    }
    if let problem = values.lazy.compactMap(Self.unbalanced).first {
      throw StudyError.badFactor(text, reason: problem)
    }
    if Set(values).count < values.count {
      throw StudyError.badFactor(text, reason: "a value is given twice")
    }
  }

  /// The name without its section.
  public var ownName: String { String(key.split(separator: ".").last ?? "") }

  private static func key(_ name: String) throws -> String {
    if let reason = SweepPlan.ownKeys[name] { throw StudyError.badFactor(name, reason: reason) }
    let known = ExperimentConfig.keyNames
    if known.contains(name) { return name }
    let matches = known.filter { $0.hasSuffix("." + name) }
    guard matches.count < 2 else {
      throw StudyError.badFactor(
        name, reason: "several sections have it: \(matches.joined(separator: ", "))")
    }
    guard let match = matches.first else { throw StudyError.unknownKey(name, known: known) }
    return match
  }

  /// What is wrong with the brackets and quotes of a value; `nil` if nothing is.
  private static func unbalanced(_ value: String) -> String? {
    var (awaited, isQuoted) = ([Character](), false)
    for character in value {
      switch character {
      case "\"": isQuoted.toggle()
      case _ where isQuoted: continue
      case "[": awaited.append("]")
      case "{": awaited.append("}")
      case "]", "}":
        guard awaited.popLast() == character else {
          return "found a '\(character)' too many in '\(value)'"
        }
      default: break
      }
    }
    if isQuoted { return "found no closing '\"' in '\(value)'" }
    return awaited.last.map { "found no closing '\($0)' in '\(value)'" }
  }

  private static func split(_ text: Substring) -> [String] {
    var (parts, depth, isQuoted) = ([""], 0, false)
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "," where depth == 0 && !isQuoted:
        parts.append("")
        continue
      default: break
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { $0.trimming(" ") }
  }
}

extension String {
  /// The text without some characters at its ends.
  fileprivate func trimming(_ characters: String) -> String {
    var text = self[...]
    while let first = text.first, characters.contains(first) { text.removeFirst() }
    while let last = text.last, characters.contains(last) { text.removeLast() }
    return String(text)
  }
}
