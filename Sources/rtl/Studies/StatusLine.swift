import Foundation
import Glibc

/// One line on how far the work is: rewritten in place on a terminal, printed once a minute elsewhere.
@MainActor
final class StatusLine {
  private let isTerminal: Bool
  private let interval: Duration
  private var shownAt: ContinuousClock.Instant?
  private var isShowing = false

  /// A line that shows nothing yet.
  init() {
    isTerminal = TerminalReport.reasonForPlainMode() == nil
    interval = isTerminal ? .seconds(2) : .seconds(60)
  }

  /// Shows what the work has come to, if it is time for that.
  func show(_ text: () -> String) {
    let now = ContinuousClock.now
    if let shownAt, now - shownAt < interval { return }
    shownAt = now
    let line = Printable.line(text())
    guard isTerminal else { return print(line) }
    isShowing = true
    write("\r" + line.prefix(max(1, Self.columns - 1)) + "\u{1b}[K")
  }

  /// Prints a line that stays.
  func say(_ text: String) {
    clear()
    print(Printable.line(text))
    fflush(nil)
  }

  /// Takes away what is shown.
  func clear() {
    guard isShowing else { return }
    isShowing = false
    shownAt = nil
    write("\r\u{1b}[K")
  }

  private func print(_ line: String) {
    write(line + "\n")
  }

  /// Past the buffer of `print`, so that the parts of a line come in order and at once.
  private func write(_ text: String) {
    fflush(nil)
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }

  private static var columns: Int {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }
}
