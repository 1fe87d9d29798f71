internal import Foundation

/// MNIST and its kin: images and labels in IDX files, plain or packed with gzip.
///
/// Images are grey; those of at most 32×32 pixels are put into the middle of 32×32 black ones, as
/// MNIST's usually are. What is not of the wanted size then is resized.
public enum IDXImages {
  private static let unpackedLimit = 1 << 30

  /// Loads a folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`
  /// and `t10k-labels-idx1-ubyte`, each of them with or without `.gz`.
  /// - Parameters:
  ///   - side: pixels of a row and of a column that the images are brought to.
  ///   - cache: the folder for images brought to that size.
  ///   - trainSamples: how many training images to use, spread evenly over the classes; `nil` all.
  ///   - testSamples: the same for held-out images.
  /// - Throws: `DatasetError` for missing, short or corrupt files.
  public static func load(
    folder: String, side: Int = LabeledImages.usualSide, cache: String,
    trainSamples: Int? = nil, testSamples: Int? = nil
  ) throws -> ImageDataset {
    guard OrdinaryFile.isFolder(folder) else {
      throw DatasetError.missing(path: folder, expected: "a folder with MNIST's four IDX files")
    }
    let training = try images("train", in: folder, side: side, cache: cache)
    let heldOut = try images("t10k", in: folder, side: side, cache: cache)
    let classes = Int(max(training.classes.max() ?? 0, heldOut.classes.max() ?? 0)) + 1
    let train = LabeledImages.joined([training], side: side)
    let test = LabeledImages.joined([heldOut], side: side)
    return ImageDataset(
      name: (folder as NSString).lastPathComponent, classNames: (0..<classes).map { "\($0)" },
      train: train, test: test
    ).limited(train: trainSamples, test: testSamples)
  }

  /// The images and labels of one of the two sets.
  private static func images(
    _ set: String, in folder: String, side: Int, cache: String
  ) throws -> CIFARFile.Content {
    let paths = try ["images-idx3-ubyte", "labels-idx1-ubyte"].map { kind in
      try existing("\(set)-\(kind)", in: folder)
    }
    let records = RecordCache(
      folder: cache, origin: try paths.map { "\($0) " + (try OrdinaryFile.state(of: $0)) },
      dataset: "MNIST", domains: 1, classes: 256, side: side)
    if let kept = records.content() { return kept }
    let images = try IDXFile(paths[0], axes: 3, limit: unpackedLimit)
    let labels = try IDXFile(paths[1], axes: 1, limit: unpackedLimit)
    guard images.sizes[0] == labels.sizes[0], images.sizes[0] > 0 else {
      throw DatasetError.corrupt(
        path: paths[1], byte: 4, found: "\(labels.sizes[0]) labels",
        expected: "\(images.sizes[0]), as there are images")
    }
    let (height, width) = (images.sizes[1], images.sizes[2])
    guard height > 0, width > 0 else {
      throw DatasetError.corrupt(
        path: paths[0], byte: 8, found: "images of \(width)×\(height) pixels",
        expected: "at least one pixel")
    }
    var next = 0
    return try records.make {
      guard next < images.sizes[0] else { return nil }
      let some = next..<min(next + 1024, images.sizes[0])
      next = some.upperBound
      return some.map { index in
        let start = images.start + index * width * height
        let picture = Picture(
          width: width, height: height, channels: 1,
          bytes: Array(images.bytes[start..<start + width * height]))
        return RecordCache.Image(
          domain: 0, label: labels.bytes[labels.start + index],
          planes: fitted(picture, side: side).planes)
      }
    }
  }

  /// A picture of `side` × `side` pixels.
  private static func fitted(_ picture: Picture, side: Int) -> Picture {
    let frame = min(side, LabeledImages.usualSide)
    guard picture.width <= frame, picture.height <= frame else {
      return picture.resized(width: side, height: side)
    }
    var bytes = [UInt8](repeating: 0, count: frame * frame)
    let (left, top) = ((frame - picture.width) / 2, (frame - picture.height) / 2)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        bytes[(top + y) * frame + left + x] = picture.bytes[y * picture.width + x]
      }
    }
    return Picture(width: frame, height: frame, channels: 1, bytes: bytes)
      .resized(width: side, height: side)
  }

  private static func existing(_ name: String, in folder: String) throws -> String {
    let plain = (folder as NSString).appendingPathComponent(name)
    guard let path = [plain, plain + ".gz"].first(where: OrdinaryFile.exists) else {
      throw DatasetError.missing(path: plain, expected: "an IDX file, or the same with .gz")
    }
    return path
  }
}

/// An IDX file of bytes: two zeros, the type 8, the number of axes, their sizes (big-endian), the bytes.
struct IDXFile {
  let sizes: [Int]
  let bytes: [UInt8]
  /// Where the values begin.
  let start: Int

  /// Reads a file, unpacking it first if it is packed.
  /// - Throws: `DatasetError` for another type, other axes, or a length that does not fit.
  init(_ path: String, axes: Int, limit: Int) throws {
    var data = try OrdinaryFile.read(path, limit: limit)
    if data.starts(with: [0x1f, 0x8b]) {
      data = try PictureFile.gunzip(data, limit: limit, path: path)
    }
    try self.init([UInt8](data), axes: axes, path: path)
  }

  init(_ bytes: [UInt8], axes: Int, path: String) throws {
    let start = 4 + 4 * axes
    guard bytes.count >= start, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8,
      bytes[3] == UInt8(axes)
    else {
      throw DatasetError.corrupt(
        path: path, byte: 0,
        found: "the bytes \(bytes.prefix(4).map { "\($0)" }.joined(separator: " "))",
        expected: "0 0 8 \(axes) and \(axes) size(s): an IDX file of bytes")
    }
    sizes = (0..<axes).map { axis in
      bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
    }
    // No product of sizes overflows: each is checked against what is there.
    var count = 1
    for size in sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      count = overflows ? .max : product
    }
    guard bytes.count - start == count else {
      throw DatasetError.truncated(
        path: path, byte: bytes.count,
        expected: "\(sizes.map { "\($0)" }.joined(separator: " × ")) values after byte \(start)")
    }
    (self.bytes, self.start) = (bytes, start)
  }
}
