/// What a run's subnetworks said of image files; the content of `analysis/predictions.json`.
public struct PredictionReport: Sendable, Codable, Equatable {
  /// The run's name.
  public var run: String
  /// The round whose retrained weights were asked.
  public var round: Int
  /// The target sparsity of that round, if it was for one.
  public var target: Double?
  /// Whether scores are calibrated.
  public var isCalibrated: Bool
  /// One per image, in the order in which they were given.
  public var predictions: [ImagePrediction]

  /// A report.
  public init(
    run: String, round: Int, target: Double?, isCalibrated: Bool, predictions: [ImagePrediction]
  ) {
    self.run = run
    self.round = round
    self.target = target
    self.isCalibrated = isCalibrated
    self.predictions = predictions
  }

  /// The header of the records.
  public static let columns = ["file", "decision", "subnetwork", "score", "accepted"]

  /// A header and a record per image; numbers are unrounded.
  public var records: [[String]] {
    [Self.columns]
      + predictions.map { prediction in
        [prediction.file, prediction.decision, prediction.subnetwork, "\(prediction.score)"]
          + [prediction.isAccepted.map { $0 ? "yes" : "no" } ?? ""]
      }
  }
}

/// What a run's subnetworks say of one image file.
public struct ImagePrediction: Sendable, Codable, Equatable {
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

  /// What is said of an image.
  public init(
    file: String, decision: String, subnetwork: String, score: Double, isAccepted: Bool? = nil
  ) {
    self.file = file
    self.decision = decision
    self.subnetwork = subnetwork
    self.score = score
    self.isAccepted = isAccepted
  }
}
