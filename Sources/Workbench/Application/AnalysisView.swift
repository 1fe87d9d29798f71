internal import Experiments

/// What of a run's analysis is shown.
package struct AnalysisView: Sendable, Equatable {
  /// The reports there are.
  package enum Page: Sendable, CaseIterable {
    /// What calibration made of each subnetwork.
    case calibration
    /// How well images find their subnetwork.
    case routing

    /// What it is called.
    package var title: String {
      switch self {
      case .calibration: "Calibration"
      case .routing: "Routing"
      }
    }

    /// The command that makes the report.
    package var command: String {
      switch self {
      case .calibration: "rtl calibrate"
      case .routing: "rtl route"
      }
    }

    /// The other page.
    package var next: Page { self == .calibration ? .routing : .calibration }
  }

  /// The report.
  package var page = Page.calibration
  /// The target that is shown, counted from the last one back.
  package var targetsBack = 0

  /// The place of the target among so many; `nil` of none.
  func index(among count: Int) -> Int? {
    count == 0 ? nil : count - 1 - min(max(0, targetsBack), count - 1)
  }
}

extension RunAnalysis {
  /// How many targets the report of a view has.
  func targetCount(of view: AnalysisView) -> Int {
    switch view.page {
    case .calibration: calibration?.targets.count ?? 0
    case .routing: routing?.targets.count ?? 0
    }
  }

  /// The round that a view shows.
  func round(of view: AnalysisView) -> Int? {
    view.index(among: targetCount(of: view)).flatMap { index in
      switch view.page {
      case .calibration: calibration?.targets[index].round
      case .routing: routing?.targets[index].round
      }
    }
  }
}
