public import Datasets
public import Experiments
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// A picture as a run's retrained subnetworks show it.
  public struct Rendering: Sendable {
    /// The picture.
    public let picture: Picture
    /// The round whose weights show it.
    public let round: Int
    /// That round's target, if it has one.
    public let target: Double?
    /// The PSNR of each region against the original in the picture's size.
    public let regions: [(name: String, score: QualityScore)]
    /// The same over all pixels.
    public let overall: QualityScore
  }

  /// What is drawn.
  public enum RenderingStyle: Sendable {
    /// What the subnetworks show.
    case colors
    /// How far it is from the original: black is the same, white a quarter of the range away or more.
    case error
  }

  /// The most pixels of a side of a rendering.
  public static let longestRendering = 16_384

  /// Has the retrained subnetworks draw the run's picture.
  /// - Parameters:
  ///   - round: the round whose retrained weights to use; `nil` is the last retrained, or that of the
  ///     target.
  ///   - target: the target sparsity whose weights to use.
  ///   - scale: pixels of the drawing per pixel of the picture, in each direction.
  ///   - hasBorders: whether the borders of the regions are drawn.
  ///   - threads: how many threads compute.
  /// - Throws: `EngineError` for a run without a picture, no such round or target, or too large a scale.
  public func render(
    round: Int?, target: Double?, scale: Double, style: RenderingStyle, hasBorders: Bool,
    threads: Int
  ) throws -> Rendering {
    guard config.task.kind == .inr else {
      throw EngineError.unsupported(
        "run '\(directory.name)' shows no picture; its task.kind is '\(config.task.kind.rawValue)'")
    }
    let ticket = try readTicket(round: try round ?? target.map(retrainedRound(of:)))
    let task = try PictureTask(config)
    try check(task)
    let image = task.image
    func side(_ length: Int) -> Int { Int(min(1e9, max(1, (Double(length) * scale).rounded()))) }
    let (width, height) = (side(image.picture.width), side(image.picture.height))
    guard max(width, height) <= Self.longestRendering else {
      throw EngineError.unsupported(
        "scale: found \(scale), which makes \(width) × \(height) pixels; expected at most "
          + "\(Self.longestRendering) a side")
    }
    let map = image.map.resized(width: width, height: height)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    var bytes = [UInt8](repeating: 0, count: width * height * task.outputs)
    task.paint(
      Candidate.all(
        parameters: ticket.parameters, masks: ticket.masks.map(\.bits),
        statistics: ticket.statistics),
      of: FourierFeatures(width: width, height: height), regions: map, with: trainer,
      beforeEach: {}
    ) { bytes[$0 * task.outputs + $1] = $2 }
    let drawn = Picture(width: width, height: height, channels: task.outputs, bytes: bytes)
    let original = image.picture.resized(width: width, height: height)
    var shown = style == .colors ? drawn : drawn.distance(to: original)
    if hasBorders { shown = shown.withBorders(of: map) }
    func score(_ pixels: [Int]?) -> QualityScore {
      QualityScore(
        .psnr,
        SignalToNoise.peak(
          meanSquaredError: SignalToNoise.meanSquaredError(drawn, original, over: pixels)))
    }
    return Rendering(
      picture: shown, round: ticket.round, target: ticket.target,
      regions: image.regionNames.enumerated().compactMap { region, name in
        let pixels = map.pixels(of: region)
        return pixels.isEmpty ? nil : (name, score(pixels))
      }, overall: score(nil))
  }

  /// The round that was retrained at a target.
  func retrainedRound(of target: Double) throws -> Int {
    let retrained = try directory.retrainedRounds()
    guard let found = retrained.last(where: { $0.target == target }) else {
      let targets = retrained.compactMap(\.target).map { "\($0)" }
      throw EngineError.unsupported(
        "target: found \(target), expected one that run '\(directory.name)' has reached"
          + (targets.isEmpty ? "; it has none yet" : ": \(targets.joined(separator: ", "))"))
    }
    return found.round
  }
}
