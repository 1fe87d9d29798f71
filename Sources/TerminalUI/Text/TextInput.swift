/// A line of text that is being edited: the text and where the cursor stands in it.
public struct TextInput: Hashable, Sendable {
  private var characters: [Character]
  /// The characters before the cursor.
  public private(set) var cursor: Int
  /// Whether the text is a proposal, which the first character typed replaces.
  public private(set) var isProposal = false

  /// A text with the cursor at its end.
  public init(_ text: String = "") {
    characters = DisplayText.glyphs(text).map(\.character)
    cursor = characters.count
  }

  /// A text that is proposed: typing replaces it, moving in it takes it over to be edited.
  public static func proposing(_ text: String) -> TextInput {
    var input = TextInput(text)
    input.propose()
    return input
  }

  /// Makes what is written a proposal.
  public mutating func propose() {
    isProposal = !characters.isEmpty
    cursor = characters.count
  }

  /// The text.
  public var text: String { String(characters) }

  /// Whether there is no text.
  public var isEmpty: Bool { characters.isEmpty }

  /// The columns before the cursor.
  public var cursorColumn: Int { DisplayText.width(String(characters[..<cursor])) }

  /// Edits the text; false if the key means nothing here, so that somebody else may have it.
  ///
  /// Characters are inserted at the cursor, or take the place of a proposal; Backspace, Delete, arrows, Home, End, and as in a shell
  /// ctrl-a, ctrl-e, ctrl-u (all before), ctrl-k (all behind), ctrl-w (a word).
  public mutating func handle(_ key: Key) -> Bool {
    if isProposal {
      isProposal = false
      switch key {
      case .character, .backspace, .delete: self = TextInput()
      default: break
      }
    }
    switch key {
    case .character(let character): return insert(character)
    case .backspace where cursor > 0:
      cursor -= 1
      characters.remove(at: cursor)
    case .delete where cursor < characters.count: characters.remove(at: cursor)
    case .backspace, .delete: break
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .control("u"):
      characters.removeSubrange(..<cursor)
      cursor = 0
    case .control("k"): characters.removeSubrange(cursor...)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  private mutating func insert(_ character: Character) -> Bool {
    let glyphs = DisplayText.glyphs(String(character))
    characters.insert(contentsOf: glyphs.map(\.character), at: cursor)
    cursor += glyphs.count
    return true
  }

  private mutating func removeWord() {
    var start = cursor
    while start > 0, characters[start - 1] == " " { start -= 1 }
    while start > 0, characters[start - 1] != " " { start -= 1 }
    characters.removeSubrange(start..<cursor)
    cursor = start
  }
}

extension Screen {
  /// Draws a text that is being edited into the first row of `rect`, after a prompt, scrolled so that
  /// the cursor is seen; with the focus it places the terminal's cursor.
  public mutating func put(
    _ input: TextInput, prompt: String = "", in rect: Rect, focused: Bool, look: Look
  ) {
    guard !rect.isEmpty else { return }
    let style = look[focused ? .fieldFocused : .field]
    let used = put(prompt, at: rect.origin, style: look[.accent], clip: rect)
    let room = rect.inset(left: used)
    guard !room.isEmpty else { return }
    fill(room.row(0), style: style)
    let hidden = max(0, input.cursorColumn - (room.width - 1))
    let textStyle = focused && input.isProposal ? look[.selection] : style
    var column = -hidden
    for glyph in DisplayText.glyphs(input.text) {
      if column >= 0 {
        put(
          glyph.character, width: glyph.width, at: Point(x: room.x + column, y: room.y),
          style: textStyle, clip: room.row(0))
      }
      column += glyph.width
    }
    if focused {
      cursor = Point(x: room.x + min(input.cursorColumn - hidden, room.width - 1), y: room.y)
    }
  }
}
