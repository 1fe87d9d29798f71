/// A sign that subnetworks collapse, with its reason in numbers (paper §8).
public struct Alarm: Sendable, Codable, Hashable {
  /// How bad it is.
  public enum Level: String, Sendable, Codable, CaseIterable, Comparable {
    /// Look at it.
    case warning = "warn"
    /// The run is best stopped or taken back.
    case critical = "crit"

    /// A warning is less than critical.
    public static func < (left: Level, right: Level) -> Bool {
      left == .warning && right == .critical
    }
  }

  /// What is wrong.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The mean J of a subnetwork to the others rises, though its mask is pruned further.
    case overlap
    /// The score of a subnetwork, such as its balanced accuracy, fell from its own best.
    case quality
    /// Layers of a mask have no weights left.
    case emptyLayer = "empty_layer"
    /// A loss is not finite.
    case loss
  }

  /// What is wrong.
  public var kind: Kind
  /// How bad it is.
  public var level: Level
  /// Index of the subnetwork.
  public var subnetwork: Int
  /// The stage in which it was seen.
  public var stage: Stage
  /// The pruning round in which it was seen.
  public var round: Int
  /// The figure that is wrong: a rise, a fall, a count of layers, a loss.
  public var value: Double
  /// The limit of its level that it passed.
  public var limit: Double
  /// What it is measured against: the lowest J, the best score.
  public var reference: Double?
  /// The chance level of J.
  public var chance: Double?
  /// The first of the layers it is about.
  public var layer: String?
  /// The score that fell; `nil` is the balanced accuracy.
  public var metric: QualityMetric?

  /// An alarm.
  public init(
    _ kind: Kind, _ level: Level, subnetwork: Int, stage: Stage, round: Int, value: Double,
    limit: Double, reference: Double? = nil, chance: Double? = nil, layer: String? = nil,
    metric: QualityMetric? = nil
  ) {
    self.kind = kind
    self.level = level
    self.subnetwork = subnetwork
    self.stage = stage
    self.round = round
    self.value = value
    self.limit = limit
    self.reference = reference
    self.chance = chance
    self.layer = layer
    self.metric = metric
  }

  /// Whether another one is about the same thing, at whatever level.
  public func isAbout(_ other: Alarm) -> Bool {
    kind == other.kind && subnetwork == other.subnetwork
      && (kind != .quality || stage == other.stage)
  }

  /// Whether another one is the same, though its figure be no number.
  public func isSame(as other: Alarm) -> Bool {
    isAbout(other) && level == other.level && round == other.round
  }

  /// What it is about in two or three words, for a narrow place.
  public var subject: String {
    switch kind {
    case .overlap: "overlap"
    case .quality: "quality"
    case .emptyLayer: "empty layer"
    case .loss: "loss"
    }
  }

  /// The reason in numbers; the subnetwork's name is the reader's.
  public var reason: String {
    switch kind {
    case .overlap:
      let jaccard = (reference ?? 0) + value
      return "J \(Self.figure(jaccard)), \(Self.figure(value)) above its lowest, limit "
        + "\(Self.figure(limit)); J − chance \(Self.figure(jaccard - (chance ?? 0)))"
    case .quality:
      let (best, score) = (reference ?? 0, metric ?? .balancedAccuracy)
      return
        "\(score.title) \(Self.figure(best - value))\(score.unit), \(Self.figure(value)) below "
        + "its best, limit \(Self.figure(limit))"
    case .emptyLayer:
      let others = value > 1 && value < 1e6 ? " and \(Int(value) - 1) more" : ""
      let way = level == .warning ? ", a shortcut goes around" : ""
      return "no weights left in \(layer ?? "a layer")\(others)\(way)"
    case .loss: return "loss is \(value.isNaN ? "NaN" : "\(value)")"
    }
  }

  /// Three decimals.
  private static func figure(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "\(value)" }
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = String(String(thousandths % 1000 + 1000).dropFirst())
    return (value < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000).\(digits)"
  }
}

extension Alarm.Level {
  /// The word on a screen.
  public var word: String { rawValue.uppercased() }
}
