import Experiments
import TerminalUI
import Testing
import Workbench

/// Forms, dialogs and marks for what a person asks of a run.
@Suite struct ControlTests {
  private func choices(_ state: WorkbenchState) -> String {
    guard case .dialog(let dialog)? = state.popup else { return "no dialog" }
    return String(dialog.choices.map(\.key))
  }

  private func alarm(
    _ level: Alarm.Level, of k: Int, kind: Alarm.Kind = .overlap, round: Int = 4
  ) -> Alarm {
    Alarm(
      kind, level, subnetwork: k, stage: .extraction, round: round, value: 0.06, limit: 0.05,
      reference: 0.4, chance: 0.1, layer: kind == .emptyLayer ? "head.conv.weight" : nil)
  }

  // MARK: - Run for a while

  @Test func runForSendsItsLength() {
    var state = Fixture.state(.midway())
    state.type("N25")
    state.press(.tab)
    state.type("e")
    let length = RunLength(25, .epochs)
    #expect(state.press(.enter) == [.send(.runFor(length))])
    #expect(state.stateWord == "RUNNING")
    state.receive(.commandAccepted(.runFor(length)))
    #expect(state.stateWord == "RUNNING→PAUSE")
    #expect(state.type("P") == [.send(.resume)], "its own key withdraws the pause")
    state.receive(.commandAccepted(.runFor(length)))
    state.receive(.stateChanged(.paused))
    #expect(state.stateWord == "PAUSED")
  }

  @Test func unitsAreWalkedAround() {
    var state = Fixture.state(.midway())
    state.type("N")
    state.press(.tab, .left)
    #expect(state.press(.enter) == [.send(.runFor(RunLength(1, .rounds)))])
  }

  @Test(arguments: ["0", "", "1000000001", "99999999999999999999"])
  func runForRefuses(_ count: String) {
    var state = Fixture.state(.midway())
    state.type("N")
    state.press(.control("u"))
    state.type(count)
    #expect(state.press(.enter) == [.ring])
    guard case .form(let form)? = state.popup else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.focus == .count && form.problem(with: .count) != nil)
  }

  // MARK: - Settings and frozen masks

  @Test func onlyWhatWasChangedIsSent() {
    var state = Fixture.state(.midway())
    state.type("S")
    #expect(
      render(state, size: state.size, look: Fixture.color).text
        .contains("Takes effect from round 5 on; recorded in the run."))
    state.press(.tab)
    state.type("7")
    #expect(
      state.press(.enter)
        == [.send(.changeSettings(SettingsChange(epochs: 7), subnetwork: nil))])
    state.type("S")
    #expect(state.press(.enter) == [])
    #expect(state.notice?.text == "nothing was changed")
  }

  @Test func aFormIsForAllOrForOne() {
    var state = Fixture.state(.midway())
    var standing = StandingSettings(ScriptedRun().description.defaultRound)
    standing.apply(SettingsChange(pruneCount: 77), to: 2)
    state.receive(.settingsChanged(standing, fromRound: 5))
    state.type("S")
    state.press(.backtab)
    state.type("C")
    guard case .form(let form)? = state.popup else {
      Issue.record("no form")
      return
    }
    #expect(form.text(of: .scope) == "C bird")
    #expect(form.text(of: .pruneCount) == "77", "it shows what holds for the one it is for")
    state.press(.tab, .control("u"))
    state.type("88")
    #expect(
      state.press(.enter)
        == [.send(.changeSettings(SettingsChange(pruneCount: 88), subnetwork: 2))])
    state.type("n")
    state.press(.backtab, .left)
    let settings = standing.general
    #expect(state.press(.enter) == [.send(.launchRound(settings, subnetwork: 9))])
  }

  @Test func settingsAreForTheRowOfTheBarsThatWasPicked() {
    for (pane, scope) in [(Pane.sparsity, "C bird"), (.log, "all")] {
      var state = Fixture.state(.midway())
      state.type("\(Pane.sparsity.rawValue)")
      state.press(.down, .down, .down)
      state.type("\(pane.rawValue)S")
      guard case .form(let form)? = state.popup else {
        Issue.record("no form")
        return
      }
      #expect(form.text(of: .scope) == scope)
    }
  }

  @Test func theEndOfARunDoesNotHideAnAlarm() {
    var state = Fixture.state(.midway())
    state.receive(.alarmRaised(alarm(.critical, of: 1)))
    state.receive(.runEnded(.finished))
    func strip(_ state: WorkbenchState) -> String {
      let text = render(state, size: state.size, look: Fixture.mono).text
      return text.split(separator: "\n").dropLast().last.map(String.init) ?? ""
    }
    #expect(strip(state).contains("run finished") && strip(state).contains("!! alarm"))
    var acknowledged = state
    acknowledged.type("a")
    for var state in [state, acknowledged] {
      _ = update(&state, .tick(state.now + 60))
      #expect(strip(state).contains("CRIT B automobile"), "what was not seen is not acknowledged")
    }
  }

  @Test func freezingNeedsASubnetworkAndIsMarkedEverywhere() {
    var state = Fixture.state(.midway(), size: Size(width: 200, height: 60))
    #expect(state.type("F") == [])
    #expect(state.notice?.text.contains("select a subnetwork") == true)
    state.press(.down, .down)
    #expect(state.type("F") == [.send(.freeze(subnetwork: 1))])
    #expect(state.notice?.text == "B automobile keeps its mask from round 5 on: F lets it go")
    var standing = StandingSettings(ScriptedRun().description.defaultRound)
    standing.setFrozen(1, true)
    state.receive(.settingsChanged(standing, fromRound: 5))
    for pane in [Pane.sparsity, .overlap, .layers] {
      state.type("\(pane.rawValue)z")
      #expect(
        render(state, size: state.size, look: Fixture.mono).text.contains("B="), "\(pane.title)")
      state.type("z")
    }
    #expect(state.type("F") == [.send(.unfreeze(subnetwork: 1))])
    state.type("n")
    state.press(.backtab)
    state.type("B")
    #expect(state.press(.enter) == [.ring])
    guard case .form(let form)? = state.popup else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.problem(with: .scope) == "its mask is frozen")
  }

  @Test func aTargetIsReachedWhenAllThatGoHaveReachedIt() {
    var run = RunModel()
    for event in ScriptedRun.midway().events { run.apply(event) }
    #expect(run.nextTarget == 0.5, "four of ten are there")
    var standing = StandingSettings(ScriptedRun().description.defaultRound)
    for k in 4..<10 { standing.setFrozen(k, true) }
    run.apply(
      RecordedEvent(sequence: 0, time: 0, event: .settingsChanged(standing, fromRound: 5)))
    #expect(run.nextTarget == 0.75)
    // Two rounds of 6,134 weights from half to three quarters; with 2,000, seven.
    #expect(run.plannedRounds == 6)
    standing.apply(SettingsChange(pruneCount: 2000), to: 3)
    run.apply(
      RecordedEvent(sequence: 0, time: 0, event: .settingsChanged(standing, fromRound: 5)))
    #expect(run.plannedRounds == 11)
  }

  // MARK: - Alarms

  @Test func anAlarmIsOnTheStripUntilItIsAcknowledged() {
    var state = Fixture.state(.midway())
    #expect(state.type("!") == [])
    #expect(state.receive(.alarmRaised(alarm(.warning, of: 3))) == [])
    #expect(state.receive(.alarmRaised(alarm(.critical, of: 1))) == [.ring])
    _ = update(&state, .tick(state.now + 60))
    let text = render(state, size: Size(width: 120, height: 40), look: Fixture.mono).text
    #expect(text.contains("!! CRIT B automobile: J 0.460, 0.060 above its lowest"))
    #expect(text.contains("BX automobile"), "the mark beside its name")
    state.type("!")
    #expect(state.selected == 3 && state.focus == .overlap)
    state.type("!")
    #expect(state.selected == 1)
    #expect(state.notice?.text.hasPrefix("2/2 CRIT B automobile") == true)
    state.type("aa")
    #expect(state.alarm == nil)
    state.receive(.alarmRaised(alarm(.critical, of: 5, kind: .emptyLayer)))
    #expect(state.alarm?.text == "CRIT F dog: no weights left in head.conv.weight")
    state.type("!")
    #expect(state.focus == .layers)
    let layer = state.run.overlap?.layers.firstIndex { $0.name == "head.conv.weight" } ?? 0
    #expect(state.overlapView.layer == layer)
    for k in [3, 1, 5] {
      state.receive(
        .alarmCleared(state.run.alarms.first { $0.subnetwork == k } ?? alarm(.warning, of: k)))
    }
    #expect(state.run.alarms.isEmpty && state.run.subnetworks.allSatisfy { $0.alarm == nil })
  }

  @Test func aChartHasOneMarkerForMasksThatCollapseTogether() {
    var state = Fixture.state(.midway())
    let before = state.run.markers.count
    for k in 0..<10 { state.receive(.alarmRaised(alarm(.critical, of: k))) }
    #expect(state.run.markers.count == before + 1)
    #expect(state.run.markers.last?.kind == .alarm(.critical))
  }

  @Test func standingStillWithACriticalAlarmOffersWaysOut() {
    var state = Fixture.state(.midway(), canLaunch: true)
    state.receive(.stateChanged(.paused))
    #expect(state.popup == nil, "a pause without an alarm asks nothing")
    state.receive(.stateChanged(.running))
    state.receive(.alarmRaised(alarm(.critical, of: 1)))
    state.receive(.stateChanged(.paused))
    state.type("?")
    state.tick()
    #expect(choices(state) == "no dialog", "nothing comes over what is open")
    state.press(.escape, .escape)
    state.tick()
    #expect(choices(state) == "kbrc")
    let text = render(state, size: state.size, look: Fixture.mono).text
    #expect(text.contains("CRIT B automobile: J 0.460") && text.contains("Go back to round 3"))
    for _ in 0..<3 {
      _ = update(&state, .tick(state.now + 0.9))
      #expect(state.type("c") == [], "typed for what was there before")
      #expect(choices(state) == "kbrc")
    }
    _ = update(&state, .tick(state.now + 1.1))
    var other = state
    #expect(other.press(.enter) == [], "the safe answer is the default")
    #expect(other.popup == nil)
    other = state
    #expect(other.type("b") == [.branch(round: 3, endsThisRun: true)])
    other = state
    #expect(other.type("r") == [.send(.startRetraining(epochs: nil))])
    #expect(state.alarm?.level == .error, "seeing the offer acknowledges nothing")
    #expect(state.type("c") == [.send(.resume)])
    state.receive(.stateChanged(.running))
    state.receive(.stateChanged(.paused))
    state.tick()
    #expect(state.popup == nil, "it asks once")
  }

  @Test func wordsOfAStateThatIsOverGoWithIt() {
    var state = Fixture.state(.midway())
    state.type("p")
    state.receive(.stateChanged(.paused))
    #expect(state.notice?.text.hasPrefix("paused") == true)
    state.type("p")
    state.receive(.stateChanged(.running))
    #expect(state.notice == nil)
    state.type("f")
    #expect(state.notice?.text.contains("frozen") == true)
    state.type("f")
    #expect(state.notice == nil)
    state.type("N2")
    state.press(.enter)
    #expect(state.notice?.text == "asked to run 2 batches, then pause")
    state.receive(.commandAccepted(.runFor(RunLength(2, .batches))))
    #expect(state.notice?.text == "accepted: run 2 batches, then pause")
  }

  @Test func whatIsLongPastOffersNothing() {
    var state = Fixture.state(.midway(), canLaunch: true)
    // As somebody who attaches hears it: the pause, and that the run went on.
    state.receive(.alarmRaised(alarm(.critical, of: 1)))
    state.receive(.stateChanged(.paused))
    state.receive(.stateChanged(.running))
    state.tick()
    #expect(state.popup == nil)
    state.receive(.stateChanged(.paused))
    state.tick()
    #expect(choices(state) == "kbrc")
    state.receive(.stateChanged(.running))
    #expect(state.popup == nil, "somebody else has answered")
  }

  @Test func whatTheStripTellsOfIsAcknowledged() {
    var state = Fixture.state(.midway(), canLaunch: true)
    for k in 0..<2 { state.receive(.alarmRaised(alarm(.critical, of: k))) }
    let seconds = state.alarm?.seconds
    state.receive(.alarmRaised(alarm(.warning, of: 2)))
    #expect(state.alarm?.text.hasSuffix("(and 1 more)") == true)
    #expect(state.alarm?.seconds == seconds, "the time is the alarm's, not the present")
    state.type("!")
    #expect(state.notice != nil)
    state.type("a")
    #expect(state.notice == nil && state.alarm?.level == .warning)
    state.type("a")
    #expect(state.alarm == nil)
    // It has become worse, which nobody has seen.
    state.receive(.alarmRaised(alarm(.critical, of: 2)))
    #expect(state.alarm?.level == .error)
  }

  // MARK: - Going back

  @Test func goingBackListsTheRoundsAndAsks() {
    var state = Fixture.state(.midway())
    #expect(state.type("b") == [])
    #expect(state.notice?.text == "runs cannot be launched from here")
    state = Fixture.state(.midway(), canLaunch: true)
    state.type("b")
    guard case .rounds(let chooser)? = state.popup else {
      Issue.record("no list")
      return
    }
    #expect(chooser.rows.map(\.round) == [3, 2, 1, 0])
    #expect(chooser.rows[1].quality != nil && chooser.rows[1].jaccard != nil)
    state.press(.down, .enter)
    #expect(choices(state) == "cnb")
    #expect(state.press(.enter) == [], "cancel is the default")
    state.type("b")
    state.press(.end, .enter)
    #expect(state.type("n") == [.branch(round: 0, endsThisRun: false)])
    #expect(state.type("b") == [], "one at a time")
    #expect(state.notice?.text == "a run is being started")
    #expect(update(&state, .launchFailed("no space left")) == [.ring])
    #expect(state.notice?.text == "no new run: no space left")
    #expect(state.page == .run)
    state.type("b")
    state.press(.enter)
    #expect(state.type("b") == [.branch(round: 3, endsThisRun: true)])
    _ = update(&state, .launched(name: "demo-2"))
    #expect(state.run.name == "demo-2" && state.run.rounds.isEmpty)
    #expect(state.notice?.text.hasPrefix("it waits before its first round: S changes") == true)
    state.receive(.roundFinished(round: 3))
    state.receive(.stateChanged(.paused))
    #expect(state.notice?.text.hasPrefix("it waits") == true)
    #expect(state.run.round == 3 && state.run.isBetweenRounds, "what is changed is for round 4")
  }

  @Test func anEndedOrWatchedRunCanOnlyBeBranched() {
    var run = ScriptedRun.midway()
    run.send(.stateChanged(.stopped))
    run.send(.runEnded(.stopped))
    var ended = Fixture.state(run, canLaunch: true)
    ended.type("b")
    ended.press(.enter)
    #expect(choices(ended) == "cn")
    var watched = Fixture.state(.midway(), canLaunch: true)
    _ = update(&watched, .contact(RunContact(refusal: "this only watches")))
    watched.type("b")
    watched.press(.enter)
    #expect(choices(watched) == "cn")
  }

  @Test func theLastHealthyRoundIsPicked() {
    var state = Fixture.state(.midway(), canLaunch: true)
    state.receive(.alarmRaised(alarm(.warning, of: 1, round: 2)))
    state.type("b")
    guard case .rounds(let chooser)? = state.popup else {
      Issue.record("no list")
      return
    }
    #expect(chooser.round == 1)
    #expect(chooser.rows.map(\.alarm) == [nil, .warning, nil, nil])
  }

  // MARK: - Retraining

  @Test func retrainingSaysWhenItStarts() {
    var run = ScriptedRun()
    run.round(1)
    run.send(.stateChanged(.paused))
    var state = Fixture.state(run)
    #expect(state.type("r") == [.send(.startRetraining(epochs: nil))])
    #expect(state.notice?.text == "joint retraining was asked for")
    state.receive(.stateChanged(.running))
    state.receive(.retrainingStarted(round: 1, epochs: 2))
    #expect(state.type("r") == [])
    #expect(state.notice?.text == "joint retraining is under way")
    state.receive(.retrainingFinished(round: 1))
    #expect(state.reasonAgainst(.startRetraining) == nil)
    var midway = Fixture.state(.midway())
    midway.receive(.stateChanged(.paused))
    midway.type("r")
    #expect(midway.notice?.text == "joint retraining starts when the round has ended: p resumes")
  }

  @Test func plainModeTellsAlarmsAtOnce() {
    var reporter = PlainReporter()
    var run = ScriptedRun.midway()
    for event in run.events { _ = reporter.lines(for: event) }
    run.send(.alarmRaised(alarm(.critical, of: 1)))
    let lines = run.events.last.map { reporter.lines(for: $0) } ?? []
    #expect(lines.count == 1)
    #expect(lines.first?.contains("error: CRIT B automobile: J 0.460") == true)
    #expect(reporter.summary().contains { $0.contains("CRIT B automobile") })
  }
}
