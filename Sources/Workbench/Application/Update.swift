internal import Experiments
internal import TerminalUI

/// Changes the state by an action and says what has to be done in the world; pure.
package func update(_ state: inout WorkbenchState, _ action: Action) -> [Effect] {
  switch action {
  case .key(let key):
    return state.press(key)
  case .events(let events):
    return state.take(events)
  case .tick(let now):
    state.now = max(state.now, now)
    if let notice = state.notice, notice.until <= state.now { state.notice = nil }
    return []
  case .resize(let size):
    state.size = size
    state.clampScroll()
    return []
  case .launched(let name):
    state.start(runNamed: name)
    return []
  case .launchFailed(let reason):
    state.picker.isLaunching = false
    state.isBranching = false
    if state.page == .run {
      state.say("no new run: \(Names.printable(reason))", .error)
    } else {
      state.picker.failure = Names.printable(reason)
    }
    return [.ring]
  case .contact(let contact):
    return state.take(contact)
  case .interrupted:
    return [.quit]
  case .configurations(let list):
    state.picker.configurations = list
    state.picker.move(by: 0)
    return []
  }
}

extension WorkbenchState {
  /// Seconds for which the strip keeps words.
  private static let noticeSeconds = 6.0

  /// Puts words into the strip.
  mutating func say(_ text: String, _ level: LogLine.Level = .info) {
    notice = Notice(text: text, level: level, until: now + Self.noticeSeconds)
  }

  mutating func start(runNamed name: String) {
    run = RunModel(name: name)
    frozen = nil
    order = nil
    contact = RunContact()
    notice = nil
    popup = nil
    selected = nil
    acknowledged = nil
    acknowledgedAlarms = []
    visitedAlarm = nil
    isBranching = false
    scroll = [:]
    isZoomed = false
    picker.isLaunching = false
    picker.failure = nil
    page = .run
  }

  mutating func take(_ events: [RecordedEvent]) -> [Effect] {
    var effects: [Effect] = []
    for event in events {
      let logLines = run.log.count + run.droppedLogLines
      run.apply(event)
      // A log that is scrolled back stays where it is while lines are added below.
      if frozen == nil, let offset = scroll[.log], offset > 0 {
        scroll[.log] = offset + run.log.count + run.droppedLogLines - logLines
      }
      effects += follow(event.event)
    }
    if !events.isEmpty { clampScroll() }
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
      return state == .paused ? offerWaysOut() : []
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
          ? "run \(state.rawValue): q leaves, o picks another" : "run \(state.rawValue): q leaves",
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
    switch (order, state) {
    case (.pause?, .paused), (.pauseAtRoundEnd?, .paused), (.resume?, .running),
      (.pause?, .waiting), (.pauseAtRoundEnd?, .waiting):
      order = nil
    case (.stop?, .stopping):
      break
    default:
      if state.isFinal { order = nil }
    }
  }
}
