/// A named dataset of labelled colour images, all in memory.
public struct ImageDataset: Sendable {
  /// The dataset's name.
  public let name: String
  /// The classes by label.
  public let classNames: [String]
  /// The images to train on.
  public let train: LabeledImages
  /// The held-out images.
  public let test: LabeledImages
  /// Mean of each channel over the training set, of values in 0…1.
  public let mean: [Float]
  /// Standard deviation of each channel over the training set, of values in 0…1.
  public let deviation: [Float]

  /// A dataset; the channel statistics are computed from the training images.
  public init(name: String, classNames: [String], train: LabeledImages, test: LabeledImages) {
    self.name = name
    self.classNames = classNames
    self.train = train
    self.test = test
    (mean, deviation) = train.channelStatistics()
  }
}

/// Images and their labels.
public struct LabeledImages: Sendable, Equatable {
  /// Channels of an image: red, green, blue.
  public static let channels = 3
  /// Pixels of a channel: 32 × 32, row by row.
  public static let pixels = 32 * 32
  /// Bytes of an image.
  public static let bytes = channels * pixels

  /// The pixels, `[image][channel][pixel]`.
  public private(set) var values: [UInt8]
  /// The class of each image.
  public private(set) var labels: [UInt8]

  /// Images with their labels; `values` holds 3,072 bytes for each label.
  public init(values: [UInt8], labels: [UInt8]) {
    precondition(values.count == labels.count * Self.bytes, "images and labels differ in number")
    self.values = values
    self.labels = labels
  }

  /// Number of images.
  public var count: Int { labels.count }

  /// Makes room for a number of images.
  mutating func reserveCapacity(_ count: Int) {
    values.reserveCapacity(count * Self.bytes)
    labels.reserveCapacity(count)
  }

  /// Adds the images of another set.
  public mutating func append(_ other: LabeledImages) {
    values += other.values
    labels += other.labels
  }

  /// The first images of each class, in their order, so that `count` are spread evenly over
  /// `classes` classes; all of them if there are fewer.
  public func firstOfEachClass(_ count: Int, classes: Int) -> LabeledImages {
    let chosen = indicesSpread(count, classes: classes)
    var values: [UInt8] = []
    values.reserveCapacity(chosen.count * Self.bytes)
    for index in chosen { values += self.values[index * Self.bytes..<(index + 1) * Self.bytes] }
    return LabeledImages(values: values, labels: chosen.map { labels[$0] })
  }

  /// Indices of at most `count` images, ascending, spread as evenly over the classes as their
  /// numbers allow.
  public func indicesSpread(_ count: Int, classes: Int) -> [Int] {
    guard count < self.count else { return Array(0..<self.count) }
    var room = (0..<classes).map { count / classes + ($0 < count % classes ? 1 : 0) }
    return labels.indices.filter { index in
      let label = Int(labels[index])
      guard room[label] > 0 else { return false }
      room[label] -= 1
      return true
    }
  }

  /// Mean and standard deviation of each channel, of values in 0…1; exact sums over bytes.
  func channelStatistics() -> (mean: [Float], deviation: [Float]) {
    guard count > 0 else { return ([0, 0, 0], [1, 1, 1]) }
    var mean: [Float] = []
    var deviation: [Float] = []
    for channel in 0..<Self.channels {
      var (sum, squares) = (0, 0)
      values.withUnsafeBufferPointer { values in
        for image in 0..<count {
          let start = image * Self.bytes + channel * Self.pixels
          for index in start..<start + Self.pixels {
            let value = Int(values[index])
            sum += value
            squares += value * value
          }
        }
      }
      let number = Double(count * Self.pixels)
      let average = Double(sum) / number
      let variance = max(Double(squares) / number - average * average, 0)
      mean.append(Float(average / 255))
      deviation.append(Float(max(variance.squareRoot(), 1e-3) / 255))
    }
    return (mean, deviation)
  }
}
