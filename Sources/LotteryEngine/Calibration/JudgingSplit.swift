internal import Datasets
internal import Experiments
internal import Tensors

/// Which images calibrate and which judge; no image does both.
struct JudgingSplit {
  let kind: CalibrationReport.Split
  /// The images that calibrate, and which of them.
  let calibrationImages: LabeledImages
  let calibrationSamples: [Int]
  /// The held-out images that judge.
  var judgedSamples: [Int]

  /// - Throws: `EngineError.unsupported` with the way to get a split where the run set nothing aside.
  init(_ kind: CalibrationReport.Split, of task: ClassificationTask, run: String) throws {
    self.kind = kind
    let dataset = task.dataset
    switch kind {
    case .calibration:
      guard dataset.calibration.count > 0 else {
        throw EngineError.unsupported(
          "run '\(run)' set no image aside for calibration: train one with "
            + "--set dataset.calibration_fraction=0.1, or give --split test-half, by which half of the test "
            + "images calibrate and the other half judges")
      }
      calibrationImages = dataset.calibration
      calibrationSamples = Array(0..<dataset.calibration.count)
      judgedSamples = task.heldOutSamples
    case .testHalf:
      let half = Self.half(
        of: dataset.test, classes: dataset.classNames.count, seed: task.config.seed)
      calibrationImages = dataset.test
      calibrationSamples = half.indices.filter { half[$0] }
      judgedSamples = half.indices.filter { !half[$0] }
    }
  }

  /// Half of each class of each domain, the same for the same seed; of an odd number the larger part is
  /// left to judge.
  private static func half(of images: LabeledImages, classes: Int, seed: UInt64) -> [Bool] {
    var isChosen = [Bool](repeating: false, count: images.count)
    for domain in Set(images.domains.isEmpty ? [0] : images.domains).sorted() {
      for label in 0..<classes {
        var cell = images.labels.indices.filter {
          Int(images.labels[$0]) == label
            && (images.domains.isEmpty || images.domains[$0] == domain)
        }
        var random = RandomStream(seed: seed, purpose: "test half", Int(domain), label)
        random.shuffle(&cell)
        for index in cell.prefix(cell.count / 2) { isChosen[index] = true }
      }
    }
    return isChosen
  }
}
