internal import Experiments
internal import TerminalUI

/// Changes the state by an action and says what has to be done in the world; pure.
package func update(_ state: inout WorkbenchState, _ action: Action) -> [Effect] {
  switch action {
  case .key(let key):
    // Words that wait for somebody have been seen now.
    if state.notice?.until == .infinity { state.notice = nil }
    return state.press(key)
  case .events(let events):
    return state.take(events)
  case .tick(let now):
    state.now = max(state.now, now)
    if let notice = state.notice, notice.until <= state.now { state.notice = nil }
    return state.refreshRuns() + state.refreshComparison() + state.offerWaysOut()
  case .resize(let size):
    state.size = size
    state.clampScroll()
    return []
  case .launched(let name):
    let isBranch = state.isBranching
    state.start(runNamed: name)
    if isBranch {
      // The same plan would end in the same place.
      let (change, go) = (state.label(of: .settings), state.label(of: .pause))
      state.say(
        "it waits before its first round: \(change) changes its plan, \(go) lets it go", .good)
    }
    return []
  case .launchFailed(let reason):
    let wasBranching = state.isBranching
    state.picker.isLaunching = false
    state.isBranching = false
    if wasBranching || state.page != .picker {
      state.say("no new run: \(Names.printable(reason))", .error)
    } else {
      state.picker.failure = Names.printable(reason)
    }
    return [.ring]
  case .contact(let contact):
    return state.take(contact)
  case .interrupted:
    return [.quit]
  case .runs(let answer, let text):
    state.runList.take(answer, to: text)
    return []
  case .openFailed(let reason):
    state.runList.opening = nil
    state.say(Names.printable(reason), .error)
    return [.ring]
  case .compared(let runs):
    state.compare(runs)
    return []
  case .comparisonGrown(let runs):
    state.takeGrowth(runs)
    return []
  case .namesFound(let found, let names):
    state.take(found, for: names)
    return []
  case .analysis(let answer, let run):
    return state.take(answer, of: run)
  case .earlierCourse(let course, let run):
    if run == state.openName { state.earlierCourse = course }
    return []
  case .rewound:
    state.rewindPlayback()
    return []
  case .configurations(let list):
    state.picker.configurations = list
    state.picker.move(by: 0)
    return []
  case .exported(let path, let madeFolder):
    // The name first, for a long path is cut.
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.dropLast().joined(separator: "/")
    let place = parts.count > 1 ? " to \(Names.printable(folder))/" : ""
    let news = madeFolder ? ", a new folder" : ""
    state.say("written: \(Names.printable(String(parts.last ?? "")))\(place)\(news)", .good)
    return []
  case .exportExists(let request):
    state.popup = .dialog(.replacing(request))
    return []
  case .exportFailed(let reason):
    state.say(Names.printable(reason), .error)
    return [.ring]
  }
}

extension WorkbenchState {
  /// Seconds for which the strip keeps words.
  private static let noticeSeconds = 6.0

  /// Puts words into the strip, for a while or until somebody is there and presses a key.
  mutating func say(_ text: String, _ level: LogLine.Level = .info, untilKey: Bool = false) {
    notice = Notice(
      text: text, level: level, until: untilKey ? .infinity : now + Self.noticeSeconds)
  }

  mutating func start(runNamed name: String) {
    run = RunModel(name: name)
    openName = name
    runList.opening = nil
    runList.input = nil
    runList.refresh()
    comparison = nil
    frozen = nil
    order = nil
    contact = RunContact()
    notice = nil
    popup = nil
    selected = nil
    lossView.resetView()
    lossView.stage = nil
    acknowledged = nil
    acknowledgedAlarms = []
    offeredAlarms = []
    visitedAlarm = nil
    isBranching = false
    scroll = [:]
    isZoomed = false
    overlapView = OverlapView()
    alignment = AlignmentView()
    drills = []
    analysis = nil
    earlierCourse = nil
    picker.isLaunching = false
    picker.failure = nil
    page = .run
    // Where only one pane is seen, it is to be one of the run that was asked for.
    if focus == .runs, Layout.kind(for: size) == .small { focus = .loss }
  }

  mutating func take(_ events: [RecordedEvent]) -> [Effect] {
    var effects: [Effect] = []
    for event in events {
      let logLines = run.log.count + run.droppedLogLines
      run.apply(event)
      // A log that is scrolled back stays where it is while lines are added below.
      if frozen == nil, let offset = scroll[.log], offset > 0 {
        let added = run.log.suffix(run.log.count + run.droppedLogLines - logLines)
        scroll[.log] = offset + added.count { !showsWarningsOnly || $0.level.isWarning }
      }
      effects += follow(event.event)
    }
    if !events.isEmpty { clampScroll() }
    if shown.overlap?.round != alignment.round?.round { refreshAlignment() }
    return effects
  }

  mutating func take(_ contact: RunContact) -> [Effect] {
    let before = self.contact
    self.contact = contact
    if contact.isLost, !before.isLost {
      // What was asked will not be answered.
      order = nil
      closeQuestions()
      return [.ring]
    }
    if let playback = contact.playback {
      if before.playback == nil {
        say(
          "a recording: \(label(of: .pause)) pauses, "
            + "\(label(of: .previousRound)) \(label(of: .nextRound)) rounds, "
            + "\(label(of: .slower)) \(label(of: .faster)) speed")
      }
      if let remark = playback.remark, remark != before.playback?.remark {
        say(Names.printable("the recording " + remark), .warning)
      }
      return []
    }
    if let refusal = contact.refusal, refusal != before.refusal {
      order = nil
      say(Names.printable(refusal), .warning)
      return [.ring]
    }
    return []
  }

  private mutating func follow(_ event: Event) -> [Effect] {
    switch event {
    case .stateChanged(let state):
      acknowledge(state)
      return []
    case .noted:
      say("noted")
      return []
    case .commandAccepted(let command):
      let name = EventText.name(command, subnetworks: run.labels)
      if notice?.text == "asked to \(name)" { say("accepted: \(name)") }
      return []
    case .alarmRaised(let alarm):
      // Masks that collapse together ring once.
      let critical = run.alarms.count { $0.level == .critical }
      return alarm.level == .critical && critical == 1 ? [.ring] : []
    case .commandRefused(let command, let reason):
      withdrawOrder(of: command)
      let name = EventText.name(command, subnetworks: run.labels)
      say("\(name) was refused: \(Names.printable(reason))", .warning)
      return [.ring]
    case .message(let level, let text) where level != .info:
      say(Names.printable(text), level == .error ? .error : .warning)
      return level == .error ? [.ring] : []
    case .runEnded(let state):
      order = nil
      closeQuestions()
      say(
        canLaunch
          ? "run \(state.rawValue): \(label(of: .leave)) leaves, "
            + "\(label(of: .configurations)) picks another"
          : "run \(state.rawValue): \(label(of: .leave)) leaves",
        state == .failed ? .error : .good)
      return state == .failed ? [.ring] : []
    default:
      return []
    }
  }

  /// Forgets an order that the engine will not carry out.
  private mutating func withdrawOrder(of command: RunCommand) {
    switch (order, command) {
    case (.pause?, .pause), (.pauseAtRoundEnd?, .pauseAtRoundEnd), (.resume?, .resume):
      order = nil
    case (.stop?, .stop):
      order = nil
    default: break
    }
  }

  private mutating func acknowledge(_ state: RunState) {
    // The ways out of a collapse are of a run that stands.
    if state != .paused, case .dialog(let dialog)? = popup, dialog.isOffer { popup = nil }
    // What was asked has come: words that promise it are out of date.
    if state == .paused, notice?.level == .info { say("paused: \(label(of: .pause)) goes on") }
    if state == .running, notice?.level == .info { notice = nil }
    switch (order, state) {
    case (.pause?, .paused), (.pauseAtRoundEnd?, .paused), (.resume?, .running),
      (.pause?, .waiting), (.pauseAtRoundEnd?, .waiting), (.resume?, .paused):
      order = nil
    case (.stop?, .stopping):
      break
    default:
      if state.isFinal { order = nil }
    }
  }
}
