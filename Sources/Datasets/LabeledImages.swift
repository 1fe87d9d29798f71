/// Images and their labels.
///
/// Pixels are in memory, or in files from which each image is read when it is wanted: the system
/// keeps such files in memory as far as there is room, and shares them between processes.
public struct LabeledImages: Sendable, Equatable {
  /// Channels of an image: red, green, blue.
  public static let channels = 3
  /// Pixels of a row and of a column, as CIFAR has them and others unless somebody wants them larger.
  public static let usualSide = 32
  /// The sides that images can be brought to; the sums over a larger image's bytes would overflow.
  public static let possibleSides = 8...256

  /// Pixels of a row and of a column.
  public let side: Int
  /// The class of each image.
  public let labels: [UInt8]
  /// The domain of each image; empty where there is only one.
  public let domains: [UInt8]
  private let sums: [ChannelSums]
  let content: Content

  enum Content: Sendable, Equatable {
    /// `[image][channel][pixel]`.
    case memory([UInt8])
    case files([Place])
  }

  /// Where an image's bytes are.
  struct Place: Sendable, Equatable {
    var file: RecordFile
    /// The first of its bytes.
    var byte: Int
  }

  /// Images in memory with their labels; `values` holds 3 · side² bytes for each label.
  public init(side: Int = usualSide, values: [UInt8], labels: [UInt8]) {
    let bytes = Self.bytes(side: side)
    precondition(values.count == labels.count * bytes, "images and labels differ in number")
    self.side = side
    self.labels = labels
    domains = []
    sums = values.withUnsafeBufferPointer { values in
      labels.indices.map {
        ChannelSums(UnsafeBufferPointer(rebasing: values[$0 * bytes..<($0 + 1) * bytes]))
      }
    }
    content = .memory(values)
  }

  /// Images in files.
  /// - Parameter sums: of each image, taken while its file was checked.
  init(
    side: Int = usualSide, places: [Place], labels: [UInt8], sums: [ChannelSums],
    domains: [UInt8] = []
  ) {
    precondition(places.count == labels.count && sums.count == labels.count)
    precondition(domains.isEmpty || domains.count == labels.count)
    self.side = side
    (self.labels, self.sums, self.domains) = (labels, sums, domains)
    content = .files(places)
  }

  /// Number of images.
  public var count: Int { labels.count }

  /// Pixels of a channel, row by row.
  public var pixels: Int { side * side }
  /// Bytes of an image.
  public var bytes: Int { Self.bytes(side: side) }
  /// Bytes of an image of a side.
  static func bytes(side: Int) -> Int { channels * side * side }

  /// Copies the bytes of an image, `[channel][pixel]`.
  /// - Parameter bytes: room for all of them.
  /// - Throws: `DatasetError` if its file can no longer be read.
  public func read(_ image: Int, into bytes: UnsafeMutablePointer<UInt8>) throws {
    switch content {
    case .memory(let values):
      values.withUnsafeBufferPointer { values in
        let range = range(of: image)
        for (offset, byte) in values[range].enumerated() { bytes[offset] = byte }
      }
    case .files(let places):
      try places[image].file.read(
        into: UnsafeMutableRawBufferPointer(start: bytes, count: self.bytes),
        from: places[image].byte)
    }
  }

  /// The bytes of an image, `[channel][pixel]`.
  /// - Throws: as `read`.
  public func bytes(of image: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: self.bytes)
    try bytes.withUnsafeMutableBufferPointer { bytes in
      if let base = bytes.baseAddress { try read(image, into: base) }
    }
    return bytes
  }

  /// The images of several sets, one after the other.
  static func joined(_ files: [CIFARFile.Content], side: Int = usualSide) -> LabeledImages {
    LabeledImages(
      side: side, places: files.flatMap(\.places), labels: files.flatMap(\.classes),
      sums: files.flatMap(\.sums))
  }

  private func range(of image: Int) -> Range<Int> { image * bytes..<(image + 1) * bytes }

  // MARK: - Choosing

  /// The first images of each class (of each domain), in their order, so that `count` are spread evenly
  /// over `classes` classes; all of them if there are fewer.
  public func firstOfEachClass(_ count: Int, classes: Int) -> LabeledImages {
    selected(indicesSpread(count, classes: classes))
  }

  /// The images of some indices, in their order.
  public func selected(_ chosen: [Int]) -> LabeledImages {
    let labels = chosen.map { self.labels[$0] }
    switch content {
    case .memory(let values):
      var bytes: [UInt8] = []
      bytes.reserveCapacity(chosen.count * self.bytes)
      for index in chosen { bytes += values[range(of: index)] }
      return LabeledImages(side: side, values: bytes, labels: labels)
    case .files(let places):
      return LabeledImages(
        side: side, places: chosen.map { places[$0] }, labels: labels,
        sums: chosen.map { sums[$0] },
        domains: domains.isEmpty ? [] : chosen.map { domains[$0] })
    }
  }

  /// Indices of at most `count` images, ascending, spread as evenly over the classes, of each domain
  /// where there are several, as their numbers allow.
  public func indicesSpread(_ count: Int, classes: Int) -> [Int] {
    guard count < self.count else { return Array(0..<self.count) }
    func kind(_ index: Int) -> Int {
      Int(labels[index]) + (domains.isEmpty ? 0 : classes * Int(domains[index]))
    }
    // A domain need not have every class.
    let kinds = domains.isEmpty ? Array(0..<classes) : Set(labels.indices.map(kind)).sorted()
    var room = [Int](repeating: 0, count: (kinds.last ?? 0) + 1)
    for (place, kind) in kinds.enumerated() {
      room[kind] = count / kinds.count + (place < count % kinds.count ? 1 : 0)
    }
    return labels.indices.filter { index in
      guard room[kind(index)] > 0 else { return false }
      room[kind(index)] -= 1
      return true
    }
  }

  // MARK: - Statistics

  /// Mean and standard deviation of each channel, of values in 0…1; exact sums over bytes.
  func channelStatistics() -> (mean: [Float], deviation: [Float]) {
    guard count > 0 else { return ([0, 0, 0], [1, 1, 1]) }
    let number = Double(count * pixels)
    var mean: [Float] = []
    var deviation: [Float] = []
    for channel in 0..<Self.channels {
      var (sum, squares) = (0, 0)
      for image in sums {
        sum += Int(image.values[channel])
        squares += Int(image.squares[channel])
      }
      let average = Double(sum) / number
      let variance = max(Double(squares) / number - average * average, 0)
      mean.append(Float(average / 255))
      deviation.append(Float(max(variance.squareRoot(), 1e-3) / 255))
    }
    return (mean, deviation)
  }
}

/// Sums over the bytes of an image, one per channel.
struct ChannelSums: Sendable, Equatable {
  var values = SIMD4<UInt32>.zero
  var squares = SIMD4<UInt32>.zero

  /// The sums of an image's bytes.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let pixels = bytes.count / LabeledImages.channels
    for channel in 0..<LabeledImages.channels {
      var (sum, square): (UInt32, UInt32) = (0, 0)
      for index in channel * pixels..<(channel + 1) * pixels {
        let value = UInt32(bytes[index])
        sum &+= value
        square &+= value &* value
      }
      values[channel] = sum
      squares[channel] = square
    }
  }
}
