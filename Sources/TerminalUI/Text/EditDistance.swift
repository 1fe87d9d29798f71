/// How far apart two words are, for "did you mean".
package enum EditDistance {
  /// The fewest insertions, deletions and replacements of a character that turn one into the other.
  package static func between(_ first: String, _ second: String) -> Int {
    let left = Array(first)
    let right = Array(second)
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(min(above, row[j]) + 1, diagonal + (letter == other ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }

  /// The candidate nearest to `word`, the first on a tie; nil if there is none, or if more than half of
  /// what was written would have to be wrong.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (name: $0, distance: between($0, word)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, word.count / 2) ? best.name : nil
  }
}
