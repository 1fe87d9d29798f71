internal import Synchronization
public import Tensors

extension ImageDataset {
  /// The dataset with its images in another size, resized once and kept in files.
  /// - Parameters:
  ///   - side: pixels of a row and of a column.
  ///   - cache: the folder for resized images.
  ///   - progress: told how many of how many images are done; not called if they are kept already.
  /// - Throws: `DatasetError` if an image can no longer be read, or the folder not be written.
  public func resized(
    side: Int, cache: String, pool: WorkerPool,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> ImageDataset {
    guard side != train.side else { return self }
    let all = train.count + test.count
    func resized(_ images: LabeledImages, after done: Int) throws -> LabeledImages {
      try images.resized(
        side: side, cache: cache, dataset: name, classes: classNames.count, pool: pool
      ) { progress(done + $0, all) }
    }
    return ImageDataset(
      name: name, classNames: classNames, superclasses: superclasses, domainNames: domainNames,
      train: try resized(train, after: 0), test: try resized(test, after: train.count))
  }
}

extension LabeledImages {
  /// The images in another size: in a file of the cache, or in memory as they are.
  fileprivate func resized(
    side: Int, cache: String, dataset: String, classes: Int, pool: WorkerPool,
    progress: (_ done: Int) -> Void
  ) throws -> LabeledImages {
    guard case .files(let places) = content else {
      let images = try resized(0..<count, side: side, pool: pool)
      return LabeledImages(side: side, values: images.flatMap(\.planes), labels: labels)
    }
    let records = RecordCache(
      folder: cache, origin: try origin(places), dataset: dataset, domains: 1, classes: classes,
      side: side)
    var next = 0
    let content =
      try records.content()
      ?? records.make {
        guard next < count else { return nil }
        let some = next..<min(next + 256, count)
        next = some.upperBound
        defer { progress(next) }
        return try resized(some, side: side, pool: pool)
      }
    return LabeledImages(
      side: side, places: content.places, labels: labels, sums: content.sums, domains: domains)
  }

  /// What the images are, in words that change with them.
  private func origin(_ places: [Place]) throws -> [String] {
    var states: [String: String] = [:]
    for path in Set(places.map(\.file.path)) { states[path] = try OrdinaryFile.state(of: path) }
    return ["resized from \(side)"]
      + zip(places, labels).map { place, label in
        "\(place.file.path) \(place.byte) \(label) \(states[place.file.path] ?? "")"
      }
  }

  /// Resizes some images side by side.
  private func resized(
    _ some: Range<Int>, side: Int, pool: WorkerPool
  ) throws -> [RecordCache.Image] {
    let results = Mutex([Result<RecordCache.Image, any Error>?](repeating: nil, count: some.count))
    pool.parallel(shards: some.count) { index in
      let image = some.lowerBound + index
      let result = Result {
        let picture = Picture(planes: try bytes(of: image), side: self.side)
        return RecordCache.Image(
          domain: 0, label: labels[image],
          planes: picture.resized(width: side, height: side).planes)
      }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}

extension Picture {
  /// A square picture from its planes red, green, blue, one after the other.
  init(planes: [UInt8], side: Int) {
    let pixels = side * side
    self.init(
      width: side, height: side, channels: 3,
      bytes: (0..<pixels).flatMap { pixel in (0..<3).map { planes[$0 * pixels + pixel] } })
  }
}
