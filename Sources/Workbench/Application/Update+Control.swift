internal import Experiments
internal import TerminalUI

/// What is asked of the engine beyond pausing: forms, going back, ways out of an alarm.
extension WorkbenchState {
  mutating func openForm(_ purpose: LaunchForm.Purpose) {
    guard let settings = run.settings(of: nil) else { return }
    let next = run.round + 1
    let moment =
      switch purpose {
      case .round where run.state == .waiting: "Starts at once."
      case .round: "Starts when the present work has ended."
      case .settings: "Takes effect from round \(next) on; recorded in the run."
      case .runFor: "Counted for each subnetwork in training; then the run pauses."
      }
    popup = .form(
      LaunchForm(
        purpose, settings: settings,
        subnetworks: run.subnetworks.indices.map { k in
          let subnetwork = run.subnetworks[k]
          return LaunchForm.Subnetwork(
            letter: subnetwork.letter, name: subnetwork.name, weightsLeft: subnetwork.weightsLeft,
            isFrozen: subnetwork.isFrozen, settings: run.settings(of: k) ?? settings)
        }, moment: moment,
        // Who has picked a row of the bars means it.
        scope: purpose == .settings && focus == .sparsity ? selected : nil))
  }

  /// Sends what a form asks for, or goes to what is wrong with it.
  mutating func submit(_ form: inout LaunchForm) -> [Effect] {
    guard let command = form.command else {
      form.moveToProblem()
      popup = .form(form)
      return [.ring]
    }
    popup = nil
    if let reason = reasonAgainst(form.purpose.command) {
      say(reason, .warning)
      return []
    }
    if case .changeSettings(let change, _) = command, change.isEmpty {
      say("nothing was changed")
      return []
    }
    say("asked to \(EventText.name(command, subnetworks: run.labels))")
    return [.send(command)]
  }

  mutating func startRetraining() -> [Effect] {
    if let reason = reasonAgainst(.startRetraining) {
      say(reason, .warning)
      return []
    }
    let isAtOnce = run.state == .waiting || (run.state == .paused && run.isBetweenRounds)
    say(
      isAtOnce
        ? "joint retraining was asked for"
        : run.state == .paused
          ? "joint retraining starts when the round has ended: \(label(of: .pause)) resumes"
          : "joint retraining starts when the round has ended")
    return [.send(.startRetraining(epochs: nil))]
  }

  mutating func freezeMask() -> [Effect] {
    guard let k = selectedSubnetwork else { return [] }
    let (name, next) = (run.labels[k], run.round + 1)
    if run.subnetworks[k].isFrozen {
      say("\(name) is pruned again from round \(next) on")
      return [.send(.unfreeze(subnetwork: k))]
    }
    say("\(name) keeps its mask from round \(next) on: \(label(of: .freezeMask)) lets it go")
    return [.send(.freeze(subnetwork: k))]
  }

  // MARK: - Alarms

  /// Takes from the strip what it tells of; what else is open comes next.
  mutating func acknowledge() {
    // An alarm that lies under other words has not been seen.
    let isCovered = notice.map { !$0.level.isWarning } ?? false
    notice = nil
    guard !isCovered || alarm == nil else { return }
    guard let worst = worstAlarms else { return acknowledged = run.alarm }
    acknowledgedAlarms += openAlarms.filter { $0 == worst.first || worst.first.saysTheSame(as: $0) }
    // The message of the log that says it, too.
    if openAlarms.isEmpty { acknowledged = run.alarm }
  }

  /// Goes to the alarm after the one that was visited last, around.
  mutating func goToNextAlarm() {
    let last = visitedAlarm.flatMap { run.alarms.firstIndex(where: $0.isAbout) } ?? -1
    guard !run.alarms.isEmpty else { return }
    let index = (last + 1) % run.alarms.count
    let alarm = run.alarms[index]
    visitedAlarm = alarm
    if run.subnetworks.indices.contains(alarm.subnetwork) { selected = alarm.subnetwork }
    switch alarm.kind {
    case .overlap:
      focus = .overlap
      overlapView.column = nil
    case .quality: focus = .sparsity
    case .loss: focus = .loss
    case .emptyLayer:
      focus = .layers
      overlapView.layer = run.overlap?.layers.firstIndex { $0.name == alarm.layer } ?? 0
    }
    say(
      "\(index + 1)/\(run.alarms.count) \(run.text(of: alarm))",
      alarm.level == .critical ? .error : .warning)
  }

  /// Seconds without a key before an offer takes one.
  static let offerSeconds = 1.0

  /// Asks what to do when the engine stands still with a critical alarm that nobody has seen.
  mutating func offerWaysOut() -> [Effect] {
    let open = openAlarms.filter { alarm in
      alarm.level == .critical && !offeredAlarms.contains { $0.isSame(as: alarm) }
    }
    // Offered by the state as it is, not by an event of long ago; and never over what somebody types.
    guard run.state == .paused, page == .run, popup == nil, runList.input == nil,
      reasonAgainstCommanding == nil, !open.isEmpty
    else { return [] }
    var dialog = Dialog(
      title: "Collapse: what now?",
      choices: [
        Dialog.Choice(
          key: "k", title: "Keep standing", consequence: "nothing changes", outcome: .cancel)
      ])
    let told = run.gathered(open).prefix(3)
    dialog.details = told.map { run.text(of: $0.first, others: $0.others) }
    let rest = open.count - told.reduce(0) { $0 + 1 + $1.others }
    if rest > 0 {
      dialog.details.append(
        "and \(rest) more: \(label(of: .nextAlarm)) goes through them")
    }
    if let round = run.lastHealthyRound, reasonAgainst(.goBack) == nil {
      dialog.choices.append(
        Dialog.Choice(
          key: "b", title: "Go back to round \(round)",
          consequence: "healthy; a new run that waits for you",
          outcome: .branch(round: round, endsThisRun: true)))
    }
    if reasonAgainst(.startRetraining) == nil {
      dialog.choices.append(
        Dialog.Choice(
          key: "r", title: "Retrain from here", consequence: "from the masks as they are",
          outcome: .retrain))
    }
    dialog.choices.append(
      Dialog.Choice(
        key: "c", title: "Continue", consequence: "go on with the plan", outcome: .resume))
    offeredAlarms += open
    dialog.isOffer = true
    dialog.opensAt = now + Self.offerSeconds
    popup = .dialog(dialog)
    return [.ring]
  }

  // MARK: - Going back

  mutating func press(_ key: Key, in chooser: RoundChooser) -> [Effect] {
    var chooser = chooser
    switch key {
    case .escape, .control("c"), .character("q"):
      popup = nil
      return []
    case .up, .character("k"): chooser.move(by: -1)
    case .down, .character("j"): chooser.move(by: 1)
    case .pageUp: chooser.move(by: -10)
    case .pageDown: chooser.move(by: 10)
    case .home: chooser.move(by: -chooser.rows.count)
    case .end: chooser.move(by: chooser.rows.count)
    case .enter:
      popup = .dialog(question(of: chooser.round))
      return []
    default: break
    }
    popup = .rounds(chooser)
    return []
  }

  /// Asks before a run is started from a round.
  private func question(of round: Int) -> Dialog {
    var dialog = Dialog(
      title: round == 0 ? "Start again from the dense masks?" : "Go back to round \(round)?",
      choices: [
        Dialog.Choice(
          key: "c", title: "Cancel", consequence: "nothing changes", outcome: .cancel),
        Dialog.Choice(
          key: "n", title: "New run from round \(round)",
          consequence: run.state.isFinal
            || contact.playback != nil
            ? "waits for you; this one stays as it is"
            : "waits for you; this one goes on unseen",
          outcome: .branch(round: round, endsThisRun: false)),
      ])
    if !run.state.isFinal, !isStopping, reasonAgainstCommanding == nil {
      dialog.choices.append(
        Dialog.Choice(
          key: "b", title: "Go back",
          consequence: "new run, waits for you; this one stops",
          outcome: .branch(round: round, endsThisRun: true)))
    }
    return dialog
  }

  mutating func branch(from round: Int, endsThisRun: Bool) -> [Effect] {
    if let reason = reasonAgainst(.goBack) {
      say(reason, .warning)
      return []
    }
    isBranching = true
    say("starting a new run from round \(round)")
    return [.branch(round: round, endsThisRun: endsThisRun)]
  }

  /// Takes away a question that nobody can answer any more; the list of rounds stays good.
  mutating func closeQuestions() {
    switch popup {
    case .form, .note: popup = nil
    case .dialog(let dialog) where dialog.isForTheEngine: popup = nil
    default: break
    }
  }
}
