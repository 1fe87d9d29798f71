/// What was found out about a run after it had ended: the newest report of each kind there is.
public struct RunAnalysis: Sendable, Equatable {
  /// What calibration made of it.
  public var calibration: CalibrationReport?
  /// How well images find their subnetwork.
  public var routing: RoutingReport?

  /// What was found out.
  public init(calibration: CalibrationReport? = nil, routing: RoutingReport? = nil) {
    self.calibration = calibration
    self.routing = routing
  }

  /// What lies in a run's folder.
  /// - Throws: `ExperimentError` if a report cannot be read.
  public init(of directory: RunDirectory) throws {
    self.init(calibration: try directory.calibration(), routing: try directory.routing())
  }
}
