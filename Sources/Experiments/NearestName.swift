/// Finds the name a person probably meant.
public enum NearestName {
  /// The candidate with the smallest edit distance, if it is near enough to be a slip: at most half
  /// of what was typed may be wrong.
  public static func find(_ name: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (name: $0, distance: distance(name, $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, name.count / 2) ? best.name : nil
  }

  /// The fewest insertions, deletions, substitutions and exchanges of neighbours, without regard to
  /// case, that turn one name into the other, no character being touched twice.
  static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.lowercased()), Array(second.lowercased()))
    var (above, row) = ([Int](), Array(0...b.count))
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var least = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, above[j - 1] + 1) }
        next.append(least)
      }
      (above, row) = (row, next)
    }
    return row[b.count]
  }
}
