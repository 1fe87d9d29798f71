import Experiments

/// A run's summary with its tags and note beside the summary's own keys.
struct LabelledSummary: Encodable {
  let summary: RunSummary
  let labels: RunLabels

  func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    try labels.encode(to: encoder)
  }
}
