import Experiments
import Foundation
import LotteryEngine

/// Decodes a dataset's images before a run starts, and says how far it is.
enum DatasetPreparation {
  /// Prepares what is not prepared yet; images that are left out are named on standard error.
  /// - Throws: what is wrong with the dataset.
  static func run(_ config: DatasetConfig) throws {
    let started = ContinuousClock.now
    let isTerminal = isatty(STDERR_FILENO) == 1
    var hasSpoken = false
    let skipped = try DatasetCatalogue.prepare(config) { done, all in
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      // Nothing for what takes no time; a line at the end where nobody can watch.
      guard isTerminal ? hasSpoken || seconds > 0.5 : done == all else { return }
      hasSpoken = true
      let left =
        done == all ? "" : ", \(Figure.duration(seconds / Double(done) * Double(all - done))) left"
      let text = "images decoded: \(done) of \(all)\(left)"
      write(isTerminal ? "\r\(bar(done, of: all)) \(text)\u{1b}[K" : text + "\n")
    }
    if isTerminal, hasSpoken { write("\n") }
    for reason in skipped.prefix(10) { write("rtl: left out: \(Printable.line(reason))\n") }
    if skipped.count > 10 { write("rtl: left out: \(skipped.count - 10) more broken images\n") }
  }

  /// Twenty cells, in signs that every terminal has.
  private static func bar(_ done: Int, of all: Int) -> String {
    let full = done * 20 / max(1, all)
    return "[\(String(repeating: "#", count: full))\(String(repeating: "-", count: 20 - full))]"
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
