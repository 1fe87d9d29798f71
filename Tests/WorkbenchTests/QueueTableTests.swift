import Experiments
import TerminalUI
import Testing
import Workbench

/// The table of a queue as lines of text.
@Suite struct QueueTableTests {
  /// A queue in which the runs before one have finished and those after it have not begun.
  private func table(_ count: Int, present: Int) -> QueueTable {
    QueueTable(
      rows: (0..<count).map { index in
        let name = "demo-prune_count=\(1000 + index),criterion=magnitude-1"
        guard index <= present else { return QueueTable.Row(name: name, state: "queued") }
        let isDone = index < present
        var row = QueueTable.Row(name: name, state: isDone ? "finished" : "running")
        row.rounds = isDone ? 12 : 4
        row.plannedRounds = 12
        row.sparsity = isDone ? 0.75 : 0.375
        row.score = isDone ? QualityScore(.balancedAccuracy, 0.7 + 0.001 * Double(index)) : nil
        row.meanJaccard = 0.42
        row.seconds = 4320
        return row
      }, present: present)
  }

  /// Lines without the blanks at their ends.
  private func trimmed(_ lines: [String]) -> [String] {
    lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  @Test("a line per run with its figures; names are whole where they fit")
  func whole() {
    #expect(
      trimmed(table(3, present: 1).lines(width: 100, height: 20)) == [
        "run                                          state     round  sparse   bal  mean J   time",
        "demo-prune_count=1000,criterion=magnitude-1  finished  12/12   75.0%  .700     .42  1h12m",
        "demo-prune_count=1001,criterion=magnitude-1  running    4/12   37.5%           .42  1h12m",
        "demo-prune_count=1002,criterion=magnitude-1  queued",
      ])
  }

  @Test("narrow, names lose what they have in common, then figures their columns")
  func narrow() {
    #expect(
      trimmed(table(2, present: 1).lines(width: 65, height: 20)) == [
        "run               state     round  sparse   bal  mean J   time",
        "prune_count=1000  finished  12/12   75.0%  .700     .42  1h12m",
        "prune_count=1001  running    4/12   37.5%           .42  1h12m",
      ])
    #expect(
      trimmed(table(2, present: 1).lines(width: 30, height: 20)) == [
        "run   state     round",
        "1000  finished  12/12",
        "1001  running    4/12",
      ])
    #expect(table(2, present: 1).lines(width: 9, height: 20) == ["run ", "1000", "1001"])
    var single = table(1, present: 0)
    single.rows[0].name = "a-name-that-is-long-2"
    #expect(trimmed(single.lines(width: 30, height: 20))[1] == "a-name…-long-2  running   4/12")
  }

  @Test("low, the runs around the present one stay, and the others are counted")
  func low() {
    func shown(_ present: Int, _ height: Int) -> [String] {
      table(64, present: present).lines(width: 100, height: height).dropFirst().map {
        $0.hasPrefix("…") ? $0 : String($0.dropFirst("demo-prune_count=".count).prefix(4))
      }
    }
    #expect(
      shown(30, 9) == ["… 26 before", "1026", "1027", "1028", "1029", "1030", "1031", "… 32 more"])
    #expect(shown(0, 6) == ["1000", "1001", "1002", "1003", "… 60 more"])
    #expect(shown(63, 6) == ["… 60 before", "1060", "1061", "1062", "1063"])
    #expect(shown(30, 4) == ["… 30 before", "1030", "… 33 more"])
    #expect(shown(30, 3) == ["1030", "… 63 more"])
    #expect(shown(30, 2) == ["1030"])
    #expect(shown(30, 1) == [] && shown(30, 0) == [])
  }

  @Test("scores of several metrics have their units, names no control characters")
  func units() {
    var table = table(2, present: 1)
    table.rows[1].score = QualityScore(.psnr, 23.41)
    table.rows[1].name = "a\u{1b}[2J"
    let lines = table.lines(width: 100, height: 9)
    #expect(lines[0].contains("quality") && lines[2].contains("23.41 dB"))
    #expect(lines[2].hasPrefix("a?[2J"))
  }

  @Test("no line is longer than the width, and there are no more than the height")
  func everySize() {
    var wide = table(40, present: 7)
    wide.rows[3].name = "日本語の実行-\(String(repeating: "é", count: 80))"
    for present in [-5, 0, 20, 39, 99] {
      wide.present = present
      for width in -1...130 {
        for height in [-1, 0, 1, 2, 3, 5, 17, 41, 99] {
          let lines = wide.lines(width: width, height: height)
          #expect(lines.count <= max(0, height))
          #expect(lines.allSatisfy { DisplayText.width($0) <= width })
        }
      }
    }
    #expect(QueueTable(rows: []).lines(width: 80, height: 24) == [])
  }
}
