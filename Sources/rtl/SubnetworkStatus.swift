import Experiments
import Workbench

/// Where one subnetwork is, as `rtl status --json` tells it.
struct SubnetworkStatus {
  let name: String
  let sparsity: Double
  let weightsLeft: Int
  /// Mean J to the other masks, of the latest round whose masks were compared.
  let meanJaccard: Double?
  /// Its place in the present stage; `nil` before its first step, and where no engine tells.
  var epoch: Int?
  var step: Int?
  var plannedSteps: Int?
  /// The loss of its newest step in this stage.
  var loss: Double?
  /// The latest figures on held-out data.
  var quality: Quality?

  /// Figures on held-out data, and what was judged.
  struct Quality: Encodable {
    let stage: Stage
    let round: Int
    let loss: Double
    var balancedAccuracy: Double?
    var precision: Double?
    var recall: Double?
    var f1: Double?
    var score: QualityScore?

    /// What it is judged by above all.
    var judged: QualityScore? {
      score ?? balancedAccuracy.map { QualityScore(.balancedAccuracy, $0) }
    }

    init(_ figures: SubnetworkQuality, stage: Stage, round: Int) {
      self.stage = stage
      self.round = round
      loss = figures.loss
      guard figures.score.metric == .balancedAccuracy else {
        score = figures.score
        return
      }
      balancedAccuracy = figures.balancedAccuracy
      precision = figures.precision
      recall = figures.recall
      f1 = figures.f1
    }
  }

  /// A subnetwork as its engine tells of it.
  init(_ subnetwork: SubnetworkModel, in stage: Stage) {
    name = subnetwork.name
    sparsity = subnetwork.sparsity
    weightsLeft = subnetwork.weightsLeft
    meanJaccard = subnetwork.meanJaccard
    let progress = subnetwork.progress(in: stage)
    if progress.step > 0 {
      (epoch, step, plannedSteps) = (progress.epoch, progress.step, progress.plannedSteps)
      loss = progress.lastLoss
    }
    quality = subnetwork.quality.map { Quality($0.figures, stage: $0.stage, round: $0.round) }
  }

  /// Subnetwork k as the run's folder tells of it.
  init(_ k: Int, of summary: RunSummary) {
    let subnetwork = summary.subnetworks[k]
    name = subnetwork.name
    sparsity = subnetwork.sparsity
    weightsLeft = subnetwork.weightsLeft
    meanJaccard = subnetwork.meanJaccard
    for evaluation in summary.evaluations {
      for figures in evaluation.subnetworks where figures.subnetwork == k {
        quality = Quality(figures, stage: evaluation.stage, round: evaluation.round)
      }
    }
  }
}
