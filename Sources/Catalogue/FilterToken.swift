/// A word of a filter expression, with its place.
struct FilterToken: Equatable {
  /// What it is.
  let kind: Kind
  /// Its first character, from 1.
  let column: Int

  /// The kinds of words.
  enum Kind: Equatable {
    case name(String)
    case number(Double, text: String)
    case text(String)
    case comparison(Comparison)
    case open
    case close
    case end
  }

  /// The signs that compare.
  enum Comparison: String, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// The text contains the other, whatever the case of its letters.
    case contains = "~"
    /// SQL's pattern: `%` is any text, `_` any character.
    case like = "like"

    /// The same comparison with its sides exchanged; `nil` where the sides differ in kind.
    var mirrored: Comparison? {
      switch self {
      case .equal, .notEqual: self
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      case .contains, .like: nil
      }
    }
  }

  /// The word as an error message names it.
  var description: String {
    switch kind {
    case .name(let name): "'\(name)'"
    case .number(_, let text): "the number \(text)"
    case .text(let text): "the text '\(text)'"
    case .comparison(let sign): "'\(sign.rawValue)'"
    case .open: "'('"
    case .close: "')'"
    case .end: "the end"
    }
  }

  /// Whether it is this word of the language, in any case.
  func isWord(_ word: String) -> Bool {
    if case .name(let name) = kind { return name.lowercased() == word }
    return false
  }
}
