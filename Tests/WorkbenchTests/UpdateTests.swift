import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct UpdateTests {
  @Test func pausingIsShownUntilTheEngineStandsStill() {
    var state = Fixture.state(.midway())
    #expect(state.stateWord == "RUNNING")
    #expect(state.type("p") == [.send(.pause)])
    #expect(state.stateWord == "PAUSING")
    state.receive(.commandAccepted(.pause))
    #expect(state.stateWord == "PAUSING")
    state.receive(.stateChanged(.paused))
    #expect(state.stateWord == "PAUSED")
    #expect(state.type("p") == [.send(.resume)])
    #expect(state.stateWord == "RESUMING")
    state.receive(.stateChanged(.running))
    #expect(state.stateWord == "RUNNING")
  }

  @Test func pressingPauseAgainWithdrawsIt() {
    var state = Fixture.state(.midway())
    state.type("p")
    #expect(state.type("p") == [.send(.resume)])
    #expect(state.stateWord == "RUNNING")
    state.receive(.stateChanged(.pausing))
    #expect(state.stateWord == "PAUSING")
    #expect(state.type("p") == [.send(.resume)])
  }

  @Test func pauseAtRoundEndIsWithdrawnByItsOwnKey() {
    var state = Fixture.state(.midway())
    #expect(state.type("P") == [.send(.pauseAtRoundEnd)])
    #expect(state.stateWord == "RUNNING→PAUSE")
    #expect(state.type("P") == [.send(.resume)])
    #expect(state.stateWord == "RUNNING")
    state.type("P")
    #expect(state.type("p") == [.send(.pause)])
  }

  @Test func aRefusedCommandSaysWhy() {
    var state = Fixture.state(.midway())
    state.type("p")
    #expect(state.receive(.commandRefused(.pause, reason: "no batch to stop at")) == [.ring])
    #expect(state.stateWord == "RUNNING")
    #expect(state.notice?.text.contains("no batch to stop at") == true)
    state.type("p")
    state.receive(.commandRefused(.startRetraining(epochs: nil), reason: "not now"))
    #expect(state.stateWord == "PAUSING", "another command's refusal is not this one's")
  }

  @Test func aKeyThatDoesNothingSaysWhy() {
    var run = ScriptedRun.midway()
    run.send(.stateChanged(.finished))
    run.send(.runEnded(.finished))
    var state = Fixture.state(run)
    #expect(state.type("p") == [])
    #expect(state.notice?.text == "the run has ended")
    #expect(state.type("Q") == [])
    #expect(state.popup == nil)
    #expect(state.notice?.text.contains("q leaves") == true)
    _ = update(&state, .tick(state.now + 60))
    #expect(state.notice == nil)
  }

  @Test func launchFormSendsItsSettings() {
    var state = Fixture.state(.midway())
    state.type("n")
    state.press(.control("u"))
    state.type("1,000")
    state.press(.tab, .control("u"))
    state.type("3x")
    state.press(.tab, .control("u"))
    state.type("5e-4")
    let settings = RoundSettings(pruneCount: 1000, epochs: 3, learningRate: 5e-4)
    #expect(state.press(.enter) == [.send(.launchRound(settings))])
    #expect(state.popup == nil)
  }

  @Test(arguments: [
    ("0", "2", "1e-4"), ("99999999", "2", "1e-4"), ("", "2", "1e-4"),
    ("10", "0", "1e-4"), ("10", "2", "0"), ("10", "2", "e"), ("10", "2", "11"),
    ("99999999999999999999", "2", "1e-4"),
  ])
  func launchFormRefuses(_ prune: String, _ epochs: String, _ rate: String) {
    var state = Fixture.state(.midway())
    state.type("n")
    for (index, text) in [prune, epochs, rate].enumerated() {
      if index > 0 { state.press(.tab) }
      state.press(.control("u"))
      state.type(text)
    }
    #expect(state.press(.enter) == [.ring])
    guard case .form(let form)? = state.popup else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.command == nil)
    #expect(form.problem(with: form.focus) != nil, "the focus is on the problem")
    state.press(.escape)
    #expect(state.popup == nil)
  }

  @Test(arguments: [RunState.preparing, .running, .paused, .waiting, .stopping, .finished])
  func leavingChangesNothing(_ engine: RunState) {
    var run = ScriptedRun.midway()
    run.send(.stateChanged(engine))
    for action: Action in [.key(.character("q")), .key(.control("c")), .key(.closed), .interrupted]
    {
      var state = Fixture.state(run)
      #expect(update(&state, action) == [.quit], "\(action)")
    }
  }

  @Test func aLostEngineIsShownWithTheWayBack() {
    var state = Fixture.state(.midway())
    state.type("p")
    #expect(update(&state, .contact(RunContact(link: .stalled(seconds: 7)))) == [])
    #expect(state.stateWord == "STALLED")
    _ = update(&state, .tick(state.now + 60))
    #expect(render(state, size: state.size, look: Fixture.color).text.contains("for 7 s"))
    _ = update(&state, .contact(RunContact()))
    #expect(state.stateWord == "PAUSING")
    let advice = "the engine is gone: `rtl status demo`"
    #expect(update(&state, .contact(RunContact(link: .lost(advice: advice)))) == [.ring])
    #expect(state.stateWord == "LOST")
    _ = update(&state, .tick(state.now + 60))
    #expect(render(state, size: state.size, look: Fixture.mono).text.contains(advice))
    for key in "pPnrQ" {
      #expect(state.type(String(key)) == [], "\(key)")
      #expect(state.notice?.text == advice)
    }
    #expect(state.popup == nil)
    #expect(state.type("q") == [.quit])
  }

  @Test func aRunThatEndedIsNotLost() {
    var run = ScriptedRun.midway()
    run.send(.stateChanged(.finished))
    run.send(.runEnded(.finished))
    var state = Fixture.state(run)
    _ = update(&state, .contact(RunContact(link: .lost(advice: "gone"))))
    #expect(state.stateWord == "FINISHED")
    #expect(!render(state, size: state.size, look: Fixture.color).text.contains("gone"))
  }

  @Test func whoOnlyWatchesIsRefusedWithTheReason() {
    var state = Fixture.state(.midway())
    let reason = "process 7 has taken control"
    #expect(update(&state, .contact(RunContact(refusal: reason))) == [.ring])
    #expect(state.notice?.text == reason)
    for key in "pPnrQ" {
      #expect(state.type(String(key)) == [], "\(key)")
      #expect(state.notice?.text == reason)
    }
    #expect(render(state, size: state.size, look: Fixture.color).text.contains("WATCHING"))
    state.type("z")
    #expect(state.isZoomed, "what is on the screen is the watcher's own")
  }

  @Test func endingARunKeepsTheScreen() {
    var state = Fixture.state(.midway())
    state.type("Q")
    #expect(state.press(.enter) == [], "cancel is the default")
    state.type("Q")
    #expect(state.type("f") == [.send(.stop(.finishRound))])
    #expect(!state.receive(.runEnded(.stopped)).contains(.quit))
    #expect(state.type("q") == [.quit])
  }

  @Test func aRunThatDoesNotEndCanBeKilled() {
    var state = Fixture.state(.midway())
    state.type("Q")
    #expect(state.type("k") == [], "who moves up by k must not end a run")
    #expect(state.type("s") == [.send(.stop(.now))])
    state.receive(.stateChanged(.stopping))
    state.type("Q")
    #expect(state.press(.enter) == [], "cancel is the default")
    state.type("Q")
    #expect(state.type("K") == [.send(.stop(.kill))])
    #expect(state.type("Q") == [], "there is no sooner")
    state.receive(.commandAccepted(.stop(.kill)))
    #expect(RunReport.lines(of: state.run).first?.contains("demo: interrupted after") == true)
    _ = update(&state, .contact(RunContact(link: .lost(advice: "`rtl resume demo` goes on"))))
    #expect(state.stateWord == "INTERRUPTED")
    #expect(
      render(state, size: state.size, look: Fixture.color).text
        .contains("`rtl resume demo` goes on"))
  }

  @Test func pickerLaunchesAndShowsFailures() {
    let size = Size(width: 80, height: 24)
    var state = WorkbenchState(
      runName: nil, configurations: Fixture.configurations, canLaunch: true, now: 0, size: size)
    state.press(.down, .down)
    #expect(state.press(.enter) == [.launch(Fixture.configurations[1])])
    #expect(state.press(.enter) == [], "one launch at a time")
    _ = update(&state, .launchFailed("no data in ./data\u{7}"))
    let text = render(state, size: size, look: Fixture.color).text
    #expect(text.contains("no data in ./data"))
    state.press(.enter)
    _ = update(&state, .launched(name: "demo-2"))
    #expect(state.page == .run)
    #expect(render(state, size: size, look: Fixture.color).text.contains("demo-2"))
  }

  @Test func freezingHoldsTheDisplayAndKeepsTheData() {
    var run = ScriptedRun()
    run.round(1)
    var state = Fixture.state(run)
    state.type("f")
    let before = state.shown.round
    run.round(2)
    _ = update(&state, .events(Array(run.events.dropFirst(state.run.log.count))))
    #expect(state.shown.round == before)
    #expect(state.run.round == 2)
    state.type("f")
    #expect(state.shown.round == 2)
  }

  @Test func footerHasUpToEightKeysThatWork() {
    for run in [ScriptedRun(subnetworks: 0), .midway()] {
      let state = Fixture.state(run)
      let footer = KeyMap.run.footer(for: state)
      #expect(footer.count <= 8)
      #expect(footer.allSatisfy { state.reasonAgainst($0.command) == nil })
    }
  }

  @Test func noKeyIsBoundTwice() {
    for map in [KeyMap.run, .picker, .comparison] {
      let keys = map.bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
    }
  }

  @Test func tabVisitsEveryPane() {
    var state = Fixture.state(.midway())
    var seen: Set<Pane> = []
    for _ in Pane.allCases {
      seen.insert(state.focus)
      state.press(.tab)
    }
    #expect(seen.count == Pane.allCases.count)
    #expect(state.focus == .loss)
    state.press(.backtab)
    #expect(state.focus == .log)
  }
}
