import Datasets
import Foundation
import Synchronization
import Tensors
import Testing

/// A temporary folder that goes with its owner.
private final class Folder: Sendable {
  let path = NSTemporaryDirectory() + "image-folder-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ data: Data, to file: String) throws {
    let place = URL(fileURLWithPath: path + "/" + file)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: place)
  }
}

struct ImageFolderTests {
  private let folder = Folder()

  /// Grey pictures: value 10 · domain + 100 · class + number.
  private func fill(domains: [String] = ["photo", "sketch"], each: Int = 10) throws {
    for (d, domain) in domains.enumerated() {
      for (c, name) in ["cat", "dog"].enumerated() {
        for number in 0..<each {
          let picture = Picture(
            width: 40, height: 30, channels: 1,
            bytes: [UInt8](repeating: UInt8(10 * d + 100 * c + number), count: 1200))
          try folder.write(PictureFile.png(picture), to: "images/\(domain)/\(name)/\(number).png")
        }
      }
    }
  }

  private func load(
    _ broken: ImageFolder.BrokenImages = .refused, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> (dataset: ImageDataset, skipped: [String]) {
    try ImageFolder(folder.path + "/images").load(
      testFraction: 0.2, broken: broken, cache: folder.path + "/cache",
      pool: WorkerPool(threads: 2), progress: progress)
  }

  private func problem(_ broken: ImageFolder.BrokenImages = .refused) -> String {
    do {
      _ = try load(broken)
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test("subsets are domains, folders classes; a fifth of each class of each is held out")
  func reads() throws {
    try fill()
    try folder.write(Data("not an image".utf8), to: "images/photo/cat/notes.txt")
    var calls: [(Int, Int)] = []
    let data = try load(progress: { calls.append(($0, $1)) }).dataset
    #expect(calls.map(\.0) == [40] && calls.map(\.1) == [40])
    #expect(data.classNames == ["cat", "dog"] && data.domainNames == ["photo", "sketch"])
    #expect(data.train.count == 32 && data.test.count == 8)
    for set in [data.train, data.test] {
      for image in 0..<set.count {
        let value = Int(try set.bytes(of: image)[0])
        #expect(Set(try set.bytes(of: image)).count == 1)
        #expect(value / 100 == Int(set.labels[image]))
        #expect(value % 100 / 10 == Int(set.domains[image]))
      }
    }
    let partition = try Partition.byDomain(data)
    #expect(partition.subsets.map(\.name) == ["photo", "sketch"])
    #expect(partition.subsets.map(\.samples.count) == [16, 16])
    #expect(partition.subsets.map(\.labels) == [[0, 1], [0, 1]])
    // As many of each class of each domain.
    let few = data.limited(train: 8, test: 4)
    for (set, each) in [(few.train, 2), (few.test, 1)] {
      for (domain, label) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let count = set.labels.indices.count {
          Int(set.domains[$0]) == domain && Int(set.labels[$0]) == label
        }
        #expect(count == each, "domain \(domain), class \(label)")
      }
    }
  }

  @Test("of two images one is held out; a domain that cannot be judged is refused")
  func small() throws {
    try fill(each: 2)
    let two = try load().dataset
    #expect(two.train.count == 4 && two.test.count == 4)
    #expect(try Partition.byDomain(two).subsets.count == 2)
    for name in ["cat", "dog"] {
      try FileManager.default.removeItem(atPath: folder.path + "/images/sketch/\(name)/1.png")
    }
    let one = try load().dataset
    #expect(one.train.count == 4 && one.test.count == 2)
    #expect(throws: DatasetError.self) { try Partition.byDomain(one) }
  }

  @Test("decoded images are kept; another file or another date makes them anew")
  func cache() throws {
    try fill()
    let first = try load().dataset
    var isDecoding = false
    let again = try load(progress: { _, _ in isDecoding = true }).dataset
    #expect(!isDecoding)
    #expect(again.train.labels == first.train.labels)
    #expect(try again.train.bytes(of: 3) == first.train.bytes(of: 3))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)],
      ofItemAtPath: folder.path + "/images/photo/cat/0.png")
    _ = try load(progress: { _, _ in isDecoding = true })
    #expect(isDecoding)
    // A kept file that was cut is not believed.
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache") {
      #expect(file.hasSuffix(".images"))
      let place = URL(fileURLWithPath: folder.path + "/cache/" + file)
      try Data(contentsOf: place).dropLast().write(to: place)
    }
    isDecoding = false
    #expect(try load(progress: { _, _ in isDecoding = true }).dataset.train.count == 32)
    #expect(isDecoding)
  }

  @Test("broken images are named, refused or left out as one wishes")
  func broken() throws {
    try fill()
    try folder.write(Data("JFIF".utf8), to: "images/photo/cat/0.png")
    try folder.write(Data([0xff, 0xd8, 0xff]), to: "images/sketch/dog/new.jpg")
    #expect(problem().contains("images/photo/cat/0.png: byte 0: found no picture"))
    #expect(problem().contains("1 more image(s) cannot be read"))
    let kept = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache")
    #expect(kept == [], "a refused folder leaves nothing behind")
    let (data, skipped) = try load(.skipped)
    #expect(data.train.count + data.test.count == 39)
    #expect(skipped.count == 2 && skipped[1].contains("sketch/dog/new.jpg"))
  }

  @Test("folders that are no dataset are refused")
  func bad() throws {
    #expect(problem().contains("images: not found"))
    try folder.write(Data(), to: "images/photo/cat/readme")
    #expect(problem().contains("images/photo: no image in any class folder"))
    try fill(domains: ["photo"], each: 2)
    try FileManager.default.removeItem(atPath: folder.path + "/images/photo/dog")
    #expect(problem().contains("found 2 image(s) of 1 class(es)"))
    let whole = ProceduralImages.generate(seed: 1, trainSamples: 10, testSamples: 10)
    #expect(throws: DatasetError.self) { try Partition.byDomain(whole) }
  }
}

struct IDXTests {
  private let folder = Folder()

  private func idx(_ sizes: [Int], _ values: [UInt8]) -> Data {
    var data = Data([0, 0, 8, UInt8(sizes.count)])
    for size in sizes {
      withUnsafeBytes(of: UInt32(size).bigEndian) { data.append(contentsOf: $0) }
    }
    data.append(contentsOf: values)
    return data
  }

  private func write(labels: [UInt8], side: Int = 28) throws {
    for set in ["train", "t10k"] {
      try folder.write(
        idx(
          [labels.count, side, side], labels.flatMap { [UInt8](repeating: $0, count: side * side) }),
        to: "mnist/\(set)-images-idx3-ubyte")
      try folder.write(idx([labels.count], labels), to: "mnist/\(set)-labels-idx1-ubyte")
    }
  }

  private func load() throws -> ImageDataset {
    try IDXImages.load(folder: folder.path + "/mnist", cache: folder.path + "/cache")
  }

  private func problem() -> String {
    do {
      _ = try load()
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test("digits stand in the middle of black squares")
  func reads() throws {
    try write(labels: [7, 3, 9])
    let data = try load()
    #expect(data.classNames == (0..<10).map { "\($0)" } && data.train.labels == [7, 3, 9])
    let bytes = try data.train.bytes(of: 2)
    for y in 0..<32 {
      for x in 0..<32 {
        let isInside = (2..<30).contains(x) && (2..<30).contains(y)
        #expect(bytes[y * 32 + x] == (isInside ? 9 : 0))
      }
    }
    #expect(Array(bytes[..<1024]) == Array(bytes[2048...]))
  }

  @Test("larger images are resized")
  func large() throws {
    try write(labels: [4, 5], side: 64)
    #expect(try load().train.bytes(of: 1) == [UInt8](repeating: 5, count: 3072))
  }

  @Test("files that are cut, of another kind or do not fit each other are named")
  func bad() throws {
    #expect(problem().contains("mnist: not found"))
    try write(labels: [1, 2])
    try FileManager.default.removeItem(atPath: folder.path + "/mnist/t10k-labels-idx1-ubyte")
    #expect(problem().contains("t10k-labels-idx1-ubyte: not found"))
    try write(labels: [1, 2])
    try folder.write(idx([3], [1, 2, 3]), to: "mnist/train-labels-idx1-ubyte")
    #expect(problem().contains("found 3 labels, expected 2"))
    try write(labels: [1, 2])
    try folder.write(idx([2], [1]), to: "mnist/train-labels-idx1-ubyte")
    #expect(problem().contains("ends at byte 9"))
    try folder.write(Data([0, 0, 13, 1, 0, 0, 0, 0]), to: "mnist/train-labels-idx1-ubyte")
    #expect(problem().contains("found the bytes 0 0 13 1"))
    try folder.write(Data([0x1f, 0x8b, 8, 0]), to: "mnist/train-labels-idx1-ubyte")
    #expect(problem().contains("ends too early"))
    try folder.write(
      idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []), to: "mnist/train-images-idx3-ubyte")
    #expect(problem().contains("train-images-idx3-ubyte: ends at byte 16"))
  }

  @Test(
    "the real set, packed: 60,000 digits to train on",
    .enabled(if: realFolder != nil, "RTL_DATA names no folder with mnist"))
  func realSet() throws {
    let path = try #require(realFolder)
    let data = try IDXImages.load(folder: path, cache: folder.path + "/cache")
    #expect(data.train.count == 60_000 && data.test.count == 10_000)
    #expect(data.train.labels.prefix(5) == [5, 0, 4, 1, 9])
    // The mean of MNIST is known to four digits, here over 32×32 instead of 28×28.
    #expect(abs(data.mean[0] - 0.1307 * 784 / 1024) < 1e-4)
  }
}

private let realFolder: String? = {
  guard let data = ProcessInfo.processInfo.environment["RTL_DATA"] else { return nil }
  let path = data + "/mnist"
  return FileManager.default.fileExists(atPath: path + "/train-images-idx3-ubyte.gz") ? path : nil
}()
