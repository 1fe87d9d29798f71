public import Experiments

extension CollapseCourse {
  /// The course of a run on disk, also of one that goes on.
  /// - Throws: `ExperimentError.file` if its log cannot be read.
  public init(of directory: RunDirectory) throws {
    var course = CollapseCourse()
    _ = try EventLog.scan(directory.eventsPath, keepsProgress: false) { course.take($0.event) }
    self = course
  }
}
