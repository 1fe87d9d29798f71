import Datasets
import Experiments
import Foundation
import LotteryEngine
import Testing

/// Subsets of several classes, and such as the program finds.
struct SubsetTests {
  /// Ten classes around three places on a line, as an `.npy` file.
  private func embedding(in folder: RunFolder) throws -> String {
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    let path = folder.path + "/classes.npy"
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10, 1), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    data.append(contentsOf: header.utf8)
    for label in 0..<10 {
      let number = Double(label % 3) * 100 + Double(label)
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(
    "clusters are found once and written out: the run resumes without the embedding",
    arguments: [SubsetsConfig.Rule.kMeans, .agglomerative])
  func clusters(rule: SubsetsConfig.Rule) async throws {
    let folder = RunFolder()
    let path = try embedding(in: folder)
    let config = RunFolder.config {
      $0.subsets = SubsetsConfig()
      $0.subsets.by = rule
      $0.subsets.embedding = path
      $0.subsets.count = 3
      $0.extraction.epochsPerRound = 2
      $0.retraining.epochs = 2
    }
    try await folder.finished(config, name: "whole")
    let resolved = try folder.directory("whole").resolvedConfig().subsets
    let names = ProceduralImages.classNames
    #expect(resolved.by == .groups && resolved.embedding == nil)
    #expect(
      resolved.groups?.map(\.classes)
        == (0..<3).map { group in
          names.indices.filter { $0 % 3 == group }.map { names[$0] }
        })

    let cut = try await folder.start(config, name: "cut")
    await folder.stop(cut, after: 9)
    try FileManager.default.removeItem(atPath: path)
    await (try await folder.resume("cut")).waitUntilEnded()
    #expect(try folder.results("cut") == folder.results("whole"))
    #expect(try folder.metrics("cut") == folder.metrics("whole"))
  }

  @Test("a subset of several classes is judged as one, and chosen between as one")
  func quality() throws {
    let task = try ClassificationTask(
      .tiny {
        $0.subsets = SubsetsConfig()
        $0.subsets.by = .groups
        $0.subsets.groups = [
          .init(name: "some", classes: ["disc", "ring"]), .init(name: "other", classes: ["cross"]),
        ]
      })
    #expect(task.subnetworkNames == ["some", "other"] && task.scoreNames == ["some", "other"])
    let names = task.dataset.classNames
    let label = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    #expect(
      task.rightChoices
        == [
          label["disc"]: 0, label["ring"]: 0, label["cross"]: 1,
        ].reduce(into: [:]) { if let key = $1.key { $0[key] = $1.value } })
    let samples = task.heldOutSamples
    let perfect = samples.map { sample -> Float in
      ["disc", "ring"].contains(names[Int(task.dataset.test.labels[sample])]) ? 1 : -1
    }
    let quality = task.quality(of: perfect, subnetwork: 0, samples: samples)
    #expect(quality.balancedAccuracy == 1 && quality.precision == 1 && quality.recall == 1)
    #expect(task.argmaxChoices(scores: [[0.5, 2, 1], [0.25, 3, 1]]) == [0, 1, 0])
  }
}
