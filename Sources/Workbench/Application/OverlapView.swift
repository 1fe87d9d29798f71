package import TerminalUI

/// How the subnetworks and their overlap are shown, and where the cursors stand.
package struct OverlapView: Sendable, Equatable {
  /// The order in which subnetworks are listed.
  package enum Order: Sendable, Equatable {
    /// As in the configuration.
    case name
    /// What overlaps most side by side.
    case similarity
  }

  /// How the cells of the heatmaps are drawn; `nil` is what fits.
  package var mode: HeatmapMode?
  /// The order of the subnetworks in heatmaps and lists.
  package var order = Order.name
  /// The subnetwork of the heatmaps' column that is pointed at; the row is the selected subnetwork.
  package var column: Int?
  /// The layer that is pointed at.
  package var layer = 0
  /// The line of the ownership histogram that is pointed at.
  package var owners = 0
}

/// What the sparsity pane shows.
package enum SparsityView: String, Sendable, CaseIterable {
  /// A bar per subnetwork.
  case bars
  /// Layers by subnetworks.
  case layers = "per layer"
  /// In how many masks a weight is.
  case ownership

  /// The next view, around.
  package var next: SparsityView {
    switch self {
    case .bars: .layers
    case .layers: .ownership
    case .ownership: .bars
    }
  }
}

/// A closer look that takes the place of the panes until Esc.
package enum Drill: Sendable, Equatable {
  /// Two subnetworks layer by layer.
  case pair(Int, Int)
  /// One subnetwork layer by layer.
  case subnetwork(Int)
  /// The heatmap of one layer.
  case layer(Int)
  /// Quality and overlap of every subnetwork against sparsity, from some row of charts on.
  case collapse(firstRow: Int)
  /// What the subnetworks of a picture show.
  case picture(PictureView)
  /// What the masks say of the classes' names.
  case alignment
  /// What was found out about the run after it had ended.
  case analysis(AnalysisView)
  /// What a subnetwork made of a mixture of a scene, by the scene's index.
  case spectrogram(Int)
}

/// What of a picture is shown beside the original.
package enum PictureView: Sendable, CaseIterable {
  /// The drawing.
  case plain
  /// The drawing with the borders of the regions.
  case borders
  /// How far the drawing is from the original.
  case error

  /// What it is called.
  package var title: String {
    switch self {
    case .plain: "the drawing"
    case .borders: "borders of the regions"
    case .error: "the error"
    }
  }

  /// The next view, around.
  package var next: PictureView {
    switch self {
    case .plain: .borders
    case .borders: .error
    case .error: .plain
    }
  }
}
