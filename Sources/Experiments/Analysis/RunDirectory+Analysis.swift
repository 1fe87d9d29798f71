internal import Foundation

/// What was found out about a run after it had ended. None of it belongs to the run's lasting files: it can
/// be deleted and made again.
extension RunDirectory {
  /// The folder of what was found out.
  public var analysisPath: String { (path as NSString).appendingPathComponent("analysis") }

  /// A file of that folder.
  public func analysisPath(_ name: String) -> String {
    (analysisPath as NSString).appendingPathComponent(name)
  }

  /// The largest report that is read, in bytes.
  private static let reportLimit = 64 << 20

  /// The calibration that was made last; `nil` if there is none.
  /// - Throws: `ExperimentError` if its file cannot be read.
  public func calibration() throws -> CalibrationReport? {
    try report(CalibrationReport.self, "calibration.json", madeBy: "rtl calibrate")
  }

  /// The routing that was measured last; `nil` if there is none.
  /// - Throws: `ExperimentError` if its file cannot be read.
  public func routing() throws -> RoutingReport? {
    try report(RoutingReport.self, "routing.json", madeBy: "rtl route")
  }

  /// What was said of images last; `nil` if nothing was.
  /// - Throws: `ExperimentError` if its file cannot be read.
  public func predictions() throws -> PredictionReport? {
    try report(PredictionReport.self, "predictions.json", madeBy: "rtl predict")
  }

  /// Writes files into the analysis folder, or another, each either whole or not at all.
  /// - Returns: their paths.
  /// - Throws: `ExperimentError.file`.
  public func writeAnalysis(
    _ files: [(name: String, text: String)], into folder: String? = nil
  ) throws -> [String] {
    let folder = folder ?? analysisPath
    try ExperimentFiles.makeFolder(folder)
    return try ExperimentFiles.withLock(onFolder: folder) {
      try files.map { name, text in
        let path = (folder as NSString).appendingPathComponent(name)
        try ExperimentFiles.writeAtomically(Data(text.utf8), to: path)
        return path
      }
    }
  }

  private func report<Report: Decodable>(
    _ type: Report.Type, _ name: String, madeBy command: String
  ) throws -> Report? {
    let path = analysisPath(name)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let data = try ExperimentFiles.read(path, limit: Self.reportLimit)
    do {
      return try ExperimentJSON.decode(type, from: data)
    } catch let error as DecodingError {
      throw ExperimentError.damaged(
        path: path, byte: nil, found: error.found(in: data),
        expected: "a report of \(command), which makes it anew")
    }
  }
}
