import Datasets
import Foundation
import Testing

struct CIFAR10Tests {
  /// A folder of small batch files; record r of a file has label r % 10 and pixels r.
  private func folder(_ files: [String: Int]) throws -> String {
    let path = NSTemporaryDirectory() + "cifar-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, records) in files {
      var data = Data()
      for record in 0..<records {
        data.append(UInt8(record % 10))
        data.append(Data(repeating: UInt8(record % 256), count: 3072))
      }
      try data.write(to: URL(fileURLWithPath: path + "/" + name))
    }
    return path
  }

  @Test("a partial set loads, limits spread evenly over the classes")
  func partialSet() throws {
    let path = try folder(["data_batch_2.bin": 40, "test_batch.bin": 30])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let all = try CIFAR10.load(folder: path)
    #expect(all.train.count == 40 && all.test.count == 30)
    #expect(all.train.labels[13] == 3)
    #expect(try all.train.bytes(of: 13) == [UInt8](repeating: 13, count: 3072))
    let some = try CIFAR10.load(folder: path, trainSamples: 20, testSamples: 10)
    for label in 0..<10 {
      #expect(some.train.labels.filter { Int($0) == label }.count == 2)
      #expect(some.test.labels.filter { Int($0) == label }.count == 1)
    }
    #expect(try some.train.bytes(of: 19) == [UInt8](repeating: 19, count: 3072))
  }

  @Test("missing, short and corrupt files are named with their byte")
  func badFiles() throws {
    let path = try folder(["data_batch_1.bin": 3, "test_batch.bin": 3])
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: DatasetError.self) { try CIFAR10.load(folder: path + "/nowhere") }
    let file = path + "/data_batch_1.bin"
    var data = try Data(contentsOf: URL(fileURLWithPath: file))
    data[2 * 3073] = 11
    try data.write(to: URL(fileURLWithPath: file))
    #expect(
      throws: DatasetError.corrupt(path: file, byte: 6146, found: "label 11", expected: "0 to 9")
    ) { try CIFAR10.load(folder: path) }
    try data.dropLast().write(to: URL(fileURLWithPath: file))
    do {
      _ = try CIFAR10.load(folder: path)
      Issue.record("a short file was accepted")
    } catch let error as DatasetError {
      #expect("\(error)".contains("data_batch_1.bin: ends at byte 9218"))
      #expect("\(error)".contains("next end at byte 9219"))
    }
    try FileManager.default.removeItem(atPath: path + "/test_batch.bin")
    #expect(throws: DatasetError.self) { try CIFAR10.load(folder: path) }
  }

  @Test(
    "class names that could not be a tensor's are refused",
    arguments: ["a\u{7}", "a\u{85}b", "a\u{9b}31m", "a\u{202e}b", "a\u{200b}b", "a/b"])
  func classNames(bad: String) throws {
    let path = NSTemporaryDirectory() + "names-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ first: String) throws {
      let names = [first] + (1..<10).map { "class \($0)" }
      try Data(names.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
    try write("Schäfer 🐕")
    #expect(try CIFAR10.classNames(path).first == "Schäfer 🐕")
    try write(bad)
    #expect(throws: DatasetError.self) { try CIFAR10.classNames(path) }
  }

  @Test(
    "the real set has 5,000 images of each class",
    .enabled(if: realFolder != nil, "RTL_DATA names no folder with cifar-10-batches-bin"))
  func realSet() throws {
    let path = try #require(realFolder)
    let data = try CIFAR10.load(folder: path)
    #expect(data.train.count == 50_000 && data.test.count == 10_000)
    for label in 0..<10 {
      #expect(data.train.labels.filter { Int($0) == label }.count == 5_000)
    }
    // The channel means of CIFAR-10 are known to three digits.
    for (mean, known) in zip(data.mean, [0.491, 0.482, 0.447] as [Float]) {
      #expect(abs(mean - known) < 0.003)
    }
  }
}

private let realFolder: String? = {
  guard let data = ProcessInfo.processInfo.environment["RTL_DATA"] else { return nil }
  let path = data + "/cifar-10-batches-bin"
  return FileManager.default.fileExists(atPath: path + "/test_batch.bin") ? path : nil
}()
