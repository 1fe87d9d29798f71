public import Experiments
internal import TerminalUI

/// The runs of a queue as a table in plain text, cut to a terminal's size.
public struct QueueTable: Sendable, Equatable {
  /// A run of the queue.
  public struct Row: Sendable, Equatable {
    /// The run's name.
    public var name: String
    /// How it is, in a word.
    public var state: String
    /// Pruning rounds that have ended.
    public var rounds: Int?
    /// Pruning rounds that there are to be.
    public var plannedRounds: Int?
    /// Mean sparsity of the subnetworks.
    public var sparsity: Double?
    /// The mean of what they are judged by after joint retraining.
    public var score: QualityScore?
    /// Mean J over the subnetworks.
    public var meanJaccard: Double?
    /// Seconds of work.
    public var seconds: Double?

    /// A run of which nothing more is known.
    public init(name: String, state: String) {
      self.name = name
      self.state = state
    }
  }

  /// The runs, in their order.
  public var rows: [Row]
  /// The run that matters most, which is always in sight: the present one, or the one that ended last.
  public var present: Int

  /// A table of runs.
  public init(rows: [Row], present: Int = 0) {
    self.rows = rows
    self.present = present
  }

  /// The lines for a terminal of so many columns and rows: a head, a line per run, and how many more
  /// there are before and after those that fit. Those around the present run fit first. No line is
  /// longer than the width.
  public func lines(width: Int, height: Int) -> [String] {
    guard width > 0, height > 1, !rows.isEmpty else { return [] }
    let sight = inSight(height - 1)
    let columns = columns(width)
    let widths = columns.map { column in
      max(
        DisplayText.width(column.head), rows.map { DisplayText.width(column.text($0)) }.max() ?? 0)
    }
    let rest = widths.reduce(0) { $0 + $1 + Self.gap }
    let names = names(in: width - rest)
    let longest = names.map { DisplayText.width($0) }.max() ?? 0
    let nameWidth = max(1, min(width - rest, max(3, longest)))
    func line(_ name: String, _ cells: [String]) -> String {
      let padded = zip(zip(columns, widths), cells).map { column, cell in
        DisplayText.padded(cell, to: column.1, alignment: column.0.alignment)
      }
      let text = ([DisplayText.padded(name, to: nameWidth)] + padded)
        .joined(separator: String(repeating: " ", count: Self.gap))
      return DisplayText.prefix(text, width: width)
    }
    var lines = [line("run", columns.map(\.head))]
    if sight.before > 0 { lines.append(Self.more(sight.before, "before", width)) }
    lines += sight.rows.map { index in
      line(
        DisplayText.shortenedInMiddle(names[index], to: nameWidth),
        columns.map { $0.text(rows[index]) })
    }
    if sight.after > 0 { lines.append(Self.more(sight.after, "more", width)) }
    return lines
  }

  private static let gap = 2

  /// The names; where they have no room, only what tells them apart.
  private func names(in width: Int) -> [String] {
    let names = rows.map { Names.printable($0.name) }
    let distinct = DistinctNames(names)
    return [names, distinct.names].first { names in
      names.allSatisfy { DisplayText.width($0) <= width }
    } ?? distinct.values
  }

  private static func more(_ count: Int, _ word: String, _ width: Int) -> String {
    DisplayText.prefix("… \(count) \(word)", width: width)
  }

  /// The rows that have a place among so many lines: two thirds of what is beside the present one are
  /// those before it, which have figures.
  private func inSight(_ height: Int) -> (rows: Range<Int>, before: Int, after: Int) {
    guard rows.count > height else { return (rows.indices, 0, 0) }
    let present = min(max(0, present), rows.count - 1)
    // A line each says what is out of sight, where there is room for that.
    let room = max(1, height - 2)
    var first = min(max(0, present - room * 2 / 3), rows.count - room)
    var end = first + room
    guard height > 2 else { return (present..<(present + 1), 0, height > 1 ? rows.count - 1 : 0) }
    if first == 0 { end += 1 }
    if end == rows.count, first > 0 { first -= 1 }
    return (first..<end, first, rows.count - end)
  }

  // MARK: - Columns

  private struct Column {
    let head: String
    var alignment = TextAlignment.right
    let text: (Row) -> String
  }

  /// The columns that have room beside the beginning and the end of a name, the first ones first.
  private func columns(_ width: Int) -> [Column] {
    let quality = QualityColumns(rows.map { $0.score?.metric })
    let all = [
      Column(head: "state", alignment: .left) { $0.state },
      Column(head: "round") { row in
        guard let rounds = row.rounds else { return "" }
        return row.plannedRounds.map { "\(rounds)/\(max(rounds, $0))" } ?? "\(rounds)"
      },
      Column(head: "sparse") { $0.sparsity.map { Figures.percent($0) } ?? "" },
      Column(head: quality.head) { $0.score.map(quality.text) ?? "" },
      Column(head: "mean J") { $0.meanJaccard.map { Figures.ratio($0) } ?? "" },
      Column(head: "time") { $0.seconds.map(Figures.duration) ?? "" },
    ]
    let leastName = 12
    var used = leastName
    return Array(
      all.prefix { column in
        let texts = rows.map { DisplayText.width(column.text($0)) }
        used += max(DisplayText.width(column.head), texts.max() ?? 0) + Self.gap
        return used <= width
      })
  }
}
