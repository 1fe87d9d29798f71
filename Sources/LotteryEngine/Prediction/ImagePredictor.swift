public import Datasets
public import Experiments
internal import NeuralNetworks
internal import Tensors

/// Says of image files what a run's retrained subnetworks make of them.
public struct ImagePredictor {
  /// Whether scores are those that `rtl calibrate` made.
  public let isCalibrated: Bool
  /// The round whose weights decide.
  public let round: Int
  /// The target sparsity of that round, if it was for one.
  public let target: Double?

  private let task: ClassificationTask
  private let trainer: SubnetworkTrainer
  private let candidates: [Candidate]
  private let calibration: [CalibrationReport.Subnetwork]
  /// The subnetworks that are asked.
  private let asked: [Int]

  /// - Parameters:
  ///   - subset: whose subnetwork decides; `nil` asks all, and the surest decides.
  ///   - round: the round whose retrained weights to use; `nil` is the last retrained.
  ///   - threads: how many threads compute.
  /// - Throws: `EngineError` for no such subnetwork or round, or what is wrong with data or files.
  public init(_ run: StoredRun, subset: String?, round: Int?, threads: Int) throws {
    let asked = try subset.map { [try run.index(of: $0)] } ?? Array(run.subnetworkNames.indices)
    let task = try run.readClassification(for: "predict")
    let ticket = try run.readTicket(round: round)
    let known = try run.directory.calibration()?.targets.first { $0.round == ticket.round }
    (self.task, self.asked) = (task, asked)
    (self.round, target) = (ticket.round, ticket.target)
    trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    candidates = ticket.candidates
    isCalibrated = known != nil
    if let known {
      guard known.subnetworks.map(\.name) == run.subnetworkNames,
        known.subnetworks.allSatisfy({ $0.temperature > 0 && $0.temperature.isFinite })
      else {
        throw EngineError.mismatch(
          file: run.directory.analysisPath("calibration.json"),
          found: "subnetworks \(known.subnetworks.map(\.name).joined(separator: ", "))",
          expected:
            "\(run.subnetworkNames.joined(separator: ", ")), each with a temperature above 0; "
            + "rtl calibrate makes it anew")
      }
      calibration = known.subnetworks
    } else {
      calibration = run.subnetworkNames.map(CalibrationReport.Subnetwork.uncalibrated)
    }
  }

  /// A picture as small as the networks take it, so that many can be held.
  public func reduced(_ picture: Picture) -> Picture {
    let side = task.config.dataset.imageSize
    return picture.resized(width: side, height: side)
  }

  /// How many images are decided together.
  public var batchSize: Int { trainer.network.capacity }

  /// Decides about pictures; each is brought to the size of the run's images.
  /// - Parameter pictures: at most `batchSize` of them, with the names of their files.
  /// - Throws: `DatasetError`, `EngineError.unsupported` for a network that has diverged.
  public func predict(_ pictures: [(file: String, picture: Picture)]) throws -> [ImagePrediction] {
    guard !pictures.isEmpty else { return [] }
    let side = task.config.dataset.imageSize
    let images = LabeledImages(
      side: side,
      values: pictures.flatMap { $0.picture.resized(width: side, height: side).planes },
      labels: pictures.map { _ in 0 })
    let chosen = asked.map { candidates[$0] }
    let scores = try Evaluator(task: task, trainer: trainer).scores(
      chosen, of: images, samples: Array(pictures.indices))
    var logits = [[Float]](repeating: [], count: candidates.count)
    for (k, own) in zip(asked, scores) {
      try EngineError.requireNumbers(own, of: task.subnetworkNames[k], round: nil)
      logits[k] = own
    }
    let decisions = RouteDecisions(task: task, logits: logits, calibration: calibration)
    return pictures.enumerated().map { place, picture in
      let k = decisions.surestSubnetwork(of: asked, sample: place)
      return prediction(picture.file, k, sample: place, decisions)
    }
  }

  private func prediction(
    _ file: String, _ k: Int, sample: Int, _ decisions: RouteDecisions
  ) -> ImagePrediction {
    let found = decisions.finding(k, sample: sample)
    let name = task.subnetworkNames[k]
    guard task.config.task.kind == .binary else {
      return ImagePrediction(
        file: file, decision: task.dataset.classNames[found.choice], subnetwork: name,
        score: found.sureness)
    }
    let score = TemperatureScaling.sigmoid(found.sureness)
    let isAccepted = calibration[k].threshold.map { score >= $0 } ?? (score > 0.5)
    // Asked of one subset alone, the answer may be no.
    let isNo = asked.count == 1 && !isAccepted
    return ImagePrediction(
      file: file, decision: isNo ? "not \(name)" : name, subnetwork: name, score: score,
      isAccepted: isAccepted)
  }
}

extension CalibrationReport.Subnetwork {
  /// A subnetwork whose scores are taken as they are.
  static func uncalibrated(_ name: String) -> Self {
    let nothing = CalibrationReport.Figures(
      precision: 0, recall: 0, f1: 0, balancedAccuracy: 0, calibrationError: 0, loss: 0)
    return Self(
      name: name, temperature: 1, shift: 0, threshold: nil, before: nothing, after: nothing,
      errorByTemperatureAlone: nil, reliabilityBefore: [], reliabilityAfter: [])
  }
}
