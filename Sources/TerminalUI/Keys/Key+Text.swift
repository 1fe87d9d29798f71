extension Key: CustomStringConvertible {
  /// The key as it's written in a key map and shown in the footer: `p`, `P`, `Space`, `ctrl-p`,
  /// `alt-x`, `Tab`, `shift-Tab`, `F1`; ``init(text:)`` reads it back.
  public var description: String {
    switch self {
    case .character(" "): return "Space"
    case .character(let character): return String(character)
    case .control(" "): return "ctrl-Space"
    case .control(let character): return "ctrl-\(character)"
    case .alt(" "): return "alt-Space"
    case .alt(let character): return "alt-\(character)"
    case .function(let number): return "F\(number)"
    case .mouse(let action, let point): return "mouse-\(action.rawValue)@\(point.x),\(point.y)"
    default: break
    }
    return Key.names.first { $0.key == self }?.name ?? "?"
  }

  /// A key from its text; the names of named keys may be written in any case, nil if it is none.
  public init?(text: String) {
    let lowered = text.lowercased()
    if let named = Key.names.first(where: { $0.name.lowercased() == lowered })
      ?? Key.otherNames.first(where: { $0.name == lowered })
    {
      self = named.key
    } else if text.count == 1, let character = text.first, Key.isTyped(character) {
      self = .character(character)
    } else if lowered == "space" {
      self = .character(" ")
    } else if let character = Key.letter(of: lowered, after: ["ctrl-", "c-", "^"]) {
      self = .control(character)
    } else if let character = Key.letter(of: text, after: ["alt-", "Alt-", "m-", "M-"]) {
      self = .alt(character)
    } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()),
      (1...63).contains(number)
    {
      self = .function(number)
    } else if lowered.hasPrefix("mouse-"), let mouse = Key.mouse(lowered.dropFirst(6)) {
      self = mouse
    } else {
      return nil
    }
  }

  private static let names: [(name: String, key: Key)] = [
    ("Enter", .enter), ("Esc", .escape), ("Tab", .tab), ("shift-Tab", .backtab),
    ("Backspace", .backspace), ("Delete", .delete), ("Insert", .insert), ("Up", .up),
    ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end),
    ("PgUp", .pageUp), ("PgDn", .pageDown), ("resize", .resize), ("closed", .closed),
  ]

  private static let otherNames: [(name: String, key: Key)] = [
    ("return", .enter), ("escape", .escape), ("s-tab", .backtab), ("backtab", .backtab),
    ("del", .delete), ("ins", .insert), ("pageup", .pageUp), ("pagedown", .pageDown),
  ]

  private static func isTyped(_ character: Character) -> Bool {
    guard let glyph = DisplayText.glyphs(String(character)).first else { return false }
    return glyph.character == character && character != " "
  }

  private static func letter(of text: String, after prefixes: [String]) -> Character? {
    for prefix in prefixes where text.hasPrefix(prefix) {
      let rest = text.dropFirst(prefix.count)
      if rest.lowercased() == "space" { return " " }
      if rest.count == 1, let character = rest.first, isTyped(character) { return character }
    }
    return nil
  }

  private static func mouse(_ text: Substring) -> Key? {
    let parts = text.split(separator: "@")
    guard parts.count == 2, let action = MouseAction(rawValue: String(parts[0])) else { return nil }
    let numbers = parts[1].split(separator: ",").compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    return .mouse(action, at: Point(x: numbers[0], y: numbers[1]))
  }
}
