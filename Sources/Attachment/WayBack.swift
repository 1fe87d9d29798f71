/// What a person types to come back to a run, as whole command lines.
public struct WayBack: Sendable, Equatable {
  /// Attaches to the run.
  public let attach: String
  /// Says how the run is.
  public let status: String

  /// Two command lines.
  public init(attach: String, status: String) {
    self.attach = attach
    self.status = status
  }
}
