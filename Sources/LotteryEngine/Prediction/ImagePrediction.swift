/// What a run's subnetworks say of one image file.
public struct ImagePrediction: Sendable, Encodable, Equatable {
  /// The file.
  public var file: String
  /// The subset that the image belongs to, or its class where subnetworks tell classes apart.
  public var decision: String
  /// The subnetwork that decided.
  public var subnetwork: String
  /// How sure it is: calibrated, or σ(logit) and softmax where nothing was calibrated.
  public var score: Double
  /// Whether a membership's score reaches the subnetwork's threshold; `nil` where classes are told apart.
  public var isAccepted: Bool?
}
