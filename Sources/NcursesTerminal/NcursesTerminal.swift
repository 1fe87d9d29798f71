internal import CNcurses
internal import Glibc
public import TerminalUI

/// The terminal of this process, driven through ncurses; there is one at most.
///
/// While it's open, fatal signals, the end of the process and a stop give the terminal back first;
/// HUP, INT and TERM only where the program hasn't taken them itself before. It belongs to the
/// task or thread that opened it.
public final class NcursesTerminal: Terminal {
  /// What it can show.
  public let capabilities: TerminalCapabilities
  /// What was shown last; nil when everything has to be drawn.
  private var shown: Screen?
  private var isOpen = true

  /// Takes the terminal on standard input and output.
  ///
  /// - Parameters:
  ///   - diverting: Whether what is printed meanwhile on standard output and error is kept aside; its
  ///     end is printed once the terminal was given back.
  ///   - noColor: The value of `NO_COLOR`; anything but nothing means no colours.
  /// - Throws: ``NcursesError``; nothing has been written to the terminal then.
  public init(
    diverting: Bool = true, noColor: String? = NcursesTerminal.environment("NO_COLOR")
  ) throws {
    let name = NcursesTerminal.environment("TERM") ?? ""
    switch Int(ncurses_open(STDIN_FILENO, STDOUT_FILENO, diverting)) {
    case NCURSES_OK: break
    case NCURSES_UNKNOWN_TERMINAL: throw NcursesError.unknownTerminal(name: name)
    case NCURSES_NO_CURSOR_ADDRESSING: throw NcursesError.noCursorAddressing(name: name)
    case NCURSES_ALREADY_OPEN: throw NcursesError.alreadyOpen
    default: throw NcursesError.notATerminal
    }
    let colors = NcursesTerminal.depth(
      count: Int(ncurses_color_count()), isRefused: !(noColor ?? "").isEmpty)
    if colors != .mono { ncurses_start_colors() }
    capabilities = TerminalCapabilities(
      colors: colors,
      glyphs: GlyphSet.detected(locale: ncurses_is_utf8() ? "UTF-8" : nil, term: name))
  }

  deinit {
    if isOpen { ncurses_close() }
  }

  /// An environment variable; nil if it isn't set.
  public static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The depth for a number of colours; terminals that count in millions number them differently, so
  /// that only the first eight are the same everywhere.
  static func depth(count: Int, isRefused: Bool) -> ColorDepth {
    if isRefused { return .mono }
    switch count {
    case 8..<16: return .eight
    case 16..<256: return .sixteen
    case 256: return .indexed256
    case 257...: return .eight
    default: return .mono
    }
  }

  /// Its present size.
  public var size: Size {
    Size(width: Int(ncurses_columns()), height: Int(ncurses_rows()))
  }

  /// A descriptor that becomes readable when the size changes or the process goes on after a stop; a
  /// loop that waits for keys should wait for it, too, and then read keys.
  public var wakeDescriptor: Int32 { ncurses_wake_descriptor() }

  /// Writes the cells that differ from the screen before; an equal screen writes nothing.
  public func show(_ screen: Screen) {
    guard isOpen else { return }
    let isWhole = shown?.size != screen.size || ncurses_was_interrupted()
    let width = min(screen.width, size.width)
    var isChanged = isWhole || shown?.cursor != screen.cursor
    for y in 0..<min(screen.height, size.height) {
      let columns =
        if !isWhole, let shown { screen.columnsToWrite(y, over: shown) } else {
          (0..<width).filter { screen[$0, y].width > 0 }
        }
      for x in columns where x < width {
        put(screen[x, y], x: x, y: y)
        isChanged = true
      }
    }
    guard isChanged else { return }
    if let cursor = screen.cursor {
      ncurses_place_cursor(Int32(cursor.y), Int32(cursor.x))
    } else {
      ncurses_place_cursor(-1, 0)
    }
    ncurses_show(isWhole)
    shown = screen
  }

  private func put(_ cell: Cell, x: Int, y: Int) {
    let isPlain = capabilities.glyphs == .ascii && !cell.character.isASCII
    let text = isPlain ? Transliteration.ascii(cell.character) : cell.character
    let columns = isPlain ? 1 : Int32(cell.width)
    var scalars = text.unicodeScalars.map(\.value)
    ncurses_put(
      Int32(y), Int32(x), &scalars, Int32(scalars.count), columns, number(cell.style.foreground),
      number(cell.style.background), UInt32(cell.style.attributes.rawValue))
    if isPlain, cell.width == 2 {
      var space: [UInt32] = [0x20]
      ncurses_put(
        Int32(y), Int32(x + 1), &space, 1, 1, number(cell.style.foreground),
        number(cell.style.background), UInt32(cell.style.attributes.rawValue))
    }
  }

  private func number(_ color: Color) -> Int32 {
    switch color.reduced(to: min(capabilities.colors, .indexed256)) {
    case .indexed(let index): Int32(index)
    case .terminal, .rgb: -1
    }
  }

  /// The next key that was pressed, or nil; never waits.
  public func nextKey() -> Key? {
    guard isOpen else { return nil }
    let key = Key(ncurses_read())
    if key == .resize { shown = nil }
    return key
  }

  /// Switches the mouse on or off.
  public func setMouse(_ on: Bool) {
    if isOpen { ncurses_set_mouse(on) }
  }

  /// Asks for the colour of the background, where the terminal may understand and colours are shown; an
  /// answer comes among the keys as `Key.background`.
  public func askForBackground() {
    if isOpen, capabilities.colors != .mono { ncurses_ask_background() }
  }

  /// Rings the bell.
  public func ring() {
    if isOpen { ncurses_ring() }
  }

  /// Gives the terminal back and stops the process; what follows in the program goes on afterwards,
  /// with the terminal taken again at the next key or screen.
  public func suspend() {
    if isOpen { ncurses_suspend() }
  }

  /// Gives the terminal back; what was printed meanwhile comes out.
  public func restore() {
    guard isOpen else { return }
    isOpen = false
    ncurses_close()
  }
}
