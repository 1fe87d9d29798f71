public import Experiments
internal import Foundation

extension CollapseCourse {
  /// The course of a run on disk, also of one that goes on; that of a branch from the first round of the
  /// run that it comes from, as far as that is still there.
  /// - Throws: `ExperimentError` if its log or its origin cannot be read.
  public init(of directory: RunDirectory) throws {
    try self.init(of: directory, after: [])
  }

  /// - Parameter later: branches that come from it, for a name can be given again and go in a circle.
  private init(of directory: RunDirectory, after later: Set<String>) throws {
    var course = CollapseCourse()
    _ = try EventLog.scan(directory.eventsPath, keepsProgress: false) { course.take($0.event) }
    let folder = (directory.path as NSString).deletingLastPathComponent
    let later = later.union([directory.name])
    if let origin = try directory.origin(), !later.contains(origin.run),
      let other = try? RunDirectory.open(origin.run, in: folder, suggests: false)
    {
      course.begin(with: try CollapseCourse(of: other, after: later))
    }
    self = course
  }
}
