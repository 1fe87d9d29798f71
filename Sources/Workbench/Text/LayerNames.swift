internal import TerminalUI

/// Names of layers for a screen: without what all share, and shortened so that they still differ.
package enum LayerNames {
  /// A layer's name, printable, without the ending that all parameters of layers share.
  package static func short(_ name: String) -> String {
    let clean = Names.printable(name)
    return clean.hasSuffix(".weight") ? String(clean.dropLast(7)) : clean
  }

  /// The names, all in so many columns where that can be: first without a last `.conv`, then with the
  /// words between the dots cut to fewer letters, their numbers kept: `bl.0.gh1.pr`.
  ///
  /// A step that would make two names one is not taken.
  package static func fitted(_ names: [String], to width: Int) -> [String] {
    func fits(_ names: [String]) -> Bool { names.allSatisfy { DisplayText.width($0) <= width } }
    let distinct = Set(names).count
    guard !fits(names) else { return names }
    var best = names
    let bare = names.map { $0.hasSuffix(".conv") && $0.count > 5 ? String($0.dropLast(5)) : $0 }
    if Set(bare).count == distinct { best = bare }
    let whole = best
    for letters in stride(from: 8, through: 1, by: -1) where !fits(best) {
      let cut = whole.map { abbreviated($0, letters: letters) }
      guard Set(cut).count == distinct else { break }
      best = cut
    }
    return best
  }

  /// Each word between dots with so many letters, then its digits.
  private static func abbreviated(_ name: String, letters: Int) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false).map { word in
      let digits = word.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
      return String(word.dropLast(digits.count).prefix(letters)) + String(digits)
    }.joined(separator: ".")
  }
}
