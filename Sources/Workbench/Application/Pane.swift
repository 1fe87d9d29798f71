/// The panes of the run screen, in the order of their numbers.
package enum Pane: Int, Sendable, CaseIterable {
  case loss = 1
  case sparsity, overlap, layers, runs, log

  /// The word in its frame.
  package var title: String {
    switch self {
    case .loss: "Loss"
    case .sparsity: "Sparsity"
    case .overlap: "Overlap"
    case .layers: "Layers"
    case .runs: "Runs"
    case .log: "Log"
    }
  }

  /// The pane after this one, around.
  package var next: Pane { Pane(rawValue: rawValue + 1) ?? .loss }
  /// The pane before this one, around.
  package var previous: Pane { Pane(rawValue: rawValue - 1) ?? .log }
}
