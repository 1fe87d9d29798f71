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
    guard let first = batches.first else {
      throw DatasetError.missing(
        path: path("data_batch_1.bin"), expected: "at least one training batch of CIFAR-10")
    }
    var train = try read(first)
    train.reserveCapacity(train.count * batches.count)
    for batch in batches.dropFirst() { train.append(try read(batch)) }
    var test = try read(path("test_batch.bin"))
    let names = try classNames(path("batches.meta.txt"))
    if let trainSamples { train = train.firstOfEachClass(trainSamples, classes: names.count) }
    if let testSamples { test = test.firstOfEachClass(testSamples, classes: names.count) }
    return ImageDataset(name: "cifar10", classNames: names, train: train, test: test)
  }

  /// Reads one batch file.
  package static func read(_ path: String) throws -> LabeledImages {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DatasetError.missing(path: path, expected: "a batch file in CIFAR-10's binary layout")
    }
    func checkSize(_ size: Int) throws {
      guard size == 0 || size % recordBytes != 0 else { return }
      throw DatasetError.truncated(
        path: path, byte: size,
        expected: "a whole number of records of \(recordBytes) bytes, "
          + "next end at byte \((size / recordBytes + 1) * recordBytes)")
    }
    let data = try OrdinaryFile.read(path, limit: sizeLimit, check: checkSize)
    // It may have been cut while it was read.
    try checkSize(data.count)
    let count = data.count / recordBytes
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    var values: [UInt8] = []
    values.reserveCapacity(count * LabeledImages.bytes)
    for record in 0..<count {
      let start = data.startIndex + record * recordBytes
      let label = data[start]
      guard label < classCount else {
        throw DatasetError.corrupt(
          path: path, byte: record * recordBytes, found: "label \(label)", expected: "0 to 9")
      }
      labels.append(label)
      values.append(contentsOf: data[start + 1..<start + recordBytes])
    }
    return LabeledImages(values: values, labels: labels)
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
      !name.contains("/") && name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    }
    guard good.count == classCount, Set(good).count == classCount else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "\(Set(good).count) usable name(s)",
        expected: "\(classCount) different names, one a line, without '/' or control characters")
    }
    return good
  }
}
