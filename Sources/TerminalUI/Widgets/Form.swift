/// A field of a form: what it asks for, what was typed, and what is wrong with it.
public struct FormField: Hashable, Sendable {
  /// What it asks for.
  public var label: String
  /// What was typed.
  public var input: TextInput
  /// What is wrong with it; nil if nothing is.
  public var message: String?
  /// What may be typed; shown while nothing is wrong.
  public var hint: String

  /// A field.
  public init(
    label: String, input: TextInput = TextInput(), message: String? = nil, hint: String = ""
  ) {
    self.label = label
    self.input = input
    self.message = message
    self.hint = hint
  }
}

/// Fields below one another, one of them with the focus, each with room for what is wrong.
public struct Form: Widget, Sendable {
  /// The fields.
  public var fields: [FormField]
  /// The one that has the focus, from 0; nil for none.
  public var focus: Int?

  /// A form of these fields.
  public init(fields: [FormField], focus: Int? = 0) {
    self.fields = fields
    self.focus = focus
  }

  /// The rows that it takes: one per field.
  public var height: Int { fields.count }

  /// The field that is drawn at a place, from 0; nil where there is none.
  public func field(at point: Point, in rect: Rect) -> Int? {
    guard rect.contains(point) else { return nil }
    let first = Table.firstVisible(
      selected: focus, count: fields.count, height: rect.height, first: 0)
    let index = first + point.y - rect.y
    return fields.indices.contains(index) ? index : nil
  }

  /// Draws a row per field: label, text, then the message or the hint; scrolls to the focus.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let longest = fields.map { DisplayText.width($0.label) }.max() ?? 0
    let labelWidth = min(longest, max(1, rect.width / 3))
    let notes = fields.map { DisplayText.width($0.message.map { "! \($0)" } ?? $0.hint) }.max() ?? 0
    let noteWidth = rect.width >= 40 ? min(notes + 1, rect.width / 2) : 0
    let first = Table.firstVisible(
      selected: focus, count: fields.count, height: rect.height, first: 0)
    for (row, index) in (first..<fields.count).prefix(rect.height).enumerated() {
      let field = fields[index]
      let isFocused = index == focus
      let parts = rect.row(row).columns(
        [.fixed(1), .fixed(labelWidth), .rest, .fixed(noteWidth)], gap: 0)
      screen.put(
        isFocused ? ">" : " ", in: parts[0], style: look[isFocused ? .accent : .text])
      screen.put(
        field.label, in: parts[1], style: look[isFocused ? .strong : .label],
        ellipsis: look.glyphs.ellipsis)
      let box = parts[2].inset(left: parts[2].width > 3 ? 1 : 0)
      screen.put(field.input, in: box, focused: isFocused, look: look)
      let note = parts[3].inset(left: 1)
      if let message = field.message {
        screen.put(
          "! \(message)", in: noteWidth > 0 ? note : .zero, style: look[.invalid],
          ellipsis: look.glyphs.ellipsis)
        if noteWidth == 0, let last = box.isEmpty ? nil : box.maxX - 1 {
          screen.put("!", x: last, y: box.y, style: look[.invalid])
        }
      } else {
        screen.put(field.hint, in: note, style: look[.dim], ellipsis: look.glyphs.ellipsis)
      }
    }
  }
}
