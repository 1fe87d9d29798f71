/// What tells names that are alike apart: of `demo-lr=1e-3,k=2-1` and `demo-lr=1e-4,k=2-1` only `lr=1e-3`
/// and `lr=1e-4`.
package struct DistinctNames: Sendable, Equatable {
  /// Each name without the parts that all have in common.
  package let names: [String]
  /// The same without the keys of values, where all have the same key at the place: `1e-3`, `1e-4`.
  package let values: [String]
  /// What they have in common, with `…` where they differ; `nil` if it is nothing.
  package let pattern: String?

  /// A part of a name, with what stands before it.
  private struct Part {
    var separator: String
    var text: String

    /// What stands before `=`; `nil` without one.
    var key: Substring? {
      text.firstIndex(of: "=").map { text[..<$0] }
    }
  }

  /// The differences between names; those of a name that stands alone or of names that are all the same
  /// are the names.
  package init(_ all: [String]) {
    let parts = all.map(Self.parts)
    let counts = parts.map(\.count)
    guard Set(all).count > 1, let least = counts.min(), let first = parts.first else {
      (names, values, pattern) = (all, all, nil)
      return
    }
    func isShared(_ place: Int, fromEnd: Bool = false) -> Bool {
      let texts = parts.map { $0[fromEnd ? $0.count - 1 - place : place].text }
      return Set(texts).count == 1
    }
    guard Set(counts).count == 1 else {
      // Parts do not face each other: only what all begin and end with goes, and something stays.
      let head = (0..<least).prefix { isShared($0) }.count
      let start = min(head, least - 1)
      let tail = (0..<(least - 1 - start)).prefix { isShared($0, fromEnd: true) }.count
      names = parts.map { Self.text($0[start..<($0.count - tail)]) }
      values = names
      let before = Self.text(first.prefix(start))
      let after = first.suffix(tail).map { $0.separator + $0.text }.joined()
      let gap = start > 0 ? first[start].separator : ""
      pattern = start + tail > 0 ? before + gap + "…" + after : nil
      return
    }
    let different = first.indices.filter { !isShared($0) }
    let keys = first.indices.map { place in
      Set(parts.map { $0[place].key }).count == 1 ? first[place].key : nil
    }
    names = parts.map { parts in Self.text(different.map { parts[$0] }[...]) }
    values = parts.map { parts in
      let shown = different.map { place in
        var part = parts[place]
        if let key = keys[place] { part.text.removeFirst(key.count + 1) }
        return part
      }
      return Self.text(shown[...])
    }
    let shape = first.indices.map { place in
      let part = first[place]
      guard different.contains(place) else { return part }
      return Part(separator: part.separator, text: keys[place].map { $0 + "=…" } ?? "…")
    }
    let hasShape = different.count < first.count || keys.contains { $0 != nil }
    pattern = hasShape ? Self.text(shape[...]) : nil
  }

  /// Parts one after the other, without what stands before the first.
  private static func text(_ parts: ArraySlice<Part>) -> String {
    parts.enumerated().map { ($0.offset > 0 ? $0.element.separator : "") + $0.element.text }
      .joined()
  }

  /// A name at its commas and dashes, but for those within brackets, exponents and before numbers.
  private static func parts(of name: String) -> [Part] {
    let characters = Array(name)
    var parts = [Part(separator: "", text: "")]
    var depth = 0
    for (index, character) in characters.enumerated() {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      let before = index > 0 ? characters[index - 1] : " "
      let digit = index > 1 ? characters[index - 2] : " "
      let isExponent = before.lowercased() == "e" && digit.isNumber
      let isCut = character == "," || (character == "-" && before != "=" && !isExponent)
      if isCut, depth < 1 {
        parts.append(Part(separator: String(character), text: ""))
      } else {
        parts[parts.count - 1].text.append(character)
      }
    }
    return parts
  }
}
