import Foundation
import Glibc
import TerminalUI
import Workbench

/// One line on how far the work is: rewritten in place on a terminal, with a table beneath it; printed
/// once a minute elsewhere.
@MainActor
final class StatusLine {
  /// Whether it can be rewritten, and has a table.
  let isTerminal: Bool
  private let interval: Duration
  private var shownAt: ContinuousClock.Instant?
  /// The lines on the screen, the cursor at the end of the last.
  private var shown: [String] = []

  /// A line that shows nothing yet.
  init() {
    isTerminal = TerminalReport.reasonForPlainMode() == nil
    interval = isTerminal ? .seconds(2) : .seconds(60)
  }

  /// Shows what the work has come to, if it is time for that.
  /// - Parameter table: asked for on a terminal only.
  func show(_ text: () -> String, table: () -> QueueTable) {
    let now = ContinuousClock.now
    if let shownAt, now - shownAt < interval { return }
    shownAt = now
    let line = Printable.line(text())
    guard isTerminal else { return write(line + "\n") }
    let size = Self.size
    // One line stays free for what was said last.
    draw(
      [DisplayText.prefix(line, width: max(1, size.width - Self.margin))]
        + Self.lines(of: table(), size, height: size.height - 2), size)
  }

  /// Prints a line that stays, above what is shown.
  func say(_ text: String) {
    clear()
    write(Printable.line(text) + "\n")
  }

  /// Takes away what is shown.
  func clear() {
    guard !shown.isEmpty else { return }
    let way = wayBack(Self.size)
    shown = []
    shownAt = nil
    write(way + "\u{1b}[J")
  }

  /// Leaves the table as it is at the end on the screen, and what follows goes below it.
  func leave(_ table: () -> QueueTable) {
    clear()
    guard isTerminal else { return }
    let lines = Self.lines(of: table(), Self.size, height: Self.size.height - 2)
    if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n") }
  }

  // MARK: - Drawing

  /// What a terminal writes when a key is pressed, such as `^C`, has room behind a line.
  private static let margin = 3

  private static func lines(of table: QueueTable, _ size: Size, height: Int) -> [String] {
    table.lines(width: max(1, size.width - margin), height: height)
  }

  private func draw(_ lines: [String], _ size: Size) {
    // In one piece, each line over the one before it: nothing flickers.
    let text = lines.map { $0 + "\u{1b}[K" }.joined(separator: "\r\n")
    let way = shown.isEmpty ? "\r" : wayBack(size)
    shown = lines
    write(way + text + "\u{1b}[J")
  }

  /// The way to the beginning of what is shown; where the terminal has become narrower, a line has
  /// become several.
  private func wayBack(_ size: Size) -> String {
    let rows = shown.reduce(0) { sum, line in
      sum + max(1, (DisplayText.width(line) + size.width - 1) / size.width)
    }
    return rows > 1 ? "\r\u{1b}[\(rows - 1)A" : "\r"
  }

  /// Past the buffer of `print`, so that the parts of a line come in order and at once.
  private func write(_ text: String) {
    fflush(nil)
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }

  private static var size: Size {
    var size = winsize()
    let isKnown =
      ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
    return isKnown
      ? Size(width: Int(size.ws_col), height: Int(size.ws_row)) : Size(width: 80, height: 24)
  }
}
