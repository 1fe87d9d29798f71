import Datasets
import Foundation
import Tensors
import Testing

/// Images of other sizes than 32 × 32.
struct ImageSizeTests {
  private let folder = NSTemporaryDirectory() + "image-size-\(UUID().uuidString)"

  /// CIFAR-10 batches with images of one colour each: 10 · label in red.
  private func cifar() throws -> ImageDataset {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["data_batch_1.bin", "test_batch.bin"] {
      let records = (0..<20).flatMap { index -> [UInt8] in
        let label = UInt8(index % 10)
        return [label] + (0..<1024).map { _ in 10 * label } + (0..<1024).map { UInt8($0 / 32 * 8) }
          + (0..<1024).map { UInt8($0 % 32 * 8) }
      }
      try Data(records).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    return try CIFAR10.load(folder: folder)
  }

  @Test("CIFAR's images are resized once, in any size, and keep their labels")
  func cifarResized() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let original = try cifar()
    let pool = WorkerPool(threads: 2)
    var calls: [Int] = []
    func resized(_ side: Int) throws -> ImageDataset {
      try original.resized(side: side, cache: folder + "/cache", pool: pool) { done, all in
        #expect(all == 40)
        calls.append(done)
      }
    }
    for side in [16, 48, 64] {
      calls = []
      let data = try resized(side)
      #expect(calls == [20, 40])
      for set in [data.train, data.test] {
        #expect(set.side == side && set.labels == original.train.labels)
        for image in [0, 7, 19] {
          let bytes = try set.bytes(of: image)
          #expect(bytes.count == 3 * side * side)
          #expect(bytes[..<(side * side)].allSatisfy { $0 == 10 * set.labels[image] })
          // A ramp stays one: rows in green, columns in blue.
          let green = (0..<side).map { bytes[side * side + $0 * side] }
          let blue = (0..<side).map { bytes[2 * side * side + $0] }
          #expect(green == green.sorted() && green == blue)
          #expect(Set(green).count > side / 2)
        }
      }
      #expect(abs(data.mean[0] - 45 / 255) < 1e-5)
      calls = []
      #expect(try resized(side).train.bytes(of: 3) == data.train.bytes(of: 3))
      #expect(calls.isEmpty, "kept")
    }
    let same = try resized(32)
    #expect(same.train.side == 32 && calls.isEmpty)
  }

  @Test("built-in images of any size show the same scenes; 32 × 32 is as ever")
  func procedural() throws {
    func data(_ side: Int) -> ImageDataset {
      ProceduralImages.generate(seed: 3, trainSamples: 10, testSamples: 10, side: side)
    }
    let small = data(32).train
    #expect(
      small
        == ProceduralImages.generate(seed: 3, trainSamples: 10, testSamples: 10).train)
    let large = data(96).train
    #expect(large.side == 96)
    for image in 0..<10 {
      let (a, b) = (try small.bytes(of: image), try large.bytes(of: image))
      // Means over blocks of 3 × 3 are near the small image: noise has a deviation of about 10.
      var difference = 0
      for row in 0..<32 {
        for column in 0..<32 {
          let block = (0..<9).map { Int(b[(3 * row + $0 / 3) * 96 + 3 * column + $0 % 3]) }
          difference += abs(block.reduce(0, +) / 9 - Int(a[row * 32 + column]))
        }
      }
      #expect(difference < 14 * 1024, "image \(image): \(difference / 1024)")
    }
  }

  @Test("the loader fills batches of any size, shifts by an eighth of the side at most")
  func loader() throws {
    let data = ProceduralImages.generate(seed: 3, trainSamples: 20, testSamples: 10, side: 40)
    let loader = BatchLoader(data, normalize: false)
    let batch = LaneBatch(channels: 3, pixels: 1600, capacity: 20)
    var random = RandomStream(seed: 1, purpose: "sizes")
    try loader.fill(batch, with: 0..<20, of: data.train, random: &random)
    func value(_ sample: Int, _ pixel: Int) -> Int {
      Int(
        (batch.storage[batch.offset(sample: sample, channel: 1, pixel: pixel)] * 255).rounded())
    }
    let bytes = try data.train.bytes(of: 17)
    #expect((0..<1600).allSatisfy { value(17, $0) == Int(bytes[1600 + $0]) })
    try loader.fill(
      batch, with: 0..<20, of: data.train, augmentation: .shiftAndFlip, random: &random)
    for sample in 0..<20 {
      let plane = try data.train.bytes(of: sample)[1600..<3200].map(Int.init)
      // The middle is there, moved by up to five pixels, perhaps mirrored.
      let middle = (10..<30).map { row in (10..<30).map { value(sample, row * 40 + $0) } }
      let isThere = (-5...5).contains { dy in
        (-5...5).contains { dx in
          [false, true].contains { flips in
            (0..<400).allSatisfy { index in
              let (row, column) = (10 + index / 20, 10 + index % 20)
              let x = (flips ? 39 - column : column) + dx
              return middle[index / 20][index % 20] == plane[(row + dy) * 40 + x]
            }
          }
        }
      }
      #expect(isThere, "sample \(sample)")
    }
  }

  @Test("IDX images go to the middle of 32 × 32, then to the wanted size")
  func idx() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, axes, bytes) in [
      (
        "images-idx3-ubyte", [UInt8(3)] + [0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28],
        [UInt8](repeating: 200, count: 2 * 784)
      ),
      ("labels-idx1-ubyte", [1] + [0, 0, 0, 2], [0, 1]),
    ] {
      for set in ["train", "t10k"] {
        try Data([0, 0, 8] + axes + bytes).write(
          to: URL(fileURLWithPath: "\(folder)/\(set)-\(name)"))
      }
    }
    for side in [24, 32, 64] {
      let train = try IDXImages.load(folder: folder, side: side, cache: folder + "/cache").train
      #expect(train.side == side)
      let bytes = try train.bytes(of: 1)
      #expect(bytes.count == 3 * side * side)
      #expect(bytes[side / 2 * side + side / 2] == 200)
      // Larger than 28: a black frame; smaller: the image fills it.
      #expect(bytes[0] == (side < 28 ? 200 : 0))
    }
  }
}
