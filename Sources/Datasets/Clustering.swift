internal import Tensors

/// Puts classes into K groups by the distances of their embeddings; the same input gives the same
/// groups.
public enum Clustering {
  /// Lloyd's k-means from k-means++ seeds; the best of several starts by the sum of squared distances.
  /// - Parameters:
  ///   - count: K, from 1 to the number of classes.
  ///   - starts: how many times it is tried.
  /// - Returns: the members of each group, ascending; groups in the order of their first members. No
  ///   group is empty.
  public static func kMeans(
    _ embedding: ClassEmbedding, count: Int, seed: UInt64, starts: Int = 16
  ) -> [[Int]] {
    precondition((1...embedding.vectors.count).contains(count))
    let solutions = (0..<starts).map { start in
      var random = RandomStream(seed: seed, purpose: "k-means", start)
      return lloyd(embedding.vectors, seeds: spread(embedding.vectors, count, random: &random))
    }
    let best = solutions.indices.min { solutions[$0].error < solutions[$1].error } ?? 0
    return groups(solutions[best].assignment, count: count)
  }

  /// Agglomerative clustering with average linkage of Euclidean distances: the two nearest groups are
  /// merged until K are left; of equal distances the pair that comes first.
  /// - Returns: as `kMeans`.
  public static func agglomerative(_ embedding: ClassEmbedding, count: Int) -> [[Int]] {
    precondition((1...embedding.vectors.count).contains(count))
    var members = embedding.vectors.indices.map { [$0] }
    var distances = embedding.vectors.map { a in
      embedding.vectors.map { squaredDistance(a, $0).squareRoot() }
    }
    while members.count > count {
      var (first, second) = (0, 1)
      for a in members.indices {
        for b in members.indices.dropFirst(a + 1) where distances[a][b] < distances[first][second] {
          (first, second) = (a, b)
        }
      }
      // The mean over all pairs across: weighted by the sizes of what is merged.
      let (m, n) = (Double(members[first].count), Double(members[second].count))
      for other in members.indices where other != first && other != second {
        let merged = (m * distances[first][other] + n * distances[second][other]) / (m + n)
        distances[first][other] = merged
        distances[other][first] = merged
      }
      members[first] += members[second]
      members.remove(at: second)
      distances.remove(at: second)
      for row in distances.indices { distances[row].remove(at: second) }
    }
    return members.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// The member of a group that is nearest to the group's mean.
  public static func center(of group: [Int], in embedding: ClassEmbedding) -> Int {
    let mean = mean(group.map { embedding.vectors[$0] }, dimensions: embedding.dimensions)
    return group.min {
      squaredDistance(embedding.vectors[$0], mean) < squaredDistance(embedding.vectors[$1], mean)
    } ?? 0
  }

  /// Seeds far from one another: each drawn in proportion to its squared distance from those before.
  private static func spread(
    _ vectors: [[Double]], _ count: Int, random: inout RandomStream
  ) -> [[Double]] {
    var seeds = [vectors[random.index(below: vectors.count)]]
    while seeds.count < count {
      let weights = vectors.map { vector in seeds.map { squaredDistance(vector, $0) }.min() ?? 0 }
      let total = weights.reduce(0, +)
      guard total > 0 else {
        // All vectors are seeds already: equal ones are seeds twice.
        seeds.append(vectors[random.index(below: vectors.count)])
        continue
      }
      var rest = Double(random.uniform()) * total
      let chosen = weights.firstIndex { weight in
        rest -= weight
        return rest < 0 && weight > 0
      }
      seeds.append(vectors[chosen ?? weights.indices.last { weights[$0] > 0 } ?? 0])
    }
    return seeds
  }

  private static func lloyd(
    _ vectors: [[Double]], seeds: [[Double]]
  ) -> (assignment: [Int], error: Double) {
    var centers = seeds
    var assignment = [Int](repeating: -1, count: vectors.count)
    // Rounding aside the error falls until nothing moves.
    for _ in 0..<1_000 {
      var next = vectors.map { vector in
        centers.indices.min {
          squaredDistance(vector, centers[$0]) < squaredDistance(vector, centers[$1])
        }
          ?? 0
      }
      fillEmptyGroups(&next, vectors: vectors, centers: centers)
      for group in centers.indices {
        let members = next.indices.filter { next[$0] == group }.map { vectors[$0] }
        centers[group] = mean(members, dimensions: centers[group].count)
      }
      if next == assignment { break }
      assignment = next
    }
    let error = vectors.indices.reduce(0) {
      $0 + squaredDistance(vectors[$1], centers[assignment[$1]])
    }
    return (assignment, error)
  }

  /// Gives each group without members the vector furthest from its center, of a group that has others.
  private static func fillEmptyGroups(
    _ assignment: inout [Int], vectors: [[Double]], centers: [[Double]]
  ) {
    for group in centers.indices where !assignment.contains(group) {
      let sizes = centers.indices.map { group in assignment.count { $0 == group } }
      let furthest = vectors.indices.filter { sizes[assignment[$0]] > 1 }.max {
        squaredDistance(vectors[$0], centers[assignment[$0]])
          < squaredDistance(vectors[$1], centers[assignment[$1]])
      }
      if let furthest { assignment[furthest] = group }
    }
  }

  private static func groups(_ assignment: [Int], count: Int) -> [[Int]] {
    (0..<count).map { group in assignment.indices.filter { assignment[$0] == group } }
      .sorted { $0[0] < $1[0] }
  }

  private static func mean(_ vectors: [[Double]], dimensions: Int) -> [Double] {
    (0..<dimensions).map { axis in
      vectors.reduce(0) { $0 + $1[axis] } / Double(max(1, vectors.count))
    }
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
