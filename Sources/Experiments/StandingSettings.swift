/// A change of what the rounds to come use; what is `nil` stays as it is.
public struct SettingsChange: Sendable, Codable, Equatable {
  /// Weights to remove from a mask in a round.
  public var pruneCount: Int?
  /// Epochs to train before pruning.
  public var epochs: Int?
  /// Adam's step size.
  public var learningRate: Double?

  /// A change of some settings.
  public init(pruneCount: Int? = nil, epochs: Int? = nil, learningRate: Double? = nil) {
    self.pruneCount = pruneCount
    self.epochs = epochs
    self.learningRate = learningRate
  }

  /// Whether nothing is to change.
  public var isEmpty: Bool { pruneCount == nil && epochs == nil && learningRate == nil }

  /// Settings with the change made.
  public func applied(to settings: RoundSettings) -> RoundSettings {
    RoundSettings(
      pruneCount: pruneCount ?? settings.pruneCount, epochs: epochs ?? settings.epochs,
      learningRate: learningRate ?? settings.learningRate)
  }

  /// What is wrong with the numbers; `nil` if an engine can take them.
  public var problem: String? {
    (pruneCount.map { RoundSettings.problem(pruneCount: $0) } ?? nil)
      ?? (epochs.map { RoundSettings.problem(epochs: $0) } ?? nil)
      ?? (learningRate.map { RoundSettings.problem(learningRate: $0) } ?? nil)
  }
}

extension RoundSettings {
  /// What is wrong with the numbers; `nil` if an engine can take them.
  public var problem: String? {
    Self.problem(pruneCount: pruneCount) ?? Self.problem(epochs: epochs)
      ?? Self.problem(learningRate: learningRate)
  }

  static func problem(pruneCount: Int) -> String? {
    (1...1_000_000_000).contains(pruneCount)
      ? nil : "found prune count \(pruneCount), expected from 1 to 1000000000"
  }

  /// What is wrong with a number of epochs; `nil` if an engine can take it.
  package static func problem(epochs: Int) -> String? {
    (1...100_000).contains(epochs) ? nil : "found \(epochs) epochs, expected from 1 to 100000"
  }

  static func problem(learningRate: Double) -> String? {
    learningRate > 0 && learningRate <= 10
      ? nil : "found learning rate \(learningRate), expected above 0 and up to 10"
  }
}

/// What planned rounds use: the settings in force, and the subnetworks whose masks stay.
public struct StandingSettings: Sendable, Codable, Equatable {
  /// The settings of every subnetwork that has none of its own.
  public private(set) var general: RoundSettings
  /// Settings of single subnetworks, by index.
  public private(set) var own: [Int: RoundSettings] = [:]
  /// The subnetworks whose masks stay, ascending.
  public private(set) var frozen: [Int] = []

  /// The same settings for all.
  public init(_ general: RoundSettings) {
    self.general = general
  }

  /// The settings of a subnetwork.
  public subscript(k: Int) -> RoundSettings { own[k] ?? general }

  /// Whether a subnetwork's mask stays.
  public func isFrozen(_ k: Int) -> Bool { frozen.contains(k) }

  /// Changes the settings of a subnetwork, or of all: then also of those that have their own.
  public mutating func apply(_ change: SettingsChange, to subnetwork: Int?) {
    if let subnetwork {
      own[subnetwork] = change.applied(to: self[subnetwork])
    } else {
      general = change.applied(to: general)
      own = own.mapValues(change.applied(to:))
    }
    own = own.filter { $0.value != general }
  }

  /// Freezes a subnetwork's mask or lets it go again.
  public mutating func setFrozen(_ k: Int, _ isFrozen: Bool) {
    frozen.removeAll { $0 == k }
    if isFrozen { frozen = (frozen + [k]).sorted() }
  }
}

/// What a pruning round does with each subnetwork.
public struct RoundPlan: Sendable, Equatable {
  /// The settings of every subnetwork that has none of its own.
  public var settings: RoundSettings
  /// Settings of single subnetworks, by index.
  public var own: [Int: RoundSettings]
  /// The subnetworks whose masks stay in this round, ascending.
  public var resting: [Int]

  /// A plan; the same for all unless something else is said.
  public init(_ settings: RoundSettings, own: [Int: RoundSettings] = [:], resting: [Int] = []) {
    self.settings = settings
    self.own = own
    self.resting = resting
  }

  /// What a subnetwork does; `nil` if its mask stays.
  public subscript(k: Int) -> RoundSettings? {
    resting.contains(k) ? nil : own[k] ?? settings
  }
}

extension RoundPlan: Codable {
  private enum CodingKeys: String, CodingKey { case own, resting }

  /// Writes the general settings, and beside them what differs, if something does.
  public func encode(to encoder: any Encoder) throws {
    try settings.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    if !own.isEmpty { try container.encode(own, forKey: .own) }
    if !resting.isEmpty { try container.encode(resting, forKey: .resting) }
  }

  /// Reads a plan, also one from before subnetworks could differ.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try RoundSettings(from: decoder),
      own: try container.decodeIfPresent([Int: RoundSettings].self, forKey: .own) ?? [:],
      resting: try container.decodeIfPresent([Int].self, forKey: .resting) ?? [])
  }
}
