/// The `watch` section: when the collapse watch raises an alarm (paper §8), and what follows from it.
public struct WatchConfig: Sendable, Equatable, Codable {
  /// Rise of a subnetwork's mean J to the others above its lowest that is worth a warning.
  public var overlapRiseWarning = 0.02
  /// The same from which it is critical.
  public var overlapRiseCritical = 0.05
  /// Fall of a subnetwork's balanced accuracy from its own best that is worth a warning.
  public var qualityFallWarning = 0.2
  /// The same from which it is critical.
  public var qualityFallCritical = 0.3
  /// Fall of a score in dB (a picture's PSNR, SI-SNR improvement) from its own best that is worth a warning.
  public var decibelFallWarning = 6.0
  /// The same from which it is critical.
  public var decibelFallCritical = 12.0
  /// How far below a limit a figure has to be before its alarm goes back, as a fraction of the limit.
  public var hysteresis = 0.25
  /// Whether an interactive run stands still at the end of a round with a critical alarm.
  public var pauseOnCrit = true

  /// The defaults.
  public init() {}

  /// The fall of a score that is worth a warning, in its own unit.
  func fallWarning(of metric: QualityMetric) -> Double {
    switch metric {
    case .balancedAccuracy: qualityFallWarning
    case .psnr, .siSNRImprovement: decibelFallWarning
    }
  }

  /// The fall of a score that is critical, in its own unit.
  func fallCritical(of metric: QualityMetric) -> Double {
    switch metric {
    case .balancedAccuracy: qualityFallCritical
    case .psnr, .siSNRImprovement: decibelFallCritical
    }
  }
}
