/// The adjusted Rand index: how far two groupings of the same things agree, 1 if wholly, 0 as by chance.
public enum RandIndex {
  /// The index of two groupings, each given as the group of every thing.
  ///
  /// With n_ij things in group i of the first and j of the second, a_i and b_j the sizes of the groups:
  /// (Σ C(n_ij, 2) − E) / (½ (Σ C(a_i, 2) + Σ C(b_j, 2)) − E), E = Σ C(a_i, 2) Σ C(b_j, 2) / C(n, 2).
  /// Where no grouping could do otherwise, as with all things alone, it is 1.
  public static func adjusted(_ first: [Int], _ second: [Int]) -> Double {
    precondition(first.count == second.count)
    func pairs(_ counts: some Collection<Int>) -> Double {
      counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 }
    }
    func sizes(_ groups: [Int]) -> [Int] {
      Array(Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +).values)
    }
    var joint: [[Int]: Int] = [:]
    for pair in zip(first, second) { joint[[pair.0, pair.1], default: 0] += 1 }
    let (a, b) = (pairs(sizes(first)), pairs(sizes(second)))
    let all = Double(first.count) * Double(first.count - 1) / 2
    guard all > 0 else { return 1 }
    let expected = a * b / all
    let most = (a + b) / 2
    return most == expected ? 1 : (pairs(joint.values) - expected) / (most - expected)
  }

  /// The group of every thing, from the members of the groups; things in no group are not in it.
  public static func assignment(_ groups: [[Int]], count: Int) -> [Int]? {
    var assignment = [Int?](repeating: nil, count: count)
    for (group, members) in groups.enumerated() {
      for member in members where assignment.indices.contains(member) {
        assignment[member] = group
      }
    }
    let known = assignment.compactMap(\.self)
    return known.count == count ? known : nil
  }
}
