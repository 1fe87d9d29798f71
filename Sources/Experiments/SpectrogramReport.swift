public import Foundation

/// Spectrograms of a held-out mixture, of the speech in it and of what a subnetwork made of it, small enough
/// for a screen.
public struct SpectrogramReport: Sendable, Codable, Equatable {
  /// Columns and rows at most.
  public static let (mostColumns, mostRows) = (64, 32)
  /// Decibels from the darkest to the brightest level.
  public static let decibels = 70

  /// The stage that trained the subnetwork.
  public var stage: Stage
  /// The pruning round, from 1.
  public var round: Int
  /// The subnetwork that enhanced it.
  public var subnetwork: Int
  /// The scene of the noise, by its place among the scenes.
  public var scene: Int
  /// The scene's name.
  public var sceneName: String
  /// The length of the sound.
  public var seconds: Double
  /// The frequency at the upper edge.
  public var hertz: Double
  /// Stretches of time in a row.
  public var width: Int
  /// Bands of frequency, the lowest in the last row.
  public var height: Int
  /// The levels of the mixture, row by row: 0 is `decibels` below the loudest of all three, 255 as loud.
  public var noisy: Data
  /// Those of the speech in it.
  public var clean: Data
  /// Those of what the subnetwork made of it.
  public var enhanced: Data
  /// By how many dB the SI-SNR of that is better than the mixture's.
  public var improvement: Double

  /// Spectrograms of one size.
  public init(
    stage: Stage, round: Int, subnetwork: Int, scene: Int, sceneName: String, seconds: Double,
    hertz: Double, width: Int, height: Int, noisy: Data, clean: Data, enhanced: Data,
    improvement: Double
  ) {
    self.stage = stage
    self.round = round
    self.subnetwork = subnetwork
    self.scene = scene
    self.sceneName = sceneName
    self.seconds = seconds
    self.hertz = hertz
    self.width = width
    self.height = height
    self.noisy = noisy
    self.clean = clean
    self.enhanced = enhanced
    self.improvement = improvement
  }

  private enum CodingKeys: String, CodingKey {
    case stage, round, subnetwork, scene, sceneName, seconds, hertz, width, height, noisy, clean
    case enhanced, improvement
  }

  /// Reads spectrograms that have all their levels, and not too many; readers rely on it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func get<Value: Decodable>(_ key: CodingKeys, _ type: Value.Type = Value.self) throws -> Value {
      try container.decode(type, forKey: key)
    }
    self.init(
      stage: try get(.stage), round: try get(.round), subnetwork: try get(.subnetwork),
      scene: try get(.scene), sceneName: try get(.sceneName), seconds: try get(.seconds),
      hertz: try get(.hertz), width: try get(.width), height: try get(.height),
      noisy: try get(.noisy), clean: try get(.clean), enhanced: try get(.enhanced),
      improvement: try get(.improvement))
    guard (1...Self.mostColumns).contains(width), (1...Self.mostRows).contains(height),
      [noisy, clean, enhanced].allSatisfy({ $0.count == width * height })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .width, in: container,
        debugDescription: "spectrograms whose levels are not \(width) × \(height)")
    }
  }
}
