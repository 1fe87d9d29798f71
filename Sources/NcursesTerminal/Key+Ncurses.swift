internal import CNcurses
internal import TerminalUI

extension Key {
  /// A key as the shim tells it; nil for nothing.
  init?(_ key: ncurses_key) {
    let point = Point(x: Int(key.x), y: Int(key.y))
    switch Int(key.kind) {
    case NCURSES_CHARACTER:
      guard let typed = Key(typed: key.value) else { return nil }
      self = typed
    case NCURSES_ALT_CHARACTER:
      guard case .character(let character) = Key(typed: key.value) else { return nil }
      self = .alt(character)
    case NCURSES_UP: self = .up
    case NCURSES_DOWN: self = .down
    case NCURSES_LEFT: self = .left
    case NCURSES_RIGHT: self = .right
    case NCURSES_HOME: self = .home
    case NCURSES_END: self = .end
    case NCURSES_PAGE_UP: self = .pageUp
    case NCURSES_PAGE_DOWN: self = .pageDown
    case NCURSES_INSERT: self = .insert
    case NCURSES_DELETE: self = .delete
    case NCURSES_BACKSPACE: self = .backspace
    case NCURSES_ENTER: self = .enter
    case NCURSES_ESCAPE: self = .escape
    case NCURSES_TAB: self = .tab
    case NCURSES_BACKTAB: self = .backtab
    case NCURSES_FUNCTION: self = .function(Int(key.value))
    case NCURSES_MOUSE_PRESS: self = .mouse(.press, at: point)
    case NCURSES_MOUSE_WHEEL_UP: self = .mouse(.wheelUp, at: point)
    case NCURSES_MOUSE_WHEEL_DOWN: self = .mouse(.wheelDown, at: point)
    case NCURSES_RESIZED: self = .resize
    case NCURSES_CLOSED: self = .closed
    case NCURSES_BACKGROUND:
      self = .background(
        .rgb(
          UInt8(key.value >> 16 & 0xff), UInt8(key.value >> 8 & 0xff), UInt8(key.value & 0xff)))
    default: return nil
    }
  }

  /// A character by its scalar, below 32 as Ctrl and a letter.
  private init?(typed value: UInt32) {
    guard let scalar = Unicode.Scalar(value) else { return nil }
    switch value {
    case 0: self = .control(" ")
    case 1...26: self = .control(Character(Unicode.Scalar(UInt8(value + 0x60))))
    case 28...31: self = .control(Character(Unicode.Scalar(UInt8(value + 0x40))))
    default: self = .character(Character(scalar))
    }
  }
}
