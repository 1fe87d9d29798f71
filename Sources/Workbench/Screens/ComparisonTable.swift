internal import TerminalUI

/// The figures of a comparison, a column a run; of many runs as many as have room for their figures.
struct ComparisonTable {
  /// The runs.
  let comparison: Comparison
  /// The columns of the screen that there are.
  let width: Int
  private let figures: [Comparison.Line]
  private let keys: [Comparison.Line]

  /// The figures of some runs in so many columns.
  init(_ comparison: Comparison, width: Int) {
    self.comparison = comparison
    self.width = max(0, width)
    figures = comparison.figures
    keys = comparison.differentKeys
  }

  // MARK: - What is in sight

  /// How many runs stand side by side.
  var runsInSight: Int {
    min(comparison.runs.count, max(1, (width - titleWidth - 1) / (leastWidth + 1)))
  }

  /// The first run with which the last is in sight.
  var lastFirstRun: Int { max(0, comparison.runs.count - runsInSight) }

  /// The runs in sight.
  var runs: Range<Int> {
    let first = min(max(0, comparison.firstRun), lastFirstRun)
    return first..<(first + runsInSight)
  }

  /// The width in which every run is in sight.
  var wholeWidth: Int { Self.widestTitle + 1 + comparison.runs.count * (leastWidth + 1) }

  private static let widestTitle = 28

  /// What a run's figures take, with or without their differences below.
  private var leastWidth: Int {
    let texts = figures.flatMap { $0.values + $0.differences }
    return min(14, max(6, texts.map(DisplayText.width).max() ?? 0))
  }

  private var titleWidth: Int {
    guard comparison.runs.count > 2 else { return min(Self.widestTitle, max(10, width * 2 / 5)) }
    let titles = (figures + keys).map { DisplayText.width($0.title) + 1 }
    return min(Self.widestTitle, max(10, min(titles.max() ?? 0, width / 3)))
  }

  /// Whether every figure has room for its difference beside it; else that has a line of its own.
  private var differencesFit: Bool {
    let room = (width - titleWidth) / max(1, runsInSight) - 1
    return figures.allSatisfy { line in
      zip(line.values, line.differences).allSatisfy { value, difference in
        difference.isEmpty || DisplayText.width(value) + DisplayText.width(difference) + 3 <= room
      }
    }
  }

  // MARK: - Texts

  /// What stands in the frame: which runs are shown, and what they are compared with.
  func title(left: String, right: String) -> String {
    let shown = runs
    let part =
      shown.count < comparison.runs.count
      ? " · runs \(shown.lowerBound + 1)–\(shown.upperBound) of \(comparison.runs.count) \(left) \(right)"
      : ""
    let first = part.isEmpty ? comparison.runs.first?.name : comparison.distinctNames.names.first
    return "figures\(part) · \(differencesFit ? "in brackets" : "below"): to \(first ?? "")"
  }

  /// The heads: of the runs in sight what tells them from the others.
  func columns(_ look: Look) -> [TableColumn] {
    let shown = runs
    let room = (width - titleWidth - 1) / max(1, shown.count) - 3
    let names = comparison.shortNames(in: room)
    return [TableColumn(" ", width: .fixed(titleWidth))]
      + shown.map { run in
        let name = DisplayText.shortenedInMiddle(
          names[run], to: max(1, room), ellipsis: look.glyphs.ellipsis)
        return TableColumn("\(look.glyphs.mark(run)) \(name)", width: .fill(1))
      }
  }

  /// The lines: the figures, then the keys of the configs that differ.
  var rows: [[Span]] {
    let (isBeside, shown) = (differencesFit, runs)
    var rows = figures.flatMap { line -> [[Span]] in
      func difference(_ run: Int) -> String {
        line.differences.indices.contains(run) ? line.differences[run] : ""
      }
      let values = shown.map { run in
        let difference = difference(run)
        return Span(
          difference.isEmpty || !isBeside
            ? line.values[run] : "\(line.values[run]) (\(difference))")
      }
      let head = [Span(" " + line.title, .label)] + values
      guard !isBeside, line.differences.contains(where: { !$0.isEmpty }) else { return [head] }
      return [head, [Span("")] + shown.map { Span(difference($0), .dim) }]
    }
    rows.append([Span("")])
    rows.append([Span(keys.isEmpty ? " the configs are the same" : " config keys", .strong)])
    return rows
      + keys.map { line in
        [Span(" " + line.title, .label)] + shown.map { Span(line.values[$0]) }
      }
  }
}

extension Comparison {
  /// What tells the runs apart, whole names where all have room, else what differs, with the keys of the
  /// values where those have room, too.
  func shortNames(in room: Int) -> [String] {
    func fit(_ names: [String]) -> Bool { names.allSatisfy { DisplayText.width($0) <= room } }
    let all = runs.map(\.name)
    if fit(all) { return all }
    let distinct = distinctNames
    return fit(distinct.names) ? distinct.names : distinct.values
  }
}
