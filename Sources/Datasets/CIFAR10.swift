internal import Foundation

/// CIFAR-10 in its binary layout: records of one label byte and 3,072 pixel bytes, planes R, G, B.
public enum CIFAR10 {
  private static let standardNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  /// Up to ten times an official batch.
  private static let layout = CIFARFile(
    labels: [.init(name: "label", classes: 10)], dataset: "CIFAR-10", recordLimit: 100_000)

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
    guard OrdinaryFile.isFolder(folder) else {
      throw DatasetError.missing(
        path: folder, expected: "a folder with CIFAR-10's data_batch_1.bin … test_batch.bin")
    }
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    let batches = (1...5).map { path("data_batch_\($0).bin") }.filter(OrdinaryFile.exists)
    guard !batches.isEmpty else {
      throw DatasetError.missing(
        path: path("data_batch_1.bin"), expected: "at least one training batch of CIFAR-10")
    }
    let train = try LabeledImages.joined(batches.map(layout.check))
    let test = try LabeledImages.joined([layout.check(path("test_batch.bin"))])
    let names = try classNames(path("batches.meta.txt"))
    return ImageDataset(name: "cifar10", classNames: names, train: train, test: test)
      .limited(train: trainSamples, test: testSamples)
  }

  /// The training batches that a folder lacks, in words; empty where all are there, or none.
  public static func missingBatches(in folder: String) -> [String] {
    let names = (1...5).map { "data_batch_\($0).bin" }
    let missing = names.filter {
      !OrdinaryFile.exists((folder as NSString).appendingPathComponent($0))
    }
    return missing.count == names.count
      ? [] : missing.map { "\($0), which is not in \(folder)" }
  }

  /// The images of one batch file, all looked at, as fuzzing wants it.
  /// - Throws: `DatasetError` for a file that is no good.
  package static func images(in path: String) throws -> LabeledImages {
    try LabeledImages.joined([layout.check(path)])
  }

  /// The names beside the batches, or the official ones where there are none.
  package static func classNames(_ path: String) throws -> [String] {
    try CIFARFile.names(path, standard: standardNames)
  }
}
