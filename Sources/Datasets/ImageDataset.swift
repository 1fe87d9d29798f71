/// A named dataset of labelled colour images.
public struct ImageDataset: Sendable {
  /// The dataset's name.
  public let name: String
  /// The classes by label.
  public let classNames: [String]
  /// The classes put together as the dataset itself does it; empty if it does not.
  public let superclasses: [ClassGroup]
  /// The domains of the images by number; empty where there is only one.
  public let domainNames: [String]
  /// The images to train on.
  public let train: LabeledImages
  /// The held-out images.
  public let test: LabeledImages
  /// Images of the training set that nothing is trained on, for calibration; usually none.
  public let calibration: LabeledImages
  /// Mean of each channel over the training set, of values in 0…1.
  public let mean: [Float]
  /// Standard deviation of each channel over the training set, of values in 0…1.
  public let deviation: [Float]

  /// A dataset; the channel statistics are computed from the training images.
  /// - Parameter calibration: `nil` is none.
  public init(
    name: String, classNames: [String], superclasses: [ClassGroup] = [],
    domainNames: [String] = [], train: LabeledImages, test: LabeledImages,
    calibration: LabeledImages? = nil
  ) {
    precondition(train.side == test.side, "training and held-out images of different sizes")
    self.calibration = calibration ?? LabeledImages(side: train.side, values: [], labels: [])
    self.name = name
    self.classNames = classNames
    self.superclasses = superclasses
    self.domainNames = domainNames
    self.train = train
    self.test = test
    (mean, deviation) = train.channelStatistics()
  }

  /// The dataset with fewer images, spread evenly over the classes; `nil` keeps all.
  public func limited(train trainSamples: Int?, test testSamples: Int?) -> ImageDataset {
    let classes = classNames.count
    return ImageDataset(
      name: name, classNames: classNames, superclasses: superclasses, domainNames: domainNames,
      train: trainSamples.map { train.firstOfEachClass($0, classes: classes) } ?? train,
      test: testSamples.map { test.firstOfEachClass($0, classes: classes) } ?? test)
  }
}
