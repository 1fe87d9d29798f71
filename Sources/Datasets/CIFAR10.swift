internal import Foundation

/// CIFAR-10 in its binary layout: records of one label byte and 3,072 pixel bytes, planes R, G, B.
public enum CIFAR10 {
  /// Number of classes.
  public static let classCount = 10

  private static let recordBytes = 1 + LabeledImages.bytes
  /// The largest file that is read: ten times an official batch.
  private static let sizeLimit = 100_000 * recordBytes
  private static let standardNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Loads a folder with `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin`.
  ///
  /// Partial sets are fine: the training batches that are there are used, at least one.
  /// - Parameters:
  ///   - trainSamples: how many training images to use, spread evenly over the classes; `nil` all.
  ///   - testSamples: the same for held-out images.
  /// - Throws: `DatasetError` for missing, short or corrupt files.
  public static func load(
    folder: String, trainSamples: Int? = nil, testSamples: Int? = nil
  ) throws -> ImageDataset {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw DatasetError.missing(
        path: folder, expected: "a folder with CIFAR-10's data_batch_1.bin … test_batch.bin")
    }
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    let batches = (1...5).map { path("data_batch_\($0).bin") }
      .filter { FileManager.default.fileExists(atPath: $0) }
    guard !batches.isEmpty else {
      throw DatasetError.missing(
        path: path("data_batch_1.bin"), expected: "at least one training batch of CIFAR-10")
    }
    var train = try LabeledImages.joined(batches.map(check))
    var test = try LabeledImages.joined([check(path("test_batch.bin"))])
    let names = try classNames(path("batches.meta.txt"))
    if let trainSamples { train = train.firstOfEachClass(trainSamples, classes: names.count) }
    if let testSamples { test = test.firstOfEachClass(testSamples, classes: names.count) }
    return ImageDataset(name: "cifar10", classNames: names, train: train, test: test)
  }

  /// The images of one batch file, all looked at, as fuzzing wants it.
  /// - Throws: `DatasetError` for a file that is no good.
  package static func images(in path: String) throws -> LabeledImages {
    try LabeledImages.joined([check(path)])
  }

  /// Goes through one batch file; its images stay where they are.
  private static func check(
    _ path: String
  ) throws -> (places: [LabeledImages.Place], labels: [UInt8], sums: [ChannelSums]) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DatasetError.missing(path: path, expected: "a batch file in CIFAR-10's binary layout")
    }
    let file = try RecordFile(path)
    guard file.byteCount <= sizeLimit else {
      throw DatasetError.unreadable(
        path: path, reason: "found \(file.byteCount) bytes, expected at most \(sizeLimit)")
    }
    let count = file.byteCount / recordBytes
    guard count > 0, file.byteCount % recordBytes == 0 else {
      throw DatasetError.truncated(
        path: path, byte: file.byteCount,
        expected: "a whole number of records of \(recordBytes) bytes, "
          + "next end at byte \((count + 1) * recordBytes)")
    }
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    var sums: [ChannelSums] = []
    sums.reserveCapacity(count)
    // Some hundred records at a time.
    var buffer = [UInt8](repeating: 0, count: min(count, 256) * recordBytes)
    for first in stride(from: 0, to: count, by: 256) {
      let present = min(256, count - first)
      try buffer.withUnsafeMutableBytes { buffer in
        try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(present * recordBytes)]),
          from: first * recordBytes)
      }
      try buffer.withUnsafeBufferPointer { buffer in
        for record in 0..<present {
          let start = record * recordBytes
          guard buffer[start] < classCount else {
            throw DatasetError.corrupt(
              path: path, byte: (first + record) * recordBytes, found: "label \(buffer[start])",
              expected: "0 to 9")
          }
          labels.append(buffer[start])
          sums.append(
            ChannelSums(UnsafeBufferPointer(rebasing: buffer[start + 1..<start + recordBytes])))
        }
      }
    }
    let places = (0..<count).map {
      LabeledImages.Place(file: file, byte: $0 * recordBytes + 1)
    }
    return (places, labels, sums)
  }

  /// The names beside the batches, or the official ones where there are none.
  package static func classNames(_ path: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return standardNames }
    guard let text = String(data: try OrdinaryFile.read(path, limit: 64 << 10), encoding: .utf8)
    else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "bytes that are not UTF-8", expected: "a name on each line")
    }
    let names = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    .filter { !$0.isEmpty }
    // They become names of subsets, tensors and files.
    let good = names.filter { name in
      !name.contains("/") && !name.unicodeScalars.contains(where: isInvisible)
    }
    guard good.count == classCount, Set(good).count == classCount else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "\(Set(good).count) usable name(s)",
        expected:
          "\(classCount) different names, one a line, without '/', control characters or invisible ones"
      )
    }
    return good
  }

  /// Whether a name with this character would be refused as a tensor's.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: true
    default:
      scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isVariationSelector
    }
  }
}
