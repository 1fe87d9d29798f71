import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct RandomTests {
  /// A small generator, so that a failure can be repeated.
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
  }

  static let keys: [Key] =
    "pPnrNSFb!123456zhjklyxstfa?qQoNg G0.,e-+ucmvO/R=[]<>  :TM:TM*".map { Key.character($0) } + [
      .enter, .enter, .escape, .escape, .escape, .tab, .backtab, .backspace, .delete, .up, .down,
      .left, .right, .home, .end, .pageUp, .pageDown, .control("u"), .control("c"), .function(1),
      .resize, .mouse(.press, at: Point(x: 3, y: 3)), .alt("x"), .character("é"),
    ]

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func nothingTraps(_ seed: UInt64) {
    var dice = Dice(state: seed)
    let count = [0, 1, 10, 64][Int(seed - 1)]
    let events = ScriptedRun.midway(subnetworks: count).events.map(\.event)
    var state = WorkbenchState(
      runName: seed == 2 ? nil : "run", configurations: Fixture.configurations, canLaunch: true,
      hasRunsFolder: true, now: 0, size: Size(width: 80, height: 24))
    var (time, turnsOnRun, turnsOnPanels) = (0.0, 0, 0)
    for turn in 0..<25_000 {
      time += Double.random(in: -0.01...0.2, using: &dice)
      switch Int.random(in: 0..<10, using: &dice) {
      case 0..<5:
        _ = update(&state, .key(Self.keys.randomElement(using: &dice) ?? .escape))
      case 5..<7:
        let event = events.randomElement(using: &dice) ?? .stateChanged(.running)
        _ = update(&state, .events([RecordedEvent(sequence: turn, time: time, event: event)]))
      case 7:
        let event = strange(using: &dice)
        _ = update(&state, .events([RecordedEvent(sequence: turn, time: time, event: event)]))
      case 8: _ = update(&state, world(time, using: &dice))
      default:
        _ = update(
          &state,
          .resize(
            Size(
              width: Int.random(in: 0...210, using: &dice),
              height: Int.random(in: 0...64, using: &dice))))
      }
      if state.page == .run { turnsOnRun += 1 }
      if state.comparison?.showsPanels == true { turnsOnPanels += 1 }
      if turn % 100 == 0 {
        let screen = render(state, size: state.size, look: Fixture.color)
        #expect(screen.size == state.size)
      }
    }
    #expect(turnsOnRun > 10_000, "the run screen was hardly there")
    #expect(turnsOnPanels > 100, "the panels were hardly there")
  }

  /// What is neither a key nor an event; launches often, for the keys leave the run's screen.
  private func world(_ time: Double, using dice: inout Dice) -> Action {
    switch Int.random(in: 0..<13, using: &dice) {
    case 9: .runs(.success(Bool.random(using: &dice) ? Shelf.listings : []), matching: "")
    case 10:
      .runs(.failure(RunQueryError(column: .max, description: "no\u{1B}[2J")), matching: "q")
    case 11: .compared((0..<Int.random(in: 0..<4, using: &dice)).map { Fixture.compared("x", $0) })
    case 12:
      [
        .rewound, .openFailed("no"), .comparisonGrown(nil),
        .comparisonGrown([Fixture.compared("x", 2)]),
      ].randomElement(using: &dice) ?? .rewound
    case 0..<3: .launched(name: "again")
    case 3: .launchFailed("no\u{1B}[2J luck")
    case 4: .interrupted
    case 5: .configurations(Bool.random(using: &dice) ? Fixture.configurations : [])
    case 6:
      .contact(
        [
          RunContact(), RunContact(link: .stalled(seconds: .max)),
          RunContact(link: .lost(advice: "no\u{1B}[2J")), RunContact(refusal: "\u{7}"),
          RunContact(refusal: "recorded", playback: Playback(speed: 0.001)),
        ].randomElement(using: &dice) ?? RunContact())
    default: .tick(time)
    }
  }

  /// Events that no decent engine sends.
  private func strange(using dice: inout Dice) -> Event {
    let number = [-1, 0, 3, 70, .max].randomElement(using: &dice) ?? 0
    let loss = [0, .nan, .infinity, -1, 1e300].randomElement(using: &dice) ?? 0.0
    switch Int.random(in: 0..<15, using: &dice) {
    case 0:
      return .stepFinished(
        StepReport(
          stage: .extraction, round: 1, subnetwork: number, epoch: 1, step: 5, plannedSteps: 0,
          loss: loss, samples: 0))
    case 1:
      return .overlapMeasured(
        OverlapReport(
          round: 2, jaccard: [[1], [loss, 1]], chance: [], unionParameters: -1, ownership: [],
          layers: [LayerOverlap(name: "", sparsity: [], jaccard: [], chance: [])]))
    case 2: return .stateChanged(RunState.allCases.randomElement(using: &dice) ?? .running)
    case 3: return .runEnded(.failed)
    case 4: return .message(.error, "no\u{1B}[2J\nspace left")
    case 5: return .commandRefused(.pause, reason: "")
    case 6:
      return .roundStarted(
        RoundStarted(
          round: 3, settings: RoundSettings(pruneCount: 0, epochs: 0, learningRate: loss),
          plannedSteps: []))
    case 7: return .retrainingStarted(round: 0, epochs: 0)
    case 8:
      return .evaluated(
        EvaluationReport(
          stage: .retraining, round: 0, target: loss, samples: 0, subnetworks: [],
          argmaxAccuracy: loss, unionParameters: nil))
    case 9: return .rewound(round: 9, subnetwork: number)
    case 10:
      return .pruned(
        PruneReport(
          round: 1, subnetwork: number, removed: 0, weightsLeft: 0, sparsity: loss, maskHash: ""))
    case 11:
      return .alarmRaised(
        Alarm(
          Alarm.Kind.allCases.randomElement(using: &dice) ?? .loss,
          Alarm.Level.allCases.randomElement(using: &dice) ?? .warning, subnetwork: number,
          stage: .retraining, round: number, value: loss, limit: loss, reference: loss,
          layer: "\u{1B}[2J"))
    case 12:
      return .alarmCleared(
        Alarm(
          .overlap, .critical, subnetwork: number, stage: .extraction, round: 1, value: loss,
          limit: loss))
    case 13:
      var standing = StandingSettings(
        RoundSettings(pruneCount: 0, epochs: 0, learningRate: loss))
      standing.setFrozen(number, Bool.random(using: &dice))
      return .settingsChanged(standing, fromRound: 3)
    default: return .runStarted(ScriptedRun(subnetworks: 2).description)
    }
  }
}
