/// What the charts of a comparison show, over sparsity.
package enum ComparedMetric: String, Sendable, CaseIterable {
  /// What the runs are judged by.
  case quality
  /// Mean J of the masks.
  case overlap
  /// The loss on held-out data.
  case loss

  /// The next one, around.
  package var next: ComparedMetric {
    let all = Self.allCases
    let index = all.firstIndex(of: self) ?? 0
    return all[(index + 1) % all.count]
  }

  /// The figure of a round, for a subnetwork or, for `nil`, the mean; `nil` where there is none.
  func figure(of round: ComparedRun.Round, _ subnetwork: Int?) -> Double? {
    switch self {
    case .quality:
      guard let subnetwork else { return round.jointQuality }
      return round.retrained[subnetwork]
    case .overlap: return Self.figure(round.jaccard, subnetwork)
    case .loss: return Self.figure(round.retrainedLoss, subnetwork)
    }
  }

  /// What lies faintly behind: what the subnetworks came to alone, or the chance level.
  func background(of round: ComparedRun.Round, _ subnetwork: Int?) -> Double? {
    switch self {
    case .quality: Self.figure(round.extracted, subnetwork)
    case .overlap: Self.figure(round.chance, subnetwork)
    case .loss: Self.figure(round.extractedLoss, subnetwork)
    }
  }

  private static func figure(_ values: [Int: Double], _ index: Int?) -> Double? {
    index.map { values[$0] } ?? RoundRecord.mean(values)
  }

  private static func figure(_ values: [Double], _ index: Int?) -> Double? {
    guard let index else { return ComparedRun.mean(values) }
    return values.indices.contains(index) ? values[index] : nil
  }
}
