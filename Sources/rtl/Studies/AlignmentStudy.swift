import Experiments
import LotteryEngine
import Studies

/// The masks of a run, round by round, against what is known of its classes.
struct AlignmentStudy {
  let stored: StoredRun
  let alignment: MaskAlignment
  /// What the tree and the map show.
  let level: String
  /// Whether every round is told in full.
  let isFull: Bool

  /// The report of all rounds whose masks are on disk.
  /// - Parameter wanted: the round that is told in full; `nil` is the last.
  /// - Throws: `EngineError.noSuchRound`, `.noSuchLayer`, or what is wrong with a file.
  func report(round wanted: Int?) throws -> AlignmentReport {
    // Before round 1 all masks are the same.
    let rounds = try stored.directory.maskRounds().filter { $0 > 0 }
    guard let told = wanted ?? rounds.last, rounds.contains(told) else {
      throw EngineError.noSuchRound(
        run: stored.directory.name, round: wanted ?? 0, available: rounds)
    }
    let sizes = stored.prunableLayers
    let trained = epochs()
    var map: AlignmentReport.Map?
    let found = try rounds.map { round in
      let levels = try stored.overlap(round: round).levels(sizes: sizes)
      if round == told {
        guard let chosen = levels.first(where: { $0.name == level }) else {
          throw EngineError.noSuchLayer(level, layers: levels.map(\.name))
        }
        map = AlignmentReport.Map(round: round, level: chosen)
      }
      let isTold = isFull || round == told
      return alignment.round(
        round, levels: isTold ? levels : levels.filter { $0.kind != .layer },
        epochs: trained[round])
    }
    guard let map else {
      throw EngineError.noSuchRound(run: stored.directory.name, round: told, available: rounds)
    }
    return AlignmentReport(
      run: stored.directory.name, subnetworks: stored.subnetworkNames, alignment: alignment,
      rounds: found, map: map)
  }

  /// The epochs of extraction until the end of each round, by the log; none that it does not tell.
  private func epochs() -> [Int: Int] {
    var own: [Int: Int] = [:]
    _ = try? EventLog.scan(stored.directory.eventsPath, keepsProgress: false) { event in
      if case .roundStarted(let start) = event.event { own[start.round] = start.settings.epochs }
    }
    // A branch's log does not tell of the rounds that it shares.
    guard own.keys.min() == 1 else { return [:] }
    var sum = 0
    var all: [Int: Int] = [:]
    for round in own.keys.sorted() {
      sum += own[round] ?? 0
      all[round] = sum
    }
    return all
  }
}
