/// What calibration made of a run's retrained subnetworks; the content of `analysis/calibration.json`.
public struct CalibrationReport: Sendable, Codable, Equatable {
  /// The run's name.
  public var run: String
  /// Which images calibrated.
  public var split: Split
  /// How many images calibrated, and how many others the figures are of.
  public var calibrationSamples: Int
  /// Held-out images that judged.
  public var judgedSamples: Int
  /// The recall that thresholds were chosen for; `nil` is the best F1.
  public var wantedRecall: Double?
  /// A word for the decision of each subnetwork: whether an image is of its subset, or which class it is.
  public var decision: Decision
  /// One per joint retraining that reached a target, in their order.
  public var targets: [Target]

  /// A report.
  public init(
    run: String, split: Split, calibrationSamples: Int, judgedSamples: Int, wantedRecall: Double?,
    decision: Decision, targets: [Target]
  ) {
    self.run = run
    self.split = split
    self.calibrationSamples = calibrationSamples
    self.judgedSamples = judgedSamples
    self.wantedRecall = wantedRecall
    self.decision = decision
    self.targets = targets
  }

  /// The images that calibrate.
  public enum Split: String, Sendable, Codable, CaseIterable {
    /// Those that `dataset.calibration_fraction` set aside from the training set.
    case calibration
    /// Half of the test images; the other half judges.
    case testHalf = "test-half"
  }

  /// What a subnetwork decides.
  public enum Decision: String, Sendable, Codable {
    /// Whether an image is of its subset.
    case membership
    /// Which class an image is of.
    case `class`
  }

  /// The subnetworks of one joint retraining.
  public struct Target: Sendable, Codable, Equatable {
    /// The round whose masks were retrained.
    public var round: Int
    /// The target sparsity it reached, if it was for one.
    public var target: Double?
    /// One per subnetwork, in their order.
    public var subnetworks: [Subnetwork]

    /// The subnetworks of a joint retraining.
    public init(round: Int, target: Double?, subnetworks: [Subnetwork]) {
      self.round = round
      self.target = target
      self.subnetworks = subnetworks
    }
  }

  /// One subnetwork: score = σ(logit / temperature + shift), or softmax(logits / temperature).
  public struct Subnetwork: Sendable, Codable, Equatable {
    /// The subset's name.
    public var name: String
    /// What logits are divided by.
    public var temperature: Double
    /// The log odds of a member among all images, where training drew members and others in equal
    /// number; 0 elsewhere.
    public var shift: Double
    /// The lowest score that is a yes; `nil` where the decision is a class.
    public var threshold: Double?
    /// As trained: score σ(logit), yes above one half.
    public var before: Figures
    /// With temperature, shift and threshold.
    public var after: Figures
    /// The calibration error with a temperature fitted without the shift; `nil` where there is none.
    public var errorByTemperatureAlone: Double?
    /// How often scores came true, before and after.
    public var reliabilityBefore: [Bin]
    /// The same with the calibrated scores.
    public var reliabilityAfter: [Bin]

    /// A calibrated subnetwork.
    public init(
      name: String, temperature: Double, shift: Double, threshold: Double?, before: Figures,
      after: Figures, errorByTemperatureAlone: Double?, reliabilityBefore: [Bin],
      reliabilityAfter: [Bin]
    ) {
      self.name = name
      self.temperature = temperature
      self.shift = shift
      self.threshold = threshold
      self.before = before
      self.after = after
      self.errorByTemperatureAlone = errorByTemperatureAlone
      self.reliabilityBefore = reliabilityBefore
      self.reliabilityAfter = reliabilityAfter
    }
  }

  /// Figures of one subnetwork on the images that judge.
  public struct Figures: Sendable, Codable, Equatable {
    /// TP / (TP + FP).
    public var precision: Double
    /// TP / (TP + FN).
    public var recall: Double
    /// Harmonic mean of precision and recall.
    public var f1: Double
    /// (recall + specificity) / 2.
    public var balancedAccuracy: Double
    /// Expected calibration error: the mean over all images of |how often − how sure| of their bin.
    public var calibrationError: Double
    /// Mean negative log likelihood of what is true, in nats.
    public var loss: Double

    /// Figures.
    public init(
      precision: Double, recall: Double, f1: Double, balancedAccuracy: Double,
      calibrationError: Double, loss: Double
    ) {
      self.precision = precision
      self.recall = recall
      self.f1 = f1
      self.balancedAccuracy = balancedAccuracy
      self.calibrationError = calibrationError
      self.loss = loss
    }

    /// Means over several; `nil` of none.
    public static func mean(_ figures: [Figures]) -> Figures? {
      guard !figures.isEmpty else { return nil }
      func mean(_ value: (Figures) -> Double) -> Double {
        figures.reduce(0) { $0 + value($1) } / Double(figures.count)
      }
      return Figures(
        precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1),
        balancedAccuracy: mean(\.balancedAccuracy), calibrationError: mean(\.calibrationError),
        loss: mean(\.loss))
    }
  }

  /// The images whose scores lie in one of the equal parts of 0…1.
  public struct Bin: Sendable, Codable, Equatable {
    /// How many images.
    public var count: Int
    /// Their mean score; 0 of none.
    public var meanScore: Double
    /// The share of them for which the score's claim is true; 0 of none.
    public var frequency: Double

    /// A bin.
    public init(count: Int, meanScore: Double, frequency: Double) {
      self.count = count
      self.meanScore = meanScore
      self.frequency = frequency
    }
  }

  /// The number of bins of a reliability diagram and of the calibration error.
  public static let bins = 15
}
