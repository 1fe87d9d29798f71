package import Experiments

/// The list of finished rounds from which a new run can start, the newest first.
package struct RoundChooser: Sendable, Equatable {
  /// What is shown of a round.
  package struct Row: Sendable, Equatable {
    /// The pruning round; 0 is the dense masks.
    package var round: Int
    /// Mean sparsity.
    package var sparsity: Double
    /// The mean quality of the subnetworks before their rewind.
    package var quality: Double?
    /// What joint retraining came to, where there was one.
    package var joint: Double?
    /// Mean J over all pairs.
    package var jaccard: Double?
    /// Mean J − chance over all pairs.
    package var excess: Double?
    /// The worst alarm that was raised.
    package var alarm: Alarm.Level?
  }

  /// What the subnetworks are judged by.
  package let metric: QualityMetric
  /// The rounds, the newest first.
  package let rows: [Row]
  /// The picked row.
  package private(set) var selected: Int

  /// The rounds of a run; the last healthy one is picked where there are alarms.
  package init(_ run: RunModel) {
    let finished = run.rounds.filter { $0.round > 0 && $0.round <= run.finishedRounds }
    let dense = Row(round: 0, sparsity: 0)
    metric = run.metric
    rows =
      finished.reversed().map { record in
        Row(
          round: record.round, sparsity: record.sparsity,
          quality: RoundRecord.mean(record.extracted), joint: record.jointQuality,
          jaccard: record.jaccard.isFinite ? record.jaccard : nil,
          excess: record.jaccard.isFinite && record.chance.isFinite
            ? record.jaccard - record.chance : nil,
          alarm: record.alarm)
      } + [dense]
    selected = rows.firstIndex { $0.round == run.lastHealthyRound } ?? 0
  }

  /// The picked round.
  package var round: Int { rows[selected].round }

  /// Goes to a row that there is.
  package mutating func choose(_ row: Int) { move(by: row - selected) }

  /// Goes to another row; stops at the ends.
  package mutating func move(by offset: Int) {
    selected = min(max(0, selected + offset), rows.count - 1)
  }
}
