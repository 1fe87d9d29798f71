/// A key that was pressed, or another thing that the terminal has to say.
public enum Key: Hashable, Sendable {
  /// A visible character or a space, as typed: `p`, `P`, `é`.
  case character(Character)
  /// Ctrl and a letter, in lower case.
  case control(Character)
  /// Alt (or Esc just before) and a character.
  case alt(Character)
  /// Enter.
  case enter
  /// Escape.
  case escape
  /// Tab.
  case tab
  /// Shift and Tab.
  case backtab
  /// Backspace.
  case backspace
  /// Delete.
  case delete
  /// Insert.
  case insert
  /// Arrow up.
  case up
  /// Arrow down.
  case down
  /// Arrow left.
  case left
  /// Arrow right.
  case right
  /// Home.
  case home
  /// End.
  case end
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// A function key, F1 and following.
  case function(Int)
  /// The mouse, where it is switched on.
  case mouse(MouseAction, at: Point)
  /// The terminal has another size now.
  case resize
  /// The terminal has told the colour of its background.
  case background(Color)
  /// The terminal is gone: no key will follow.
  case closed
}

/// What was done with the mouse.
public enum MouseAction: String, Hashable, Sendable, CaseIterable {
  /// The left button was pressed.
  case press
  /// The wheel was turned away from the user.
  case wheelUp = "wheel-up"
  /// The wheel was turned towards the user.
  case wheelDown = "wheel-down"
}
