/// What a person types to come back to a run, as whole command lines.
public struct WayBack: Sendable, Equatable {
  /// Attaches to the run.
  public let attach: String
  /// Says how the run is.
  public let status: String
  /// Goes on with the run when its engine is gone.
  public let resume: String

  /// Three command lines.
  public init(attach: String, status: String, resume: String) {
    self.attach = attach
    self.status = status
    self.resume = resume
  }
}
