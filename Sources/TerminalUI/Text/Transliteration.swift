/// Characters in ASCII, for terminals that show nothing else.
public enum Transliteration {
  /// The ASCII character that comes closest, `?` if none does; always one column wide.
  public static func ascii(_ character: Character) -> Character {
    if character.isASCII { return character }
    if let known = table[character] { return known }
    guard let scalar = character.unicodeScalars.first else { return "?" }
    switch scalar.value {
    case 0x2500, 0x2501, 0x2550: return "-"
    case 0x2502, 0x2503, 0x2551, 0x250A, 0x2506: return "|"
    case 0x2500...0x257F: return "+"
    case 0x2800: return " "
    case 0x2801...0x28FF: return "*"
    case 0x2580...0x2590, 0x2594...0x259F: return "#"
    default: break
    }
    // Letters with marks lose them: é becomes e.
    return Latin.base[scalar].map(Character.init) ?? (isLetter(scalar) ? Character(scalar) : "?")
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F
  }

  private static let table: [Character: Character] = [
    "–": "-", "—": "-", "−": "-", "·": ".", "•": "*", "…": "~", "→": ">", "←": "<", "↑": "^",
    "↓": "v", "×": "x", "▶": ">", "◀": "<", "▲": "^", "▼": "v", "△": "^", "▽": "v", "●": "o",
    "○": "o", "■": "#", "□": "#", "◆": "*", "◇": "*", "░": ".", "▒": ":", "▓": "%", "█": "#",
    "≥": ">", "≤": "<", "≈": "~", "±": "+", "“": "\"", "”": "\"", "‘": "'", "’": "'", "⊙": "o",
    "∩": "n", "∪": "u", "Δ": "d", "µ": "u", "✓": "v", "✗": "x",
  ]
}

/// Latin letters with marks, by their base.
private enum Latin {
  static let base: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(Unicode.Scalar, String)] = [
      ("A", "ÀÁÂÃÄÅĀĂĄ"), ("C", "ÇĆĈĊČ"), ("D", "ĎĐ"), ("E", "ÈÉÊËĒĔĖĘĚ"), ("G", "ĜĞĠĢ"),
      ("I", "ÌÍÎÏĨĪĬĮİ"), ("L", "ĹĻĽŁ"), ("N", "ÑŃŅŇ"), ("O", "ÒÓÔÕÖØŌŎŐ"), ("R", "ŔŖŘ"),
      ("S", "ŚŜŞŠ"), ("T", "ŢŤ"), ("U", "ÙÚÛÜŨŪŬŮŰŲ"), ("Y", "ÝŶŸ"), ("Z", "ŹŻŽ"),
      ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđ"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"),
      ("i", "ìíîïĩīĭįı"), ("l", "ĺļľł"), ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"),
      ("s", "śŝşšß"), ("t", "ţť"), ("u", "ùúûüũūŭůűų"), ("y", "ýÿŷ"), ("z", "źżž"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (letter, marked) in groups {
      for scalar in marked.unicodeScalars { table[scalar] = letter }
    }
    return table
  }()
}
