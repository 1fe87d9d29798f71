internal import Experiments
internal import TerminalUI

/// The line at the top: the run, its state, where it is and how fast.
struct Header: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    var parts = place
    // What matters least goes first where there is no room.
    while !parts.isEmpty, width(of: parts) > rect.width {
      guard let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }),
        parts[least].rank > 0
      else { break }
      parts.remove(at: least)
    }
    let left = parts.filter { !$0.isRight }
    let right = parts.filter(\.isRight)
    Strip(left: spans(left), right: spans(right)).render(into: &screen, in: rect, look: look)
  }

  /// A piece of the header; the higher its rank, the earlier it goes.
  private struct Part {
    var text: String
    var role = StyleRole.header
    var rank: Int
    var isRight = false
  }

  private func width(of parts: [Part]) -> Int {
    parts.reduce(2) { $0 + DisplayText.width($1.text) + 2 }
  }

  private func spans(_ parts: [Part]) -> [Span] {
    parts.flatMap { [Span("  ", .header), Span($0.text, $0.role)] }.dropFirst().map { $0 }
  }

  private var place: [Part] {
    let run = state.shown
    var parts = [
      Part(text: " " + (run.name.isEmpty ? "rtl" : run.name), role: .header, rank: 2),
      Part(text: state.stateWord, role: Self.role(of: state), rank: 0),
    ]
    if let playback = state.contact.playback {
      parts.append(
        Part(text: playback.words, role: playback.isPaused ? .warning : .accent, rank: 0))
    } else if state.contact.refusal != nil, !run.state.isFinal {
      parts.append(Part(text: "WATCHING", role: .accent, rank: 1))
    }
    if state.openName.isEmpty { return parts }
    if state.frozen != nil { parts.append(Part(text: "FROZEN", role: .warning, rank: 1)) }
    if run.round > 0 {
      parts.append(Part(text: "\(run.stage.rawValue)", rank: 5))
      parts.append(Part(text: "round \(run.round)/\(run.plannedRounds)", rank: 1))
    }
    if let index = run.activeSubnetwork, run.subnetworks.indices.contains(index) {
      let subnetwork = run.subnetworks[index]
      let progress = subnetwork.progress(in: run.stage)
      parts.append(Part(text: "\(subnetwork.label) \(subnetwork.name)", rank: 7))
      let epochs = run.stage == .retraining ? run.retrainingEpochs : run.roundSettings?.epochs ?? 0
      parts.append(
        Part(
          text: epochs > 0 ? "epoch \(progress.epoch)/\(epochs)" : "epoch \(progress.epoch)",
          rank: 6))
      parts.append(
        Part(
          text: "step \(Figures.grouped(progress.step))/\(Figures.grouped(progress.plannedSteps))",
          rank: 4))
    }
    if let speed = run.speed.samplesPerSecond, !state.contact.isLost {
      parts.append(Part(text: "\(Figures.short(speed)) samples/s", rank: 4, isRight: true))
    }
    parts.append(Part(text: clock, rank: 8, isRight: true))
    if !run.state.isFinal, run.state != .waiting, !state.contact.isLost {
      parts.append(Part(text: "ETA \(eta) ", rank: 3, isRight: true))
    }
    return parts
  }

  private var clock: String {
    let run = state.shown
    return Figures.clock(run.elapsed(at: state.hasRunningClock ? state.now : run.lastTime))
  }

  private var eta: String {
    guard let remaining = state.shown.remaining else { return Figures.unknown }
    return (remaining.isLowerBound ? "≥" : "") + Figures.duration(remaining.seconds)
  }

  /// The role of the state word.
  static func role(of state: WorkbenchState) -> StyleRole {
    if !state.run.state.isFinal, state.contact.link != .live {
      return state.contact.isLost ? .critical : .warning
    }
    if state.order != nil { return .warning }
    return switch state.run.state {
    case .running: .good
    case .pausing, .paused, .stopping, .stopped: .warning
    case .waiting, .preparing: .accent
    case .finished: .good
    case .failed: .critical
    }
  }
}

/// The line for words and alarms; without any, how far the round is.
struct MessageStrip: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    if let words = state.contactText {
      let role = state.contact.isLost ? StyleRole.alarm : .warning
      Strip(left: [Span(" !! \(words)", role)], role: .text)
        .render(into: &screen, in: rect, look: look)
      return
    }
    if let notice = state.notice {
      let role = Self.role(of: notice.level)
      Strip(
        left: [Span(" \(Self.mark(of: notice.level)) \(notice.text)", role)],
        right: openAlarm, role: .text
      ).render(into: &screen, in: rect, look: look)
      return
    }
    if let alarm = state.alarm {
      Strip(
        left: [
          Span(
            " \(Self.mark(of: alarm.level)) \(alarm.text)",
            alarm.level == .error ? .alarm : .warning)
        ],
        right: [
          Span(
            "\(Figures.clock(alarm.seconds))  \(state.label(of: .acknowledge)) acknowledges ", .dim)
        ], role: .text
      ).render(into: &screen, in: rect, look: look)
      return
    }
    progress(into: &screen, in: rect, look: look)
  }

  /// That there is an alarm under a notice that says something else.
  private var openAlarm: [Span] {
    guard let alarm = state.alarm, alarm.text != state.notice?.text else { return [] }
    let mark = Self.mark(of: alarm.level)
    return [Span("\(mark) alarm ", alarm.level == .error ? .alarm : .warning)]
  }

  private func progress(into screen: inout Screen, in rect: Rect, look: Look) {
    let run = state.shown
    guard run.round > 0, !run.subnetworks.isEmpty else { return }
    let label = run.stage == .retraining ? " retraining " : " round \(run.round) "
    let working = run.subnetworks.filter { !$0.isResting }
    let done =
      working.reduce(0.0) {
        let progress = $1.progress(in: run.stage)
        return $0 + (progress.round == run.round ? progress.fraction : 0)
      } / Double(max(1, working.count))
    let target = run.nextTarget.map { "next target \(Figures.target($0)) · " } ?? ""
    let isNarrow = rect.width < 60
    let tail = "  \(isNarrow ? "" : target)\(Figures.percent(run.meanSparsity)) sparse "
    let parts = rect.columns([
      .fixed(DisplayText.width(label)), .rest, .fixed(DisplayText.width(tail) + 1),
    ])
    screen.put(label, in: parts[0], style: look[.label])
    BarList(
      bars: [Bar(label: "", value: done, text: Figures.percent(done, 0), role: .accent)]
    ).render(into: &screen, in: parts[1], look: look)
    screen.put(tail, in: parts[2], style: look[.dim], alignment: .right)
  }

  /// A mark, so that the level shows without colour.
  static func mark(of level: LogLine.Level) -> String {
    switch level {
    case .detail, .info: "·"
    case .good: "+"
    case .warning: "!"
    case .error: "!!"
    }
  }

  /// The role of a level.
  static func role(of level: LogLine.Level) -> StyleRole {
    switch level {
    case .detail: .dim
    case .info: .text
    case .good: .good
    case .warning: .warning
    case .error: .critical
    }
  }
}

/// The line of keys that work now.
struct Footer: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let spans = items(width: rect.width).flatMap {
      [Span($0.row.shortLabel, .footerKey), Span(" \($0.title)  ", .footerText)]
    }
    Strip(left: [Span(" ", .footerText)] + spans, role: .footerText)
      .render(into: &screen, in: rect, look: look)
  }

  /// The command whose key stands at a place.
  func command(at point: Point, in rect: Rect) -> Command? {
    items(width: rect.width).first { $0.columns.contains(point.x - rect.x) }?.row.command
  }

  private func items(
    width: Int
  ) -> [(row: KeyMap.Binding, title: String, columns: Range<Int>)] {
    var items: [(row: KeyMap.Binding, title: String, columns: Range<Int>)] = []
    var used = 1
    let rows = state.keyMap.footer(for: state).map { row in
      let title = KeyMap.title(of: row, in: state)
      return (row, title, DisplayText.width(row.shortLabel) + DisplayText.width(title) + 3)
    }
    // Who does not know the keys finds the help and the way out, however narrow it is.
    func isKept(_ row: KeyMap.Binding) -> Bool { [.help, .leave, .back].contains(row.command) }
    var kept = rows.reduce(0) { isKept($1.0) ? $0 + $1.2 : $0 }
    for (row, title, own) in rows {
      if isKept(row) { kept -= own }
      guard used + own + (isKept(row) ? 0 : kept) <= width else { continue }
      items.append((row, title, used..<used + own))
      used += own
    }
    return items
  }
}
