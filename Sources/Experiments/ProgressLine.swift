internal import Foundation

/// Lines of a log that are steps and epochs, told by their last bytes: a log is mostly these, and to
/// decode them only to pass over them would take nearly all of the time.
///
/// Keys are written in the order of their names, so that `event`, `sequence` and `time` stand at the
/// end. A line in another order is not told this way, and is decoded like any other.
enum ProgressLine {
  private static let marks = ["step_finished", "epoch_finished"].map {
    Array("\"event\":\"\($0)\",\"sequence\":".utf8)
  }

  /// The number of a line that is a step or an epoch; `nil` if it is something else.
  static func sequence(of line: Data) -> Int? {
    let tail = Array(line.suffix(120))
    for mark in marks {
      guard tail.count > mark.count,
        let start = (0..<tail.count - mark.count).last(where: { tail[$0...].starts(with: mark) })
      else { continue }
      let digits = tail[(start + mark.count)...].prefix { $0 >= 48 && $0 <= 57 }
      return Int(String(decoding: digits, as: UTF8.self))
    }
    return nil
  }
}
