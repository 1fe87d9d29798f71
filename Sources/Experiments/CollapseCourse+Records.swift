extension CollapseCourse {
  /// The names of the figures in `records`.
  public static let columns = [
    "round", "subnetwork", "sparsity", "metric", "score_joint", "score_before_rewind",
    "mean_jaccard", "chance", "excess", "layer_chance", "layer_excess", "empty_layers",
    "effective_masks",
  ]

  /// The figures unrounded, a record per round and subnetwork; empty where there is none.
  public var records: [[String]] {
    rounds.flatMap { round in
      subnetworks.indices.map { k in [String(round.round)] + record(of: k, in: round) }
    }
  }

  private func record(of k: Int, in round: Round) -> [String] {
    func value(_ values: [Double]) -> Double? { values.indices.contains(k) ? values[k] : nil }
    func text(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "" } ?? "" }
    func over(_ chance: Double?) -> Double? {
      value(round.jaccard).flatMap { j in chance.map { j - $0 } }
    }
    let (chance, layerChance) = (value(round.chance), value(round.layerChance))
    return [
      subnetworks[k], text(value(round.sparsity)), metric.rawValue, text(round.retrained[k]),
      text(round.extracted[k]), text(value(round.jaccard)), text(chance), text(over(chance)),
      text(layerChance), text(over(layerChance)),
      round.emptyLayers.indices.contains(k) ? "\(round.emptyLayers[k])" : "",
      text(round.effectiveMasks),
    ]
  }
}
