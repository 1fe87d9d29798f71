import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ExportTests {
  /// The fields of a table, read by the rules of RFC 4180.
  private func parse(_ csv: String) -> [[String]] {
    var records: [[String]] = []
    var (record, field, isQuoted) = ([String](), "", false)
    var rest = csv.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"":
        field.unicodeScalars.append("\"")
        rest.removeFirst()
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        record.append(field)
        field = ""
      case "\r" where !isQuoted && rest.first == "\n":
        rest.removeFirst()
        records.append(record + [field])
        (record, field) = ([], "")
      default: field.unicodeScalars.append(scalar)
      }
    }
    #expect(field.isEmpty && record.isEmpty && !isQuoted, "the last record has its line end")
    return records
  }

  /// Every pane, view and closer look of a run.
  private func states(_ run: ScriptedRun) -> [WorkbenchState] {
    let keys: [(String, [Key])] = [
      ("1", []), ("2", []), ("2t", []), ("2tt", []), ("3", []), ("4", []), ("5", []), ("6", []),
      ("6t", []), ("3", [.down, .enter]), ("3", [.down, .down, .enter]), ("4", [.enter]),
    ]
    return keys.map { text, more in
      var state = Fixture.state(run, size: Size(width: 120, height: 40))
      state.type(text)
      for key in more { state.press(key) }
      return state
    }
  }

  @Test(arguments: [1, 2, 5]) func aComparisonLeavesToo(_ runs: Int) throws {
    var state = Shelf.state()
    _ = update(
      &state, .compared((0..<runs).map { Fixture.compared("run \($0)", 2 + $0) }))
    #expect(state.page == .comparison)
    var records = parse(ExportText.of(state, as: .csv, look: Fixture.color))
    let rounds = try #require(state.comparison).runs.map(\.rounds.count)
    #expect(records.count == 1 + rounds.reduce(0, +))
    #expect(records.allSatisfy { $0.count == records[0].count })
    #expect(Set(records.dropFirst().map { $0[0] }) == Set((0..<runs).map { "run \($0)" }))
    state.type("t")
    records = parse(ExportText.of(state, as: .csv, look: Fixture.color))
    let each = zip(rounds, 0...).map { $0 * (2 + $1) }
    #expect(records.count == 1 + each.reduce(0, +))
    let text = ExportText.of(state, as: .text, look: Fixture.color)
    for words in ["balanced accuracy", "union weights", "held-out loss", "run \(runs - 1)"] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    #expect(!text.contains("quit") && !text.contains("Esc"), "no keys in a picture")
    let parser = XMLParser(data: Data(ExportText.of(state, as: .svg, look: Fixture.color).utf8))
    #expect(parser.parse())
    state.type("e")
    guard case .export(let form)? = state.popup else {
      Issue.record("found \(String(describing: state.popup)), expected the form")
      return
    }
    #expect(form.subject == "Comparison")
    let more = runs > 3 ? "-and-\(runs - 3)" : ""
    #expect(
      form.input.text
        == "comparison" + (0..<min(3, runs)).map { "-run-\($0)" }.joined() + more + ".csv")
    #expect(
      state.press(.enter) == [.export(ExportRequest(path: form.input.text, format: .csv))])
    #expect(
      state.type(":write a.svg") + state.press(.enter)
        == [.export(ExportRequest(path: "a.svg", format: .svg))])
  }

  @Test(arguments: [0, 1, 2, 64]) func everythingIsATableAndAPicture(_ count: Int) throws {
    for state in states(.midway(subnetworks: count)) {
      let records = parse(ExportText.of(state, as: .csv, look: Fixture.color))
      let head = try #require(records.first)
      #expect(head.count >= 2 && Set(head).count == head.count)
      #expect(records.allSatisfy { $0.count == head.count }, "\(state.focus)")
      for look in [Fixture.color, Fixture.mono, Fixture.ascii] {
        let svg = ExportText.of(state, as: .svg, look: look)
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(state.focus): \(String(describing: parser.parserError))")
      }
      let text = ExportText.of(state, as: .text, look: Fixture.ascii)
      #expect(text.hasSuffix("\n") && text.allSatisfy(\.isASCII))
    }
  }

  @Test func namesWithCommasAndQuotesAreQuoted() {
    let names = ["a,b", "say \"x\"", "plain"]
    var state = Fixture.state(.midway(names: names))
    state.type("2")
    let records = parse(ExportText.of(state, as: .csv, look: Fixture.color))
    #expect(records.dropFirst().map { $0[0] } == names)
  }

  @Test func thePairsOfAnOverlapAreAllThere() throws {
    var state = Fixture.state(.midway())
    state.type("3")
    let records = parse(ExportText.of(state, as: .csv, look: Fixture.color))
    #expect(records.count == 1 + 45)
    let overlap = try #require(state.run.overlap)
    let place = try #require(records[0].firstIndex(of: "jaccard"))
    #expect(Double(records[1][place]) == overlap.jaccard[0][1], "with all its digits")
    // Layer by layer: the counts add up to the layer's J.
    state.press(.down, .down, .enter)
    let layers = parse(ExportText.of(state, as: .csv, look: Fixture.color))
    #expect(layers.map { $0[0] }.last == "all")
    let columns = ["only_first", "both", "only_second", "jaccard"].compactMap {
      layers[0].firstIndex(of: $0)
    }
    for record in layers.dropFirst().dropLast() {
      let figures = columns.compactMap { Double(record[$0]) }
      try #require(figures.count == 4)
      #expect(figures[1] / (figures[0] + figures[1] + figures[2]) == figures[3])
    }
  }

  @Test func theHeatmapLeavesWhole() {
    var state = Fixture.state(.midway(subnetworks: 64))
    state.type("3")
    let text = ExportText.of(state, as: .text, look: Fixture.color)
    #expect(text.contains("A class 0") || text.contains("A airplane"))
    #expect(text.contains("63 class 63"), "the last row, though the screen has no room for it")
  }

  @Test func theFormAsksForAFileWithAKnownEnding() {
    var state = WorkbenchState(
      runName: "demo", runsFolder: "runs", now: 0, size: Size(width: 80, height: 24))
    _ = update(&state, .events(ScriptedRun.midway().events))
    state.type("3e")
    guard case .export(let form)? = state.popup else {
      Issue.record("no form")
      return
    }
    #expect(form.input.text == "runs/demo/exports/overlap-round-3.csv")
    state.press(.tab)
    let svg = ExportRequest(path: "runs/demo/exports/overlap-round-3.svg", format: .svg)
    #expect(state.press(.enter) == [.export(svg)])
    #expect(state.popup == nil)
    state.type("e")
    state.press(.control("u"))
    state.type("picture.png")
    #expect(state.press(.enter) == [.ring])
    guard case .export(let again)? = state.popup else {
      Issue.record("the form is gone")
      return
    }
    #expect(again.problem == "must end in .csv, .svg or .txt")
    state.press(.escape)
    #expect(state.popup == nil)
    #expect(state.export(to: "a.TXT") == [.export(ExportRequest(path: "a.TXT", format: .text))])
    #expect(state.export(to: ".csv") == [.ring], "an ending alone is no name")
  }

  @Test func aFileThatIsThereIsAskedAbout() {
    var state = Fixture.state(.midway())
    let request = ExportRequest(path: "runs/a.csv", format: .csv)
    _ = update(&state, .exportExists(request))
    guard case .dialog(let dialog)? = state.popup else {
      Issue.record("no question")
      return
    }
    #expect(dialog.choices[dialog.selected].outcome == .rename(request), "the safe answer first")
    var wish = request
    wish.replaces = true
    #expect(state.type("r") == [.export(wish)])
    _ = update(&state, .exportExists(request))
    state.press(.enter)
    guard case .export(let form)? = state.popup else {
      Issue.record("no form")
      return
    }
    #expect(form.input.text == "runs/a.csv")
  }
}

@Suite(.timeLimit(.minutes(4))) @MainActor struct ExportFileTests {
  private func wait(_ terminal: MemoryTerminal, for text: String) async -> Bool {
    for _ in 0..<1200 {
      if terminal.screen?.text.contains(text) == true { return true }
      try? await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  @Test func filesAreWrittenWhollyOrNotAtAll() async throws {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "rtl-export-\(UUID())").path
    try files.createDirectory(atPath: folder + "/demo", withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    let terminal = MemoryTerminal(size: Size(width: 120, height: 40))
    let workbench = Workbench(
      terminal: terminal, runner: LoopTests.ObedientRunner(.midway()), runsFolder: folder)
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "round 4/6"))
    func export(to path: String?) {
      terminal.press(.character("e"))
      guard let path else { return terminal.press(.enter) }
      terminal.press(.control("u"))
      for character in path { terminal.press(.character(character)) }
      terminal.press(.enter)
    }
    // The folder for exports is made; the default name is in it.
    terminal.press(.character("4"))
    export(to: nil)
    let file = folder + "/demo/exports/layers-round-3.csv"
    #expect(await wait(terminal, for: "+ written: "))
    let first = try String(contentsOfFile: file, encoding: .utf8)
    #expect(first.hasPrefix("layer,weights,subnetwork,"))
    // The same name again is asked about, and what is there stays until the answer.
    try "mine".write(toFile: file, atomically: true, encoding: .utf8)
    export(to: nil)
    #expect(await wait(terminal, for: "is there already"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    terminal.press(.character("r"))
    for _ in 0..<1200 where try String(contentsOfFile: file, encoding: .utf8) == "mine" {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == first)
    // A folder that is not there, and a name that is a folder.
    export(to: folder + "/no/such/place.csv")
    #expect(await wait(terminal, for: "there is no folder"))
    try files.createDirectory(atPath: folder + "/full.svg", withIntermediateDirectories: true)
    export(to: folder + "/full.svg")
    #expect(await wait(terminal, for: "full.svg is there already"))
    terminal.press(.character("r"))
    #expect(await wait(terminal, for: "is a folder, expected a file"))
    let left = try files.subpathsOfDirectory(atPath: folder)
    #expect(!left.contains { $0.hasSuffix(".part") }, "nothing half-written is left")
    terminal.press(.character("q"))
    _ = await running.value
  }
}

extension String {
  fileprivate func write(toFile path: String, atomically: Bool, encoding: Encoding) throws {
    try write(to: URL(filePath: path), atomically: atomically, encoding: encoding)
  }
}
