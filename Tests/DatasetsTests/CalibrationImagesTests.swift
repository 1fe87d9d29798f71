import Datasets
import Foundation
import Testing

/// Images of the training set that nothing is trained on.
struct CalibrationImagesTests {
  /// Images of 8 × 8 pixels whose bytes tell which is which.
  private func dataset(_ counts: [Int]) -> ImageDataset {
    let labels = counts.enumerated().flatMap { label, count in
      [UInt8](repeating: UInt8(label), count: count)
    }
    let images = LabeledImages(
      side: 8,
      values: labels.indices.flatMap { index in
        [UInt8](repeating: UInt8(index), count: 192)
      }, labels: labels)
    return ImageDataset(
      name: "numbered", classNames: counts.indices.map { "class \($0)" }, train: images,
      test: images)
  }

  private func numbers(_ images: LabeledImages) throws -> [UInt8] {
    try (0..<images.count).map { try images.bytes(of: $0)[0] }
  }

  @Test("the same share of each class, no image in both parts, none lost; labels go along")
  func stratified() throws {
    let whole = dataset([40, 20, 60])
    let split = try whole.holdingOut(0.1, seed: 1)
    let (kept, held) = (try numbers(split.train), try numbers(split.calibration))
    #expect(Set(kept).isDisjoint(with: held))
    #expect((kept + held).sorted() == (0..<120).map { UInt8($0) })
    for (label, expected) in [(0, 4), (1, 2), (2, 6)] {
      #expect(split.calibration.labels.count { Int($0) == label } == expected)
    }
    for (number, label) in zip(held, split.calibration.labels) {
      #expect(whole.train.labels[Int(number)] == label)
    }
    #expect(split.test == whole.test)
  }

  @Test("the seed draws them; nothing is held out by default; statistics are those of what stays")
  func seeded() throws {
    let whole = dataset([40, 20, 60])
    let first = try numbers(whole.holdingOut(0.25, seed: 1).calibration)
    #expect(try numbers(whole.holdingOut(0.25, seed: 1).calibration) == first)
    #expect(try numbers(whole.holdingOut(0.25, seed: 2).calibration) != first)
    let same = try whole.holdingOut(0, seed: 1)
    #expect(same.train == whole.train && same.calibration.count == 0 && same.mean == whole.mean)
    let split = try whole.holdingOut(0.25, seed: 1)
    let kept = try numbers(split.train)
    let mean = kept.reduce(0.0) { $0 + Double($1) } / Double(kept.count) / 255
    #expect(abs(Double(split.mean[0]) - mean) < 1e-5)
  }

  @Test("a share too small for any image is refused")
  func tooSmall() {
    #expect {
      try dataset([4, 4]).holdingOut(0.01, seed: 1)
    } throws: {
      "\($0)".contains("dataset.calibration_fraction: found 0.01, which of 8 training images")
    }
  }

  @Test("a list of pictures: files as they are named, the pictures of a folder by name")
  func pictures() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "list-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect {
      try PictureList.files([folder.path])
    } throws: {
      "\($0)".hasPrefix("\(folder.path): found no picture in the folder, expected files that end")
    }
    for name in ["b.PNG", "a.jpg", "notes.txt", ".hidden.png"] {
      try Data().write(to: folder.appending(path: name))
    }
    let files = try PictureList.files([folder.path, folder.path + "/notes.txt"])
    #expect(files == ["a.jpg", "b.PNG", "notes.txt"].map { folder.path + "/" + $0 })
    #expect(throws: DatasetError.self) { try PictureList.files([folder.path + "/none.png"]) }
  }
}
