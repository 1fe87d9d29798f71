internal import Experiments

/// What of a run's analysis is shown.
package struct AnalysisView: Sendable, Equatable {
  /// The reports there are.
  package enum Page: Sendable, CaseIterable {
    /// What calibration made of each subnetwork.
    case calibration
    /// How well images find their subnetwork.
    case routing
    /// What the subnetworks said of images last.
    case predictions

    /// What it is called.
    package var title: String {
      switch self {
      case .calibration: "Calibration"
      case .routing: "Routing"
      case .predictions: "Predictions"
      }
    }

    /// The command that makes the report.
    package var command: String {
      switch self {
      case .calibration: "rtl calibrate"
      case .routing: "rtl route"
      case .predictions: "rtl predict"
      }
    }

    /// The next page.
    package var next: Page {
      switch self {
      case .calibration: .routing
      case .routing: .predictions
      case .predictions: .calibration
      }
    }
  }

  /// Images on one leaf of the predictions.
  static let imagesPerLeaf = 16

  /// The report.
  package private(set) var page = Page.calibration
  /// The target, or leaf of images, that is shown, counted from the last one back.
  package var targetsBack = 0

  /// Turns to a page: of targets the last comes first, of images the first.
  mutating func turn(to page: Page) {
    self.page = page
    targetsBack = page == .predictions ? .max : 0
  }

  /// The place of the target among so many; `nil` of none.
  func index(among count: Int) -> Int? {
    count == 0 ? nil : count - 1 - min(max(0, targetsBack), count - 1)
  }
}

extension RunAnalysis {
  /// Whether there is anything for a page.
  func has(_ page: AnalysisView.Page) -> Bool {
    switch page {
    case .calibration: calibration != nil
    case .routing: routing != nil
    case .predictions: predictions != nil
    }
  }

  /// How many targets the report of a view has, or leaves of images.
  func targetCount(of view: AnalysisView) -> Int {
    switch view.page {
    case .calibration: calibration?.targets.count ?? 0
    case .routing: routing?.targets.count ?? 0
    case .predictions:
      ((predictions?.predictions.count ?? 0) + AnalysisView.imagesPerLeaf - 1)
        / AnalysisView.imagesPerLeaf
    }
  }

  /// The round that a view shows.
  func round(of view: AnalysisView) -> Int? {
    view.index(among: targetCount(of: view)).flatMap { index in
      switch view.page {
      case .calibration: calibration?.targets[index].round
      case .routing: routing?.targets[index].round
      case .predictions: predictions?.round
      }
    }
  }
}
