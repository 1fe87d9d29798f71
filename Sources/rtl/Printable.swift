import Experiments

/// Text from files as it may go to a terminal: nothing unprintable, so that a file cannot move the cursor,
/// reorder a line, or worse. JSON and CSV are for programs: JSON escapes, CSV is exact.
enum Printable {
  /// One line of text.
  static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { isHarmful($0) ? "\u{fffd}" : $0 }))
  }

  /// Text of several lines, none of them longer than a person reads.
  static func message(_ text: String) -> String {
    let longest = 2000
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { part in
      let line = line(String(part))
      return line.count <= longest ? line : line.prefix(longest) + "…"
    }.joined(separator: "\n")
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isUnprintable && !scalar.isJoiner
  }
}
