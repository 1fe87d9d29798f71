import Experiments
import TerminalUI
import Testing
import Workbench

/// The comparison with a panel per run.
@Suite struct PanelTests {
  private static let looks = [
    ("", Fixture.color), ("-mono", Fixture.mono), ("-ascii", Fixture.ascii),
  ]

  /// Runs as a sweep names them, none like the other.
  private static func sweep(_ count: Int) -> [ComparedRun] {
    (0..<count).map { index in
      let name = "demo-prune_count=\(1024 << (index / 2 % 8)),epochs_per_round=\(1 + index % 2)-"
      return Fixture.compared(name + "\(1 + index / 16)", 1 + index % 4)
    }
  }

  private func state(_ runs: [ComparedRun], _ size: Size, keys: String = "v") -> WorkbenchState {
    var state = Shelf.state()
    _ = update(&state, .compared(runs))
    _ = update(&state, .resize(size))
    state.type(keys)
    return state
  }

  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  @Test(arguments: ["20x8", "80x24", "120x40", "200x60"]) func golden(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    let state = state(Self.sweep(6), size)
    for (suffix, look) in Self.looks {
      let screen = render(state, size: size, look: look)
      try GoldenTests().expect(screen.text, "panels-\(name)\(suffix).txt")
      if suffix.isEmpty { try GoldenTests().expect(screen.styleText, "panels-\(name).style") }
      if look.glyphs == .ascii { #expect(screen.text.allSatisfy { $0.isASCII }) }
    }
  }

  @Test(arguments: ["80x24", "120x40", "200x60"]) func sixtyFour(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    var state = state(Self.sweep(64), size, keys: "vut")
    let top = text(state)
    #expect(top.contains("1024,1-1") && !top.contains("131072,2-4"))
    state.press(.down)
    #expect(text(state) != top)
    state.press(.up, .up)
    #expect(text(state) == top)
    state.press(.end)
    let bottom = text(state)
    #expect(bottom.contains("131072,2-4") && !bottom.contains("1024,1-1"))
    state.press(.down, .pageDown)
    #expect(text(state) == bottom)
    try GoldenTests().expect(bottom, "panels-64-\(name).txt")
    state.press(.pageUp, .home)
    #expect(text(state) == top)
  }

  @Test("the metric goes round, and the title has the newest figure of the run")
  func metrics() {
    var state = state(Self.sweep(2), Size(width: 120, height: 40), keys: "")
    state.type("u")
    #expect(state.notice?.text.contains("v gives each run a panel") == true)
    #expect(state.comparison?.metric == .quality)
    state.type("v")
    #expect(state.reasonAgainst(.logScale)?.contains("u changes what is drawn") == true)
    var seen: [String] = []
    for words in ["balanced accuracy", " · faint: chance", "held-out loss"] {
      let screen = text(state)
      #expect(screen.contains(words), "\(words)\n\(screen)")
      seen.append(
        screen.split(separator: "\n").first { $0.contains("epochs_per") }.map(String.init) ?? "")
      state.type("u")
    }
    #expect(Set(seen).count == 3, "\(seen)")
    #expect(state.comparison?.metric == .quality)
    state.type("uu")
    let linear = text(state)
    state.type("y")
    #expect(text(state) != linear)
    state.type("v")
    #expect(text(state).contains("figures"), "the table is back")
    state.type("v")
    state.press(.escape)
    #expect(state.page == .run)
  }

  @Test("all panels have one range, that of all runs")
  func range() {
    var low = ComparedRun(name: "low-1")
    var high = ComparedRun(name: "high-1")
    for event in ScriptedRun.midway(subnetworks: 2).events {
      low.apply(event)
      guard case .evaluated(var report) = event.event else {
        high.apply(event)
        continue
      }
      for index in report.subnetworks.indices { report.subnetworks[index].loss += 8 }
      high.apply(
        RecordedEvent(sequence: event.sequence, time: event.time, event: .evaluated(report)))
    }
    let screen = text(state([low, high], Size(width: 80, height: 24), keys: "vuu"))
    // The figures of the axis stand in both panels.
    #expect(screen.split(separator: "\n").contains { $0.components(of: "8┤") == 2 }, "\(screen)")
  }

  @Test("a run that is judged by something else says so")
  func otherMetric() {
    var runs = Self.sweep(2)
    var picture = ComparedRun(name: "picture")
    for event in ScriptedRun.midway(subnetworks: 2).events {
      guard case .evaluated(var report) = event.event else {
        picture.apply(event)
        continue
      }
      report.subnetworks = report.subnetworks.map {
        SubnetworkQuality(subnetwork: $0.subnetwork, loss: $0.loss, score: QualityScore(.psnr, 20))
      }
      picture.apply(
        RecordedEvent(sequence: event.sequence, time: event.time, event: .evaluated(report)))
    }
    runs.append(picture)
    let screen = text(state(runs, Size(width: 120, height: 40)))
    #expect(screen.contains("judged by another"), "\(screen)")
  }

  @Test(arguments: [0, 1, 2, 3, 64]) func everySize(_ count: Int) {
    var state = state(
      Self.sweep(count) + [ComparedRun(name: "nothing yet")], .init(width: 1, height: 1))
    for width in [0, 1, 2, 5, 10, 20, 27, 80, 200] {
      for height in [0, 1, 2, 3, 5, 8, 24, 60] {
        let size = Size(width: width, height: height)
        _ = update(&state, .resize(size))
        for key in [Key.end, .character("u"), .home, .character("t"), .pageDown, .character("y")] {
          state.press(key)
          #expect(render(state, size: size, look: Fixture.color).size == size)
        }
      }
    }
  }

  @Test("an export has every panel")
  func export() {
    let state = state(Self.sweep(20), Size(width: 80, height: 24))
    let picture = ExportText.of(state, as: .text, look: Fixture.color)
    for count in [1024, 2048, 131_072] { #expect(picture.contains("\(count),2-1"), "\(picture)") }
    #expect(!picture.contains("Esc"))
    #expect(ExportText.of(state, as: .csv, look: Fixture.color).hasPrefix("run,round"))
  }
}

extension Substring {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
