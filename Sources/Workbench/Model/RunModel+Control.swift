package import Experiments

/// What a person asked of the run, and what the collapse watch says of it.
extension RunModel {
  /// The letters and names of the subnetworks.
  var labels: [String] { subnetworks.map { "\($0.letter) \($0.name)" } }

  /// The signs behind the letter of a subnetwork: of its alarm and of a frozen mask.
  func signs(of k: Int) -> String {
    subnetworks.indices.contains(k) ? subnetworks[k].alarmSign + subnetworks[k].frozenSign : ""
  }

  /// The letter of a subnetwork with the signs of its alarm and of a frozen mask.
  func head(of k: Int) -> String {
    subnetworks.indices.contains(k) ? subnetworks[k].label : Names.letter(k)
  }

  /// What a subnetwork uses from the next round on, or all that have nothing of their own.
  package func settings(of subnetwork: Int?) -> RoundSettings? {
    guard let standing else { return description?.defaultRound }
    return subnetwork.map { standing[$0] } ?? standing.general
  }

  /// The words for an alarm: its level, its subnetwork, its reason in numbers.
  /// - Parameter others: of how many more subnetworks the same is said.
  package func text(of alarm: Alarm, others: Int = 0) -> String {
    var who =
      subnetworks.indices.contains(alarm.subnetwork)
      ? labels[alarm.subnetwork] : "subnetwork \(alarm.subnetwork)"
    if others > 0 { who += others == 1 ? " and 1 other" : " and \(others) others" }
    return "\(alarm.level.word) \(who): \(Names.printable(alarm.reason))"
  }

  /// Alarms in words, those that say the same of several subnetworks as one: the first of each and how
  /// many others there are.
  package func gathered(_ alarms: [Alarm]) -> [(first: Alarm, others: Int)] {
    var groups: [(first: Alarm, others: Int)] = []
    for alarm in alarms {
      if let index = groups.firstIndex(where: { $0.first.saysTheSame(as: alarm) }) {
        groups[index].others += 1
      } else {
        groups.append((alarm, 0))
      }
    }
    return groups
  }

  /// The last round before the present alarms after which all was well, 0 for the dense masks; `nil`
  /// if all is well now.
  package var lastHealthyRound: Int? {
    guard let first = alarms.map(\.round).min() else { return nil }
    return rounds.last { $0.round < first && $0.round <= finishedRounds && $0.alarm == nil }?.round
      ?? 0
  }

  /// Whether no round and no retraining is under way.
  package var isBetweenRounds: Bool { finishedRounds == round && !isRetraining }

  /// Rounds in the plan as it is after a person's changes; `nil` while there are none. A target is
  /// reached by the mask that takes longest; the others wait for it.
  var changedPlan: Int? {
    guard let standing, let total = description?.prunableParameters, total > 0 else { return nil }
    let active = subnetworks.indices.filter { !standing.isFrozen($0) }
    var removed = subnetworks.map { total - $0.weightsLeft }
    // Masks that are still to be pruned in the present round have it before them.
    var ends = subnetworks.map { subnetwork in
      isBetweenRounds || subnetwork.isResting || subnetwork.prunedRound == round
        ? round : round - 1
    }
    for target in targets {
      let count = Int((target * Double(total)).rounded())
      let behind = active.filter { removed[$0] < count }
      guard !behind.isEmpty else { continue }
      for k in behind {
        let step = max(1, standing[k].pruneCount)
        ends[k] += (count - removed[k] + step - 1) / step
        removed[k] = count
      }
      let latest = active.map { ends[$0] }.max() ?? round
      for k in active { ends[k] = latest }
    }
    return active.map { ends[$0] }.max() ?? round
  }

  // MARK: - Events

  mutating func follow(_ command: RunCommand) {
    switch command {
    case .runFor(let length): runFor = length
    case .pause, .resume: runFor = nil
    case .stop(let mode): isKilled = mode == .kill
    default: break
    }
  }

  mutating func change(_ settings: StandingSettings, from round: Int) {
    standing = settings
    for k in subnetworks.indices { subnetworks[k].isFrozen = settings.isFrozen(k) }
    note(
      .info,
      "from round \(round) on: "
        + EventText.text(
          RoundPlan(settings.general, own: settings.own, resting: settings.frozen),
          subnetworks: labels, resting: "frozen"))
  }

  mutating func raise(_ alarm: Alarm) {
    forget(alarm)
    alarms.append(alarm)
    alarmSeconds[alarm] = elapsed(at: lastTime)
    markAlarms(of: alarm.subnetwork)
    noteRaised(alarm)
    if alarm.round <= finishedRounds || alarm.stage == .retraining {
      record(alarm.round) { $0.alarm = max($0.alarm, alarm.level) }
    }
    let kind = RunMarker.Kind.alarm(alarm.level)
    // Many masks that collapse together are one line.
    guard
      !markers.contains(where: {
        $0.kind == kind && $0.stage == alarm.stage && $0.round == alarm.round
      })
    else { return }
    mark(kind, stage: alarm.stage, round: alarm.round)
  }

  /// Writes an alarm into the log; masks that collapse together are one line.
  private mutating func noteRaised(_ alarm: Alarm) {
    if let row = alarmRow, row.first.saysTheSame(as: alarm), row.first.round == alarm.round,
      log.last?.text == text(of: row.first, others: row.others)
    {
      alarmRow?.others += 1
      log[log.count - 1].text = text(of: row.first, others: row.others + 1)
    } else {
      note(alarm.level == .critical ? .error : .warning, text(of: alarm))
      alarmRow = AlarmRow(first: alarm)
    }
  }

  private mutating func forget(_ alarm: Alarm) {
    for old in alarms where old.isAbout(alarm) { alarmSeconds[old] = nil }
    alarms.removeAll { $0.isAbout(alarm) }
  }

  mutating func clear(_ alarm: Alarm) {
    forget(alarm)
    markAlarms(of: alarm.subnetwork)
    let who =
      labels.indices.contains(alarm.subnetwork)
      ? labels[alarm.subnetwork] : "subnetwork \(alarm.subnetwork)"
    note(.good, "\(who): \(alarm.subject) is all right again")
  }

  private mutating func markAlarms(of k: Int) {
    guard subnetworks.indices.contains(k) else { return }
    subnetworks[k].alarm = alarms.filter { $0.subnetwork == k }.map(\.level).max()
  }
}

/// The alarm that a line of the log is about, and of how many more subnetworks it says the same.
package struct AlarmRow: Sendable, Equatable {
  var first: Alarm
  var others = 0
}

extension Alarm {
  /// Whether another one is about the same thing of another subnetwork.
  func saysTheSame(as other: Alarm) -> Bool {
    kind == other.kind && level == other.level && stage == other.stage && layer == other.layer
  }
}

/// The worse of two levels, where there may be none.
func max(_ left: Alarm.Level?, _ right: Alarm.Level?) -> Alarm.Level? {
  [left, right].compactMap(\.self).max()
}
