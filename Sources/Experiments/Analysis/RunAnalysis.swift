/// What was found out about a run after it had ended: the newest report of each kind there is.
public struct RunAnalysis: Sendable, Equatable {
  /// What calibration made of it.
  public var calibration: CalibrationReport?
  /// How well images find their subnetwork.
  public var routing: RoutingReport?
  /// What was said of images last.
  public var predictions: PredictionReport?
  /// Whether the run set images aside for calibration; without them half of the test images has to do.
  public var setsImagesAside: Bool

  /// What was found out.
  public init(
    calibration: CalibrationReport? = nil, routing: RoutingReport? = nil,
    predictions: PredictionReport? = nil, setsImagesAside: Bool = true
  ) {
    self.calibration = calibration
    self.routing = routing
    self.predictions = predictions
    self.setsImagesAside = setsImagesAside
  }

  /// What lies in a run's folder.
  /// - Throws: `ExperimentError` if a report cannot be read.
  public init(of directory: RunDirectory) throws {
    // A config that cannot be read says nothing of it; whoever runs the command is told.
    let config = try? directory.resolvedConfig()
    self.init(
      calibration: try directory.calibration(), routing: try directory.routing(),
      predictions: try directory.predictions(),
      setsImagesAside: config.map { $0.dataset.calibrationFraction > 0 } ?? true)
  }
}
