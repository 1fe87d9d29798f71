internal import Foundation
internal import Synchronization
public import Tensors

/// Any images in folders, `FOLDER/SUBSET/CLASS/*.png|jpg|ppm|pgm`: a subset is a domain (photographs,
/// sketches, …), a class has the same name in all of them.
public struct ImageFolder: Sendable {
  /// What is done about images that cannot be decoded.
  public enum BrokenImages: Sendable, Equatable {
    /// The dataset is refused, with the first of them and how many there are.
    case refused
    /// They are left out.
    case skipped
  }

  /// The folder.
  public let path: String
  /// The names of its subsets, in order.
  public let domainNames: [String]
  /// The names of the classes of all subsets, in order.
  public let classNames: [String]
  /// The images, by subset, class and name.
  let entries: [Entry]

  struct Entry: Sendable {
    /// Relative to the folder.
    var file: String
    var domain: Int
    var label: Int
    /// Bytes and time of the last change, by which a changed file is known.
    var state: String
  }

  /// Lists a folder; no image is opened.
  /// - Throws: `DatasetError` for a folder that is missing or empty, has a single class, or more classes
  ///   than a label can tell apart.
  public init(_ path: String) throws {
    guard OrdinaryFile.isFolder(path) else {
      throw DatasetError.missing(path: path, expected: "a folder SUBSET/CLASS/*.png or *.jpg")
    }
    self.path = path
    domainNames = try Self.folders(in: path)
    let cells = try domainNames.flatMap { domain in
      try Self.folders(in: path + "/" + domain).map { (domain: domain, name: $0) }
    }
    classNames = Set(cells.map(\.name)).sorted()
    var entries: [Entry] = []
    for (index, domain) in domainNames.enumerated() {
      let before = entries.count
      for (label, name) in classNames.enumerated()
      where cells.contains(where: { $0.domain == domain && $0.name == name }) {
        entries += try Self.pictures(in: "\(domain)/\(name)", of: path).map { file, state in
          Entry(file: file, domain: index, label: label, state: state)
        }
      }
      guard entries.count > before else {
        throw DatasetError.impossible(
          "\(path)/\(domain): no image in any class folder; expected \(domain)/CLASS/*.png or *.jpg"
        )
      }
    }
    self.entries = entries
    guard classNames.count >= 2 else {
      throw DatasetError.impossible(
        "\(path): found \(entries.count) image(s) of \(classNames.count) class(es), expected folders "
          + "SUBSET/CLASS with at least two classes")
    }
    guard classNames.count <= 256, domainNames.count <= 256 else {
      throw DatasetError.impossible(
        "\(path): found \(domainNames.count) subsets and \(classNames.count) classes, expected at most "
          + "256 of each")
    }
  }

  /// Decodes and resizes the images, or takes what an earlier call has kept.
  /// - Parameters:
  ///   - side: pixels of a row and of a column, whatever the images' own.
  ///   - testFraction: the share of each class of each subset that is held out, always the same images.
  ///   - cache: the folder for decoded images.
  ///   - progress: told how many of how many images are done; not called if they are kept already.
  /// - Returns: the dataset, and the images that were left out, with their reasons.
  /// - Throws: `DatasetError`.
  public func load(
    side: Int = LabeledImages.usualSide, testFraction: Double, broken: BrokenImages, cache: String,
    pool: WorkerPool,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> (dataset: ImageDataset, skipped: [String]) {
    let records = RecordCache(
      folder: cache,
      origin: ["\(broken)"]
        + entries.map { "\(path)/\($0.file) \($0.domain) \($0.label) \($0.state)" },
      dataset: "an image folder", domains: domainNames.count, classes: classNames.count,
      side: side)
    var problems: [String] = []
    let content: CIFARFile.Content
    if let kept = records.content() {
      content = kept
    } else {
      var next = 0
      content = try records.make {
        guard next < entries.count else {
          if broken == .refused, let first = problems.first {
            throw DatasetError.impossible(
              problems.count == 1
                ? "\(first); dataset.broken_images: skip leaves it out"
                : "\(first); \(problems.count - 1) more image(s) cannot be read; "
                  + "dataset.broken_images: skip leaves them out")
          }
          return nil
        }
        let some = entries[next..<min(next + 256, entries.count)]
        next = some.endIndex
        defer { progress(next, entries.count) }
        return decode(Array(some), side: side, pool: pool, problems: &problems)
      }
    }
    guard !content.places.isEmpty else {
      throw DatasetError.impossible("\(path): no image is left")
    }
    return (dataset(content, side: side, testFraction: testFraction), problems)
  }

  /// Decodes some images side by side.
  private func decode(
    _ some: [Entry], side: Int, pool: WorkerPool, problems: inout [String]
  ) -> [RecordCache.Image] {
    let results = Mutex(
      [Result<RecordCache.Image, DatasetError>?](repeating: nil, count: some.count))
    pool.parallel(shards: some.count) { index in
      let entry = some[index]
      let result = Result { () throws(DatasetError) in
        do {
          let picture = try PictureFile.read(path + "/" + entry.file)
            .resized(width: side, height: side)
          return RecordCache.Image(
            domain: UInt8(entry.domain), label: UInt8(entry.label), planes: picture.planes)
        } catch {
          throw error as? DatasetError ?? .unreadable(path: entry.file, reason: "\(error)")
        }
      }
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0 }.compactMap { result in
      switch result {
      case .success(let image): return image
      case .failure(let error): problems.append("\(error)")
      case nil: break
      }
      return nil
    }
  }

  /// Holds some images of each class of each subset out.
  private func dataset(
    _ content: CIFARFile.Content, side: Int, testFraction: Double
  ) -> ImageDataset {
    let (domains, labels) = (content.values[0], content.classes)
    var isHeldOut = [Bool](repeating: false, count: labels.count)
    for domain in domainNames.indices {
      for label in classNames.indices {
        var cell = labels.indices.filter { domains[$0] == domain && labels[$0] == label }
        // Always the same images, whatever the run's seed, so that runs can be compared.
        var random = RandomStream(seed: 0, purpose: "held-out images", domain, label)
        random.shuffle(&cell)
        // At least one of two, or the class could not be judged, and never all.
        let wanted = Int((Double(cell.count) * testFraction).rounded())
        for index in cell.prefix(min(max(1, wanted), max(0, cell.count - 1))) {
          isHeldOut[index] = true
        }
      }
    }
    func images(_ held: Bool) -> LabeledImages {
      let chosen = labels.indices.filter { isHeldOut[$0] == held }
      return LabeledImages(
        side: side, places: chosen.map { content.places[$0] }, labels: chosen.map { labels[$0] },
        sums: chosen.map { content.sums[$0] }, domains: chosen.map { domains[$0] })
    }
    return ImageDataset(
      name: (path as NSString).lastPathComponent, classNames: classNames, domainNames: domainNames,
      train: images(false), test: images(true))
  }

  // MARK: - Listing

  private static func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        !$0.hasPrefix(".")
      }.sorted()
    } catch {
      throw DatasetError.unreadable(path: folder, reason: error.localizedDescription)
    }
  }

  private static func folders(in folder: String) throws -> [String] {
    let found = try names(in: folder).filter { OrdinaryFile.isFolder(folder + "/" + $0) }
    if let bad = found.first(where: { !ClassGroup.isUsable($0) }) {
      throw DatasetError.impossible(
        "\(folder): found a folder named \(bad.debugDescription), expected a name without control "
          + "characters")
    }
    return found
  }

  private static func pictures(
    in cell: String, of folder: String
  ) throws -> [(file: String, state: String)] {
    try names(in: folder + "/" + cell).filter { name in
      PictureFile.endings.contains((name as NSString).pathExtension.lowercased())
    }.map { name in
      let file = cell + "/" + name
      return (file, try OrdinaryFile.state(of: folder + "/" + file))
    }
  }
}
