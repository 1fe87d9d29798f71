import Datasets
import Foundation
import Testing

struct CIFAR100Tests {
  /// A folder with small files; record r of a file has class r % 100, superclass class / 5, pixels r.
  private func folder(train: Int, test: Int) throws -> String {
    let path = NSTemporaryDirectory() + "cifar100-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, records) in ["train.bin": train, "test.bin": test] {
      var data = Data()
      for record in 0..<records {
        data.append(UInt8(record % 100 / 5))
        data.append(UInt8(record % 100))
        data.append(Data(repeating: UInt8(record % 256), count: 3072))
      }
      try data.write(to: URL(fileURLWithPath: path + "/" + name))
    }
    return path
  }

  @Test("classes, superclasses and pixels are read; limits spread over the classes")
  func reads() throws {
    let path = try folder(train: 300, test: 100)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let all = try CIFAR100.load(folder: path)
    #expect(all.train.count == 300 && all.test.count == 100 && all.classNames.count == 100)
    #expect(all.train.labels[142] == 42 && all.classNames[42] == "leopard")
    #expect(try all.train.bytes(of: 142) == [UInt8](repeating: 142, count: 3072))
    #expect(all.superclasses.count == 20)
    #expect(all.superclasses[0].name == "aquatic_mammals")
    #expect(all.superclasses[0].classes == Array(all.classNames[0..<5]))
    let some = try CIFAR100.load(folder: path, trainSamples: 200, testSamples: 100)
    #expect(some.train.count == 200)
    #expect(Dictionary(grouping: some.train.labels) { $0 }.values.allSatisfy { $0.count == 2 })
  }

  @Test("missing, short and corrupt files are named with their byte")
  func badFiles() throws {
    let path = try folder(train: 120, test: 100)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: DatasetError.self) { try CIFAR100.load(folder: path + "/nowhere") }
    let file = path + "/train.bin"
    let good = try Data(contentsOf: URL(fileURLWithPath: file))
    func load(_ change: (inout Data) -> Void) throws -> ImageDataset {
      var data = good
      change(&data)
      try data.write(to: URL(fileURLWithPath: file))
      return try CIFAR100.load(folder: path)
    }
    #expect(
      throws: DatasetError.corrupt(
        path: file, byte: 3074, found: "superclass 20", expected: "0 to 19")
    ) { try load { $0[3074] = 20 } }
    #expect(
      throws: DatasetError.corrupt(path: file, byte: 3075, found: "class 100", expected: "0 to 99")
    ) { try load { $0[3075] = 100 } }
    #expect(
      throws: DatasetError.corrupt(
        path: file, byte: 100 * 3074, found: "superclass 7 for class 0",
        expected: "superclass 0, as in the records before")
    ) { try load { $0[100 * 3074] = 7 } }
    #expect(
      throws: DatasetError.truncated(
        path: file, byte: 120 * 3074 - 1,
        expected: "a whole number of records of 3074 bytes, next end at byte \(120 * 3074)")
    ) { try load { $0.removeLast() } }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: DatasetError.self) { try CIFAR100.load(folder: path) }
  }

  @Test(
    "the paper's clusters hold every class once; subsets by cluster and by superclass are disjoint")
  func partitions() throws {
    let path = try folder(train: 200, test: 100)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try CIFAR100.load(folder: path)
    #expect(CIFAR100.paperClusters.map(\.classes.count) == [9, 28, 22, 15, 8, 9, 4, 5])
    for groups in [CIFAR100.paperClusters, data.superclasses] {
      #expect(groups.flatMap(\.classes).sorted() == data.classNames.sorted())
      let partition = try Partition.byGroups(data, groups)
      #expect(partition.subsets.map(\.name) == groups.map(\.name))
      #expect(partition.subsets.flatMap(\.samples).sorted() == Array(0..<200))
      #expect(partition.negatives(of: 0).count == 200 - 2 * groups[0].classes.count)
    }
  }

  @Test("groups with foreign, repeated or missing classes are refused")
  func badGroups() throws {
    let data = ProceduralImages.generate(seed: 1, trainSamples: 40, testSamples: 10)
    func problem(_ groups: [(String, [String])]) -> String {
      do {
        _ = try Partition.byGroups(data, groups.map { ClassGroup(name: $0.0, classes: $0.1) })
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(problem([("a", ["disc"]), ("b", ["ringg"])]).contains("did you mean 'ring'?"))
    #expect(problem([("a", ["disc"]), ("b", ["ring", "disc"])]).contains("'a' and 'b'"))
    #expect(problem([("a", ["disc"]), ("b", [])]).contains("'b' has no class"))
    #expect(problem([("a", ["disc"]), ("b", ["ring", "cross"])]) == "accepted")
  }
}
