import Experiments
import Foundation
import Glibc
import NcursesTerminal
import Synchronization
import TerminalUI
import Workbench

/// The bytes that the terminal driver sends for a frame, counted at the other end of a pseudo terminal.
struct FrameBytes: Encodable {
  /// The first frame: everything is drawn.
  var full: Int
  /// The same screen once more.
  var unchanged: Int
  /// A frame after some new steps, all of the run in sight; the median of several.
  var newSteps: Int
  /// The same while the newest eighth of the x axis is followed, a column of it each time.
  var scrolling: Int

  /// Frames of each kind that are looked at.
  private static let frames = 9

  /// Draws frames of a run that goes on, on a terminal of this size that nobody sees.
  /// - Throws: `UsageError` if there is no pseudo terminal to be had.
  static func measured(
    _ start: WorkbenchState, _ run: InventedRun, size: Size, theme: Theme
  ) throws -> FrameBytes {
    var (state, run) = (start, run)
    let line = try SilentLine(size: size)
    defer { line.close() }
    let terminal = try NcursesTerminal(diverting: false, noColor: "")
    defer { terminal.restore() }
    let look = Look(
      theme: theme.adapted(to: terminal.capabilities.colors), glyphs: terminal.capabilities.glyphs)
    func bytes(of state: WorkbenchState) -> Int {
      let before = line.settledCount
      terminal.show(render(state, size: size, look: look))
      return line.settledCount - before
    }
    let full = bytes(of: state)
    let unchanged = bytes(of: state)
    func median(steps: Int) -> Int {
      let counts = (0..<frames).map { _ in
        let goal = run.steps + steps
        while run.steps < goal { _ = update(&state, .events(run.next(steps: goal))) }
        _ = update(&state, .tick(run.time))
        return bytes(of: state)
      }
      return counts.sorted()[frames / 2]
    }
    let newSteps = median(steps: 20)
    for _ in 0..<3 { _ = update(&state, .key(.character("+"))) }
    _ = bytes(of: state)
    // About a column of the chart each time.
    let scrolling = median(steps: max(20, run.steps / 8 / 80))
    return FrameBytes(full: full, unchanged: unchanged, newSteps: newSteps, scrolling: scrolling)
  }
}

/// A pseudo terminal in place of standard input and output, whose other end only counts.
private final class SilentLine: Sendable {
  private let master: Int32
  private let saved: (input: Int32, output: Int32)
  private let count = Atomic<Int>(0)

  init(size: Size) throws {
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    var window = winsize(
      ws_row: UInt16(size.height), ws_col: UInt16(size.width), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ours, &theirs, nil, nil, &window) == 0 else {
      throw UsageError("bench screen: no pseudo terminal: \(String(cString: strerror(errno)))")
    }
    master = ours
    saved = (dup(STDIN_FILENO), dup(STDOUT_FILENO))
    fflush(nil)
    dup2(theirs, STDIN_FILENO)
    dup2(theirs, STDOUT_FILENO)
    Glibc.close(theirs)
    setenv("TERM", "xterm-256color", 1)
    setenv("LC_ALL", "C.UTF-8", 1)
    unsetenv("LINES")
    unsetenv("COLUMNS")
    Thread.detachNewThread { [self] in
      var block = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let got = read(self.master, &block, block.count)
        guard got > 0 else { return }
        count.add(got, ordering: .relaxed)
      }
    }
  }

  /// The bytes so far, once none have come for a moment.
  var settledCount: Int {
    var before = -1
    var now = count.load(ordering: .relaxed)
    while now != before {
      before = now
      usleep(20_000)
      now = count.load(ordering: .relaxed)
    }
    return now
  }

  /// Gives standard input and output back.
  func close() {
    dup2(saved.input, STDIN_FILENO)
    dup2(saved.output, STDOUT_FILENO)
    Glibc.close(saved.input)
    Glibc.close(saved.output)
  }
}
