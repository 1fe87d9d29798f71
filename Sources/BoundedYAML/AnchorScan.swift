/// Looks for anchors (`&name`) and aliases (`*name`) where YAML would take them for such: at the
/// beginning of a value, outside quotes and comments.
enum AnchorScan {
  /// How many alias signs a text may hold wherever they stand; too few for a large expansion.
  private static let signLimit = 16

  /// Whether a text holds so many signs of aliases that they could expand to something large, if the
  /// scan mistakes what is quoted: no judgement on where they stand.
  static func hasTooManySigns(_ text: String) -> Bool {
    func count(_ sign: UInt8) -> Int {
      zip(text.utf8, text.utf8.dropFirst()).count { first, next in
        first == sign && next > 32 && next != sign
      }
    }
    return count(UInt8(ascii: "*")) > signLimit && count(UInt8(ascii: "&")) > 0
  }

  /// The first one, as a problem.
  static func firstAnchor(in text: String) -> YAMLProblem? {
    var line = 1
    var column = 0
    var quote: UInt8?
    var isEscaped = false
    var isComment = false
    var flowDepth = 0
    /// The last byte that is no blank; a line begins like a value.
    var before = UInt8(ascii: "\n")
    var isAfterBlank = true
    for byte in text.utf8 {
      column += 1
      if byte == 10 || byte == 13 {
        line += byte == 10 ? 1 : 0
        column = 0
        isComment = false
        isAfterBlank = true
        if quote == nil { before = UInt8(ascii: "\n") }
        continue
      }
      if isComment { continue }
      if let open = quote {
        // '' in single quotes closes and opens again, which comes to the same.
        if isEscaped {
          isEscaped = false
        } else if open == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == open {
          quote = nil
          before = byte
        }
        isAfterBlank = false
        continue
      }
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        isAfterBlank = true
        continue
      }
      let isValueStart = begins(after: before, isAfterBlank: isAfterBlank, flowDepth: flowDepth)
      switch byte {
      case UInt8(ascii: "#") where isAfterBlank: isComment = true
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if isValueStart { quote = byte }
      case UInt8(ascii: "["), UInt8(ascii: "{"): if isValueStart { flowDepth += 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): flowDepth = max(0, flowDepth - 1)
      case UInt8(ascii: "&"), UInt8(ascii: "*"):
        if isValueStart {
          return YAMLProblem(
            line: line, column: column,
            message: "found an \(byte == UInt8(ascii: "&") ? "anchor" : "alias"), expected plain "
              + "values (put text that begins with this sign in quotes)")
        }
      default: break
      }
      if !isComment { before = byte }
      isAfterBlank = false
    }
    return nil
  }

  /// Whether a value can begin after these bytes.
  private static func begins(after before: UInt8, isAfterBlank: Bool, flowDepth: Int) -> Bool {
    switch before {
    case UInt8(ascii: "\n"): true
    case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "?"): isAfterBlank || flowDepth > 0
    case UInt8(ascii: "["), UInt8(ascii: "{"): true
    case UInt8(ascii: ","): flowDepth > 0
    default: false
    }
  }
}
