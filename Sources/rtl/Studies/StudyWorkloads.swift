import Experiments
import LotteryEngine
import NeuralNetworks
import Studies

/// What each planned run has to do, from its data and its network; finds out on the way whether the data
/// are there.
struct StudyWorkloads {
  /// The workloads by the runs' names.
  private(set) var byName: [String: Workload] = [:]

  /// What the steps of a run depend on.
  private struct Source: Equatable {
    let dataset: DatasetConfig
    let subsets: SubsetsConfig
    let task: TaskConfig
    let model: ModelConfig
    let batchSize: Int

    init(_ config: ExperimentConfig) {
      dataset = config.dataset
      subsets = config.subsets
      task = config.task
      model = config.model
      batchSize = config.batchSize
    }
  }

  /// The workloads of some runs. Data that several have in common are looked at once.
  /// - Throws: `DatasetError` for missing or corrupt files, `EngineError` for what does not fit.
  init(of runs: [PlannedRun]) throws {
    var known: [(source: Source, batches: [Int], prunableCount: Int)] = []
    for run in runs {
      let source = Source(run.config)
      let entry: (source: Source, batches: [Int], prunableCount: Int)
      if let found = known.first(where: { $0.source == source }) {
        entry = found
      } else {
        let task = try TaskCatalogue.task(run.config)
        entry = (
          source, task.subnetworkNames.indices.map(task.stepsPerEpoch(subnetwork:)),
          task.makeLayout().prunableCount
        )
        known.append(entry)
      }
      let schedule = PruningSchedule(run.config, prunableCount: entry.prunableCount)
      try schedule.check()
      byName[run.name] = Workload(
        of: run.config, batches: entry.batches, rounds: schedule.plannedRounds)
    }
  }
}
