internal import Experiments

extension ExportTable {
  /// The figures behind a comparison's curves, a record per run and round: of each subnetwork, or the
  /// means, as on the screen.
  static func records(of comparison: Comparison) -> [[String]] {
    let metrics = comparison.metrics
    let head =
      ["run", "round", "subnetwork", "sparsity"]
      + metrics.flatMap { [$0.rawValue, "retrained_\($0.rawValue)"] }
      + ["held_out_loss", "retrained_held_out_loss", "mean_jaccard", "mean_chance"]
    func qualities(_ run: ComparedRun, _ extracted: Double?, _ retrained: Double?) -> [Double?] {
      metrics.flatMap { $0 == run.metric ? [extracted, retrained] : [nil, nil] }
    }
    return [head]
      + comparison.runs.flatMap { run in
        run.rounds.flatMap { round -> [[String]] in
          guard comparison.isPerSubnetwork else { return [means(of: round, in: run, qualities)] }
          return run.subnetworks.indices.map { k in
            func own(_ figures: [Double]) -> Double? {
              figures.indices.contains(k) ? figures[k] : nil
            }
            return [run.name, "\(round.round)", run.subnetworks[k]]
              + ([own(round.sparsity)]
              + qualities(run, round.extracted[k], round.retrained[k])
              + [
                round.extractedLoss[k], round.retrainedLoss[k], own(round.jaccard),
                own(round.chance),
              ]).map(CSVField.figure)
          }
        }
      }
  }

  private static func means(
    of round: ComparedRun.Round, in run: ComparedRun,
    _ qualities: (ComparedRun, Double?, Double?) -> [Double?]
  ) -> [String] {
    [run.name, "\(round.round)", "mean"]
      + ([ComparedRun.mean(round.sparsity)]
      + qualities(run, RoundRecord.mean(round.extracted), round.jointQuality)
      + [
        RoundRecord.mean(round.extractedLoss), RoundRecord.mean(round.retrainedLoss),
        ComparedRun.mean(round.jaccard), ComparedRun.mean(round.chance),
      ]).map(CSVField.figure)
  }
}
