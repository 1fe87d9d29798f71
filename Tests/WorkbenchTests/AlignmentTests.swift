import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct AlignmentTests {
  static let names = ScriptedRun.classNames

  /// Names that are alike as a made-up figure says.
  static func similarity(_ names: [String]) -> NameSimilarity {
    NameSimilarity(
      source: "WordNet path similarity", names: names,
      values: names.indices.map { i in
        names.indices.map { i == $0 ? 1 : ScriptedRun.noise(min(i, $0), max(i, $0), 99) }
      })
  }

  private func opened(_ run: ScriptedRun = .midway(), width: Int = 120, height: Int = 40)
    -> WorkbenchState
  {
    var state = Fixture.state(run, size: Size(width: width, height: height))
    state.type("3A")
    return state
  }

  @Test func theKeyOpensItAndLooksTheNamesUpOnce() throws {
    var state = Fixture.state(.midway(), size: Size(width: 120, height: 40))
    state.type("3")
    #expect(state.type("A") == [.lookUpNames(Self.names)])
    #expect(state.drills == [.alignment])
    #expect(state.alignment.names == .asked(Self.names))
    #expect(state.type("A").isEmpty && state.drills.isEmpty, "the same key closes it")
    #expect(state.type("A").isEmpty, "they are being looked up already")
    _ = update(&state, .namesFound(.known(Self.similarity(Self.names)), for: Self.names))
    let round = try #require(state.alignment.round)
    #expect(round.levels.map(\.name) == ["all", "shallow", "middle", "deep"])
    let overlap = try #require(state.run.overlap)
    let expected = RankCorrelation.spearman(
      PairList.values(of: overlap.jaccard),
      PairList.values(of: Self.similarity(Self.names).values))
    #expect(round.levels[0].byJaccard.spearman == expected && expected != nil)
    #expect(round.levels[0].byJaccard.p != nil)
  }

  @Test func anAnswerForOtherNamesIsNotTaken() {
    var state = opened()
    _ = update(&state, .namesFound(.unknown("no"), for: ["x"]))
    #expect(state.alignment.names == .asked(Self.names))
    _ = update(&state, .launched(name: "another"))
    _ = update(&state, .namesFound(.unknown("no"), for: Self.names))
    #expect(state.alignment.names == .unasked && state.alignment.round == nil)
  }

  @Test func aNewComparisonIsTakenInWhileItIsOpen() throws {
    var run = ScriptedRun.midway()
    var state = opened(run)
    #expect(state.alignment.round?.round == 3)
    let count = run.events.count
    run.endRound(4)
    _ = update(&state, .events(Array(run.events[count...])))
    #expect(state.alignment.round?.round == 4)
    state.press(.escape)
    let more = run.events.count
    run.endRound(5)
    _ = update(&state, .events(Array(run.events[more...])))
    #expect(state.alignment.round?.round == 4, "what nobody sees is not computed")
    state.type("A")
    #expect(state.alignment.round?.round == 5)
  }

  @Test func theArrowsGoAlongTheLeavesAndEnterOpensOne() throws {
    var state = opened()
    let order = try #require(state.alignment.tree).order
    state.press(.down)
    #expect(state.selected == order[0])
    state.press(.down, .down)
    #expect(state.selected == order[2])
    state.press(.end, .down)
    #expect(state.selected == order[9])
    state.press(.enter)
    #expect(state.drills == [.alignment, .subnetwork(order[9])])
    state.press(.escape, .escape)
    #expect(state.drills.isEmpty)
  }

  @Test func whereNoNameIsKnownItSaysWhatToDo() {
    var state = opened()
    let reason = "/usr/share/wordnet/index.noun: is missing: install Debian's package wordnet-base"
    _ = update(&state, .namesFound(.unknown(reason), for: Self.names))
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("install Debian's package wordnet-base"))
    #expect(text.contains("joined at J"), "the tree is there all the same")
    #expect(!text.contains("ρ"))
  }

  @Test func namesThatCannotBeFoundAreNamed() {
    let problems = (1...5).map { "no noun 'w\($0)'; give it a meaning\n    w.n.01: what it is" }
    guard case .unknown(let few) = AlignmentView.Names.unfound([problems[1]], source: "WordNet"),
      case .unknown(let many) = AlignmentView.Names.unfound(problems, source: "WordNet")
    else {
      Issue.record("found")
      return
    }
    #expect(few.hasPrefix("WordNet: no noun 'w2': give"), "\(few)")
    #expect(many.contains("'w1', no noun 'w2', no noun 'w3' and 2 more: give"), "\(many)")
    #expect(!many.contains("\n"))
  }

  @Test func beforeAComparisonItDoesNotOpen() {
    var state = Fixture.state(ScriptedRun(), size: Size(width: 120, height: 40))
    #expect(state.type("3A").isEmpty && state.drills.isEmpty)
    var single = Fixture.state(.midway(subnetworks: 1), size: Size(width: 120, height: 40))
    #expect(single.type("3A").isEmpty && single.drills.isEmpty)
  }

  @Test func itIsExported() {
    var state = opened()
    _ = update(&state, .namesFound(.known(Self.similarity(Self.names)), for: Self.names))
    let lines = ExportText.of(state, as: .csv, look: Fixture.color).split(separator: "\r\n")
    #expect(lines.count == 1 + 4 * 11)
    #expect(lines[1].hasPrefix("all,all,") && lines[2].hasPrefix("all,airplane,"))
    let picture = ExportText.of(state, as: .text, look: Fixture.color)
    #expect(Self.names.allSatisfy { picture.contains($0) })
  }

  @Test func sixtyFourScroll() throws {
    var state = opened(.midway(subnetworks: 64))
    let names = try #require(state.run.description).subnetworks
    _ = update(&state, .namesFound(.known(Self.similarity(names)), for: names))
    let order = try #require(state.alignment.tree).order
    state.press(.end)
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains(names[order[63]]))
    state.press(.home)
    #expect(render(state, size: state.size, look: Fixture.color).text.contains(names[order[0]]))
  }
}
