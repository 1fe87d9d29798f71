internal import Experiments

extension ExportTable {
  /// The figures behind a comparison's curves, a record per run and round: of each subnetwork, or the
  /// means, as on the screen.
  static func records(of comparison: Comparison) -> [[String]] {
    let head = [
      "run", "round", "subnetwork", "sparsity", "balanced_accuracy",
      "retrained_balanced_accuracy", "held_out_loss", "retrained_held_out_loss", "mean_jaccard",
      "mean_chance",
    ]
    return [head]
      + comparison.runs.flatMap { run in
        run.rounds.flatMap { round -> [[String]] in
          guard comparison.isPerSubnetwork else { return [means(of: round, in: run)] }
          return run.subnetworks.indices.map { k in
            func own(_ figures: [Double]) -> Double? {
              figures.indices.contains(k) ? figures[k] : nil
            }
            return [run.name, "\(round.round)", run.subnetworks[k]]
              + [
                own(round.sparsity), round.extracted[k], round.retrained[k],
                round.extractedLoss[k], round.retrainedLoss[k], own(round.jaccard),
                own(round.chance),
              ].map(CSVText.figure)
          }
        }
      }
  }

  private static func means(of round: ComparedRun.Round, in run: ComparedRun) -> [String] {
    [run.name, "\(round.round)", "mean"]
      + [
        ComparedRun.mean(round.sparsity), RoundRecord.mean(round.extracted),
        RoundRecord.mean(round.retrained), RoundRecord.mean(round.extractedLoss),
        RoundRecord.mean(round.retrainedLoss), ComparedRun.mean(round.jaccard),
        ComparedRun.mean(round.chance),
      ].map(CSVText.figure)
  }
}
