package import Experiments
internal import NeuralNetworks

/// From where an engine begins: nothing, a checkpoint, or a round of another run.
package struct RunStart: Sendable {
  /// The state it begins with.
  package var snapshot: RunSnapshot
  /// Whether the log is empty, so that where the run comes from has still to be told.
  package var isNew: Bool
  /// Whether the log says what the run is; one that has lost that is told again.
  package var isDescribed = false
  /// The run and round it was branched from.
  package var origin: RunOrigin?
  /// The collapse watch with what it has seen.
  package var watch: CollapseWatch
  /// What a person should know about the beginning.
  package var warnings: [String] = []
  /// What a person may like to know about it.
  package var news: String?

  /// The beginning of a run of its own: dense masks.
  package init(_ task: any LotteryTask) {
    let count = task.makeLayout().prunableCount
    snapshot = RunSnapshot(
      masks: task.subnetworkNames.map {
        Mask.dense(count: count, subset: $0, seed: task.config.seed)
      })
    isNew = true
    watch = CollapseWatch(task.config.watch)
  }

  /// The beginning of a branch: the masks of a round that was finished elsewhere. What the plan wants
  /// after that round, such as joint retraining, comes first.
  package init(_ task: any LotteryTask, origin: RunOrigin, masks: [Mask], before: [Mask]) {
    let count = task.makeLayout().prunableCount
    let schedule = PruningSchedule(task.config, prunableCount: count)
    let standing = origin.settings ?? StandingSettings(task.config.defaultRound)
    func removed(_ masks: [Mask]) -> Int? {
      schedule.leastRemoved(masks.map { count - $0.weightsLeft }, standing)
    }
    var target: Double?
    if let before = removed(before), let now = removed(masks) {
      target = schedule.targetReached(from: before, to: now)
    }
    // Dense subnetworks reach theirs without losing a weight.
    if schedule.targets == [0], origin.round > 0 { target = 0 }
    snapshot = RunSnapshot(
      place: RunPlace(
        round: origin.round, target: target, stage: origin.round == 0 ? .between : .extracted),
      masks: masks)
    snapshot.standing = origin.settings
    isNew = true
    watch = CollapseWatch(task.config.watch, memory: origin.watch ?? .init())
    self.origin = origin
  }
}
