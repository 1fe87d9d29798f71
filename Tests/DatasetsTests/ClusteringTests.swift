import Datasets
import Foundation
import Tensors
import Testing

struct ClusteringTests {
  /// Points around `count` centers far from one another, in an order that mixes them.
  private func blobs(_ count: Int, each: Int, seed: UInt64) -> (ClassEmbedding, [Int]) {
    var random = RandomStream(seed: seed, purpose: "blobs")
    var points = (0..<count * each).map { index -> ([Double], Int) in
      let group = index % count
      let vector = (0..<3).map { axis in
        Double(random.normal()) + (axis == group % 3 ? 60.0 * Double(1 + group / 3) : 0)
      }
      return (vector, group)
    }
    random.shuffle(&points)
    return (ClassEmbedding(vectors: points.map(\.0)), points.map(\.1))
  }

  @Test(
    "groups far from one another are found, whatever the seed",
    arguments: 1...5 as ClosedRange<UInt64>)
  func separated(seed: UInt64) {
    let (embedding, owner) = blobs(6, each: 7, seed: seed)
    let truth = Dictionary(grouping: owner.indices) { owner[$0] }.values.sorted { $0[0] < $1[0] }
    #expect(Clustering.kMeans(embedding, count: 6, seed: seed) == truth)
    #expect(Clustering.agglomerative(embedding, count: 6) == truth)
  }

  @Test("k-means ends where every vector is nearest to the mean of its own group")
  func localOptimum() {
    var random = RandomStream(seed: 4, purpose: "cloud")
    let vectors = (0..<60).map { _ in (0..<4).map { _ in Double(random.normal()) } }
    let embedding = ClassEmbedding(vectors: vectors)
    let groups = Clustering.kMeans(embedding, count: 7, seed: 9)
    #expect(groups.count == 7 && groups.flatMap(\.self).sorted() == Array(0..<60))
    let means = groups.map { group in
      (0..<4).map { axis in group.reduce(0) { $0 + vectors[$1][axis] } / Double(group.count) }
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    for (own, group) in groups.enumerated() {
      for member in group {
        for other in means.indices {
          #expect(
            distance(vectors[member], means[own]) <= distance(vectors[member], means[other]) + 1e-9)
        }
      }
    }
    #expect(groups == Clustering.kMeans(embedding, count: 7, seed: 9))
  }

  @Test("agglomerative merging is average linkage by its definition")
  func averageLinkage() {
    var random = RandomStream(seed: 8, purpose: "cloud")
    let vectors = (0..<15).map { _ in (0..<2).map { _ in Double(random.normal()) } }
    // By the definition: the mean of all distances across, computed anew for every pair of groups.
    var groups = vectors.indices.map { [$0] }
    func linkage(_ a: [Int], _ b: [Int]) -> Double {
      var sum = 0.0
      for i in a {
        for j in b { sum += hypot(vectors[i][0] - vectors[j][0], vectors[i][1] - vectors[j][1]) }
      }
      return sum / Double(a.count * b.count)
    }
    while groups.count > 1 {
      #expect(
        Clustering.agglomerative(ClassEmbedding(vectors: vectors), count: groups.count)
          == groups.map { $0.sorted() }.sorted { $0[0] < $1[0] })
      let pairs = groups.indices.flatMap { a in groups.indices.dropFirst(a + 1).map { (a, $0) } }
      guard
        let nearest = pairs.min(by: {
          linkage(groups[$0.0], groups[$0.1]) < linkage(groups[$1.0], groups[$1.1])
        })
      else { break }
      groups[nearest.0] += groups[nearest.1]
      groups.remove(at: nearest.1)
    }
  }

  @Test("equal vectors still make as many groups as were asked for")
  func equalVectors() {
    let embedding = ClassEmbedding(vectors: [[Double]](repeating: [1, 2], count: 5))
    for count in 1...5 {
      for groups in [
        Clustering.kMeans(embedding, count: count, seed: 1),
        Clustering.agglomerative(embedding, count: count),
      ] {
        #expect(groups.count == count && groups.allSatisfy { !$0.isEmpty })
        #expect(groups.flatMap(\.self).sorted() == Array(0..<5))
      }
    }
  }

  @Test("a group is called after the class in its middle")
  func names() {
    let embedding = ClassEmbedding(vectors: [[0], [1], [2], [50]])
    let groups = Partition.named(
      [[0, 1, 2], [3]], embedding: embedding, classNames: ["cat", "dog", "fox", "ship"])
    #expect(
      groups == [
        ClassGroup(name: "dog+2", classes: ["cat", "dog", "fox"]),
        ClassGroup(name: "ship", classes: ["ship"]),
      ])
  }
}

struct ClassEmbeddingTests {
  /// An `.npy` file as NumPy writes it.
  private func npy(
    _ numbers: [Double], shape: String, type: String = "<f4", order: String = "False",
    version: UInt8 = 1
  ) -> Data {
    var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    let start = version == 1 ? 10 : 12
    while (start + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [version, 0])
    let length = UInt32(header.utf8.count)
    data.append(contentsOf: (0..<(version == 1 ? 2 : 4)).map { UInt8(length >> (8 * $0) & 255) })
    data.append(contentsOf: header.utf8)
    for number in numbers {
      if type == "<f4" {
        withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { data.append(contentsOf: $0) }
      } else {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  private func read(_ data: Data, classes: Int = 2) throws -> ClassEmbedding {
    let path = NSTemporaryDirectory() + "embedding-\(UUID().uuidString).npy"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try data.write(to: URL(fileURLWithPath: path))
    return try ClassEmbedding.read(path, classes: classes)
  }

  @Test(
    "both number types and all versions are read", arguments: ["<f4", "<f8"],
    1...3 as ClosedRange<UInt8>)
  func good(type: String, version: UInt8) throws {
    let embedding = try read(
      npy([1, 2.5, -3, 4, 5, 0.25], shape: "(2, 3)", type: type, version: version))
    #expect(embedding.vectors == [[1, 2.5, -3], [4, 5, 0.25]])
  }

  @Test("what is no K×D array of floats is refused with its byte")
  func bad() throws {
    let good = npy([1, 2, 3, 4], shape: "(2, 2)")
    func problem(_ data: Data, classes: Int = 2) -> String {
      do {
        _ = try read(data, classes: classes)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(problem(good) == "accepted")
    #expect(problem(Data("no array".utf8)).contains("byte 0: found no NumPy array"))
    #expect(problem(good, classes: 3).contains("found an array of shape [2, 2], expected 3 rows"))
    #expect(problem(npy([1, 2], shape: "(2,)")).contains("shape [2]"))
    #expect(problem(npy([1, 2], shape: "(2, x)")).contains("found shape (2, x)"))
    #expect(
      problem(npy([1, 2], shape: "(2, 1)", type: "<i8")).contains(
        "found an array of '<i8', expected"))
    #expect(problem(npy([1, 2], shape: "(2, 1)", order: "True")).contains("Fortran's order"))
    #expect(problem(npy([1, .nan], shape: "(2, 1)")).contains("byte 132: found nan"))
    #expect(problem(npy([1, 2], shape: "(2, 1073741824)")).contains("ends at byte"))
    for length in 0..<good.count {
      #expect(problem(good.prefix(length)) != "accepted", "cut at \(length)")
    }
  }
}
