/// Splits a filter expression into words.
struct FilterLexer {
  /// The longest expression that is taken, in characters.
  static let lengthLimit = 4096

  private let option: String
  private let characters: [Character]
  private var position = 0

  /// The words of a text, the last one being `.end`.
  /// - Parameter option: named in errors.
  /// - Throws: `CatalogueError.expression`.
  static func tokens(of text: String, option: String) throws -> [FilterToken] {
    var lexer = FilterLexer(option: option, characters: Array(text))
    guard lexer.characters.count <= lengthLimit else {
      throw lexer.error(
        at: lengthLimit, found: "an expression of \(lexer.characters.count) characters",
        expected: "at most \(lengthLimit)")
    }
    var tokens: [FilterToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private init(option: String, characters: [Character]) {
    self.option = option
    self.characters = characters
  }

  private mutating func next() throws -> FilterToken {
    while let character = peek(), character.isWhitespace { position += 1 }
    let start = position
    func token(_ kind: FilterToken.Kind) -> FilterToken {
      FilterToken(kind: kind, column: start + 1)
    }
    guard let first = peek() else { return token(.end) }
    switch first {
    case "(", ")":
      position += 1
      return token(first == "(" ? .open : .close)
    case "'", "\"": return token(.text(try quoted(first)))
    case "=", "!", "<", ">", "~": return token(.comparison(try comparison(first)))
    case "0"..."9", ".", "-", "+": return token(try number())
    case _ where first.isLetter || first == "_":
      let name = take { $0.isLetter || $0.isNumber || $0 == "_" }
      return token(name.lowercased() == "like" ? .comparison(.like) : .name(name))
    default:
      throw error(
        at: start, found: "'\(Self.shown(first))'",
        expected: "a column, a number, a 'text' or a comparison")
    }
  }

  private func peek() -> Character? { position < characters.count ? characters[position] : nil }

  private mutating func take(while isPart: (Character) -> Bool) -> String {
    let start = position
    while let character = peek(), isPart(character) { position += 1 }
    return String(characters[start..<position])
  }

  /// Text in quotes; a doubled quote stands for one.
  private mutating func quoted(_ quote: Character) throws -> String {
    let start = position
    position += 1
    var text = ""
    while let character = peek() {
      position += 1
      guard character == quote else {
        text.append(character)
        continue
      }
      guard peek() == quote else {
        guard !text.unicodeScalars.contains("\0") else {
          throw error(at: start, found: "a text with a zero byte", expected: "text")
        }
        return text
      }
      text.append(quote)
      position += 1
    }
    throw error(at: start, found: "a text without end", expected: "a closing \(quote)")
  }

  private mutating func comparison(_ first: Character) throws -> FilterToken.Comparison {
    let start = position
    position += 1
    if first == "~" { return .contains }
    let hasEqual = peek() == "="
    if hasEqual { position += 1 }
    switch (first, hasEqual) {
    case ("<", _):
      if !hasEqual, peek() == ">" {
        position += 1
        return .notEqual
      }
      return hasEqual ? .lessOrEqual : .less
    case (">", _): return hasEqual ? .greaterOrEqual : .greater
    case ("=", _): return .equal
    case ("!", true): return .notEqual
    default:
      throw error(at: start, found: "'!'", expected: "'!=' or the word 'not'")
    }
  }

  private mutating func number() throws -> FilterToken.Kind {
    let start = position
    var text = take { $0 == "-" || $0 == "+" }
    text += take { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_" || $0.isLetter) }
    // The sign of an exponent: 1e-4.
    if text.last == "e" || text.last == "E", peek() == "-" || peek() == "+" {
      text += take { $0 == "-" || $0 == "+" }
      text += take { $0.isASCII && $0.isNumber }
    }
    let isPlain = text.allSatisfy { "0123456789.eE+-".contains($0) }
    guard isPlain, let value = Double(text), value.isFinite else {
      throw error(at: start, found: "'\(text)'", expected: "a number such as 0.75 or 1e-4")
    }
    return .number(value, text: text)
  }

  private func error(at position: Int, found: String, expected: String) -> CatalogueError {
    .expression(
      option: option, column: position + 1, found: found, expected: expected, nearest: nil)
  }

  private static func shown(_ character: Character) -> String {
    let isControl = character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    return isControl ? "a control character" : String(character)
  }
}
