internal import Tensors

extension ImageDataset {
  /// The dataset with a share of its training images set aside for calibration.
  ///
  /// They are drawn from each class of each domain alike, always the same for the same seed, and
  /// nothing is trained on them: the channel statistics are those of the images that stay.
  /// - Parameters:
  ///   - fraction: from 0, which changes nothing, up to below 1.
  ///   - seed: the run's.
  /// - Throws: `DatasetError.impossible` if so small a share holds no image.
  public func holdingOut(_ fraction: Double, seed: UInt64) throws -> ImageDataset {
    guard fraction > 0 else { return self }
    var isHeldOut = [Bool](repeating: false, count: train.count)
    for domain in 0..<max(1, domainNames.count) {
      for label in classNames.indices {
        var cell = train.labels.indices.filter {
          Int(train.labels[$0]) == label
            && (train.domains.isEmpty || Int(train.domains[$0]) == domain)
        }
        var random = RandomStream(seed: seed, purpose: "calibration images", domain, label)
        random.shuffle(&cell)
        // One image at least is left to train on.
        let count = min(cell.count - 1, Int((Double(cell.count) * fraction).rounded()))
        for index in cell.prefix(max(0, count)) {
          isHeldOut[index] = true
        }
      }
    }
    let heldOut = isHeldOut.indices.filter { isHeldOut[$0] }
    guard !heldOut.isEmpty else {
      throw DatasetError.impossible(
        "dataset.calibration_fraction: found \(fraction), which of \(train.count) training images in "
          + "\(classNames.count) classes is not one; expected more")
    }
    return ImageDataset(
      name: name, classNames: classNames, superclasses: superclasses, domainNames: domainNames,
      train: train.selected(isHeldOut.indices.filter { !isHeldOut[$0] }), test: test,
      calibration: train.selected(heldOut))
  }
}
