internal import Experiments

extension ExportTable {
  /// The figures behind a page of the analysis, of all targets.
  static func records(of view: AnalysisView, in analysis: RunAnalysis?) -> [[String]] {
    switch view.page {
    case .calibration: calibration(analysis?.calibration)
    case .routing: routing(analysis?.routing)
    case .predictions: analysis?.predictions?.records ?? [PredictionReport.columns]
    }
  }

  private static func calibration(_ report: CalibrationReport?) -> [[String]] {
    let figures = ["precision", "recall", "f1", "balanced_accuracy", "calibration_error", "loss"]
    let head =
      ["round", "target", "subnetwork", "temperature", "shift", "threshold"]
      + ["before", "after"].flatMap { moment in figures.map { "\($0)_\(moment)" } }
    return [head]
      + (report?.targets ?? []).flatMap { target in
        target.subnetworks.map { own in
          let values = [own.before, own.after].flatMap { figures in
            [
              figures.precision, figures.recall, figures.f1, figures.balancedAccuracy,
              figures.calibrationError, figures.loss,
            ]
          }
          return ["\(target.round)", CSVField.figure(target.target), own.name]
            + ([own.temperature, own.shift, own.threshold] + values).map(CSVField.figure)
        }
      }
  }

  private static func routing(_ report: RoutingReport?) -> [[String]] {
    [["round", "target", "route", "accuracy", "multiply_adds", "milliseconds_per_image"]]
      + (report?.targets ?? []).flatMap { target in
        target.routes.map { route in
          ["\(target.round)", CSVField.figure(target.target)]
            + [route.kind == .baseline ? report?.baseline ?? "" : route.kind.rawValue]
            + [route.accuracy, route.multiplyAdds, route.millisecondsPerImage].map(CSVField.figure)
        }
      }
  }
}
