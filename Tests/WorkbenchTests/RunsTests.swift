import Experiments
import TerminalUI
import Testing
import Workbench

/// Runs that the tests of the list share.
enum Shelf {
  static let listings = [
    listing("alpha", .finished, quality: 0.781, tags: ["paper", "seed-7"]),
    listing("beta", .running, isLive: true, quality: nil),
    listing("gamma", .running, quality: 0.70),
    listing("delta", .failed, quality: nil),
  ]

  static func listing(
    _ name: String, _ state: RunState, isLive: Bool = false, quality: Double?, tags: [String] = []
  ) -> RunListing {
    RunListing(
      name: name, state: state, isLive: isLive, rounds: 3, sparsity: 0.5,
      quality: quality.map { QualityScore(.balancedAccuracy, $0) }, meanJaccard: 0.42,
      startedAt: ScriptedRun.start - 7200, tags: tags)
  }

  /// The screen of the run `demo` with the list of runs in focus.
  static func state(
    _ listings: [RunListing] = listings, size: Size = Size(width: 120, height: 40)
  ) -> WorkbenchState {
    var state = WorkbenchState(
      runName: "demo", canLaunch: true, hasRunsFolder: true, now: ScriptedRun.start, size: size)
    let run = ScriptedRun.midway()
    _ = update(&state, .events(run.events))
    state.type("5")
    #expect(update(&state, .tick(run.time)) == [.listRuns(matching: "")])
    _ = update(&state, .runs(.success(listings), matching: ""))
    return state
  }
}

@Suite struct RunsTests {
  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  @Test func runsAreListedWithStateQualityAndAge() {
    let text = text(Shelf.state())
    for word in ["alpha", "done", ".781", "beta", "live", "gamma", "cut", "delta", "fail", "2h"] {
      #expect(text.contains(word), "\(word)\n\(text)")
    }
  }

  @Test func theRunThatIsOpenIsListedAsTheScreenKnowsIt() {
    let old = Shelf.listing("demo", .running, isLive: true, quality: nil)
    var state = Shelf.state([old])
    #expect(text(state).contains("live"))
    state.receive(.stateChanged(.paused))
    #expect(text(state).contains("paus") && !text(state).contains("live"))
    let exported = ExportText.of(state, as: .csv, look: Fixture.color)
    #expect(exported.contains("demo,paused"), "\(exported)")
    state.receive(.stateChanged(.finished))
    #expect(text(state).contains("done"))
  }

  @Test func aFolderInWhichNothingChangesIsAskedLessAndLess() {
    var state = Shelf.state()
    var asked: [Double] = []
    let start = state.now
    for second in 1...100 {
      guard !update(&state, .tick(start + Double(second))).isEmpty else { continue }
      asked.append(Double(second))
      _ = update(&state, .runs(.success(Shelf.listings), matching: ""))
    }
    #expect(asked == [3, 9, 21, 45, 69, 93])
    // What changes is looked at more closely again.
    _ = update(&state, .tick(start + 117))
    _ = update(&state, .runs(.success([]), matching: ""))
    #expect(update(&state, .tick(start + 120)) == [.listRuns(matching: "")])
  }

  @Test func theFolderIsAskedOnlyWhileTheListIsSeen() {
    var state = Shelf.state(size: Size(width: 80, height: 24))
    let soon = state.now + 1
    #expect(update(&state, .tick(soon)) == [])
    #expect(update(&state, .tick(soon + 3)) == [.listRuns(matching: "")])
    #expect(update(&state, .tick(soon + 9)) == [], "one question at a time")
    _ = update(&state, .runs(.success([]), matching: ""))
    state.type("1")
    #expect(update(&state, .tick(soon + 20)) == [])
    state.type("5R")
    #expect(update(&state, .tick(soon + 30)) == [], "the rounds are shown")
    #expect(state.type("R") == [.listRuns(matching: "")])
  }

  @Test func enterAttachesShowsOrOffersToResume() {
    var state = Shelf.state()
    #expect(state.press(.enter) == [.openRun("alpha")])
    #expect(state.press(.enter) == [], "one at a time")
    _ = update(&state, .openFailed("no such\u{7} run"))
    #expect(text(state).contains("no such"))
    #expect(state.press(.down, .enter) == [.openRun("beta")])
    _ = update(&state, .launched(name: "beta"))
    #expect(state.press(.enter) == [], "it is on the screen")
    #expect(state.press(.down, .enter) == [])
    #expect(text(state).contains("gamma was interrupted"))
    #expect(state.type("r") == [.resumeRun("gamma")])
  }

  @Test func anInterruptedRunIsLookedAtByDefault() {
    var state = Shelf.state()
    #expect(state.press(.down, .down, .enter, .enter) == [.openRun("gamma")])
  }

  @Test func theFilterFindsWhileItIsWritten() {
    var state = Shelf.state()
    #expect(state.type("/") == [])
    #expect(state.type("q") == [.listRuns(matching: "q")], "a key of the table is text here")
    _ = update(&state, .runs(.success([]), matching: "q"))
    #expect(text(state).contains("no run meets it"))
    #expect(state.press(.backspace) == [.listRuns(matching: "")])
    #expect(state.type("sparsity >") == [], "one question at a time")
    _ = update(&state, .runs(.success([Shelf.listings[0]]), matching: ""))
    #expect(update(&state, .tick(state.now)) == [.listRuns(matching: "sparsity >")])
    let problem = RunQueryError(column: 11, description: "column 11: found the end")
    _ = update(&state, .runs(.failure(problem), matching: "sparsity >"))
    let lines = render(state, size: state.size, look: Fixture.color).lines
    let line = lines.firstIndex { $0.contains("/ sparsity >") }
    let place = line.flatMap { lines[$0].firstRange(of: "sparsity >")?.upperBound }
    if let line, let place {
      let column = lines[line].distance(from: lines[line].startIndex, to: place)
      let below = Array(lines[line + 1])
      #expect(below.indices.contains(column) && below[column] == "^", "\(lines[line + 1])")
      #expect(lines[line + 2].contains("column 11: found the end"))
    } else {
      Issue.record("no filter on the screen:\n\(lines.joined(separator: "\n"))")
    }
    state.press(.escape)
    _ = update(&state, .runs(.success(Shelf.listings), matching: ""))
    #expect(text(state).contains("delta"))
  }

  @Test func theCursorStaysOnItsRun() {
    var state = Shelf.state()
    state.press(.down, .down)
    #expect(state.runList.selected?.name == "gamma")
    _ = update(&state, .tick(state.now + 4))
    _ = update(
      &state,
      .runs(.success([Shelf.listing("new", .running, quality: nil)] + Shelf.listings), matching: "")
    )
    #expect(state.runList.selected?.name == "gamma")
    state.press(.end, .down, .pageDown)
    #expect(state.runList.selected?.name == "delta")
    state.press(.home, .up)
    #expect(state.runList.selected?.name == "new")
  }

  @Test func aRunIsLaunchedBesideThisOne() {
    var state = Shelf.state()
    #expect(state.type("O") == [.listConfigurations])
    #expect(state.page == .picker)
    state.press(.escape)
    #expect(state.page == .run, "and back")
  }

  @Test func theStartScreenLeadsToTheRuns() {
    var state = WorkbenchState(
      runName: nil, configurations: Fixture.configurations, canLaunch: true, hasRunsFolder: true,
      now: 0, size: Size(width: 80, height: 24))
    #expect(state.type("5") == [.listRuns(matching: "")])
    _ = update(&state, .runs(.success(Shelf.listings), matching: ""))
    #expect(text(state).contains("NO RUN"))
    #expect(state.type("p") == [], "there is no engine")
    #expect(state.press(.enter) == [.openRun("alpha")])
  }

  @Test func markedRunsAreCompared() throws {
    var state = Shelf.state()
    #expect(state.type(" =") == [], "one is not enough")
    #expect(state.type(" =") == [.compareRuns(["alpha", "beta"])])
    _ = update(&state, .compared([Fixture.compared("alpha", 10), Fixture.compared("beta", 3)]))
    #expect(state.page == .comparison)
    let means = text(state)
    for word in ["balanced accuracy", "held-out loss", "chance", "subnetworks", "extraction.prune"]
    {
      #expect(means.contains(word), "\(word)\n\(means)")
    }
    state.type("t")
    #expect(text(state) != means, "a curve for each subnetwork")
    state.press(.down, .pageDown, .home, .escape)
    #expect(state.page == .run)
    #expect(state.comparison == nil)
  }

  @Test func theComparisonKnowsDifferences() {
    let comparison = Comparison(
      runs: [Fixture.compared("alpha", 10), Fixture.compared("beta", 3)])
    func line(_ title: String) -> Comparison.Line? {
      comparison.figures.first { $0.title == title }
    }
    #expect(line("subnetworks")?.values == ["10", "3"])
    #expect(line("rounds")?.values == ["3", "3"])
    #expect(line("sparsity")?.values == ["37.5%", "37.5%"])
    #expect(line("sparsity")?.differences == ["", "+0.0%"])
    #expect(comparison.differentKeys.map(\.title) == ["seed", "extraction.prune_count"])
    #expect(comparison.differentKeys.last?.values == ["6134", "–"])
  }

  @Test(arguments: [1, 3, 12, 24, 60]) func everySizeOfTheComparisonIsDrawn(_ height: Int) {
    var state = Shelf.state()
    _ = update(&state, .compared((0..<9).map { Fixture.compared("run \($0)", $0) }))
    for width in [1, 10, 40, 80, 120, 200] {
      let size = Size(width: width, height: height)
      _ = update(&state, .resize(size))
      #expect(render(state, size: size, look: Fixture.color).size == size)
    }
  }
}

extension Fixture {
  /// A run for a comparison; an even K has a key that an odd one has not.
  static func compared(_ name: String, _ count: Int) -> ComparedRun {
    var run = ComparedRun(name: name)
    for event in ScriptedRun.midway(subnetworks: count).events { run.apply(event) }
    run.keys = ["name", "seed"] + (count.isMultiple(of: 2) ? ["extraction.prune_count"] : [])
    run.configuration = ["name": name, "seed": "\(count)", "extraction.prune_count": "6134"]
      .filter { run.keys.contains($0.key) }
    return run
  }
}
