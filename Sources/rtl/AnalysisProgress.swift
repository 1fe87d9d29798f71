import Foundation

/// How far an analysis is, as a line on a terminal that is written over; nothing elsewhere.
struct AnalysisProgress {
  private let word: String
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// - Parameter word: what is done with each, such as `calibrated`.
  init(_ word: String) { self.word = word }

  /// Tells how many of how many are done; the last takes the line away.
  func tell(_ done: Int, of all: Int) {
    guard isTerminal else { return }
    let text = done == all ? "" : "\(word): \(done) of \(all)"
    FileHandle.standardError.write(Data("\r\(text)\u{1b}[K".utf8))
  }
}
