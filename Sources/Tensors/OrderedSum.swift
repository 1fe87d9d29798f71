/// Sums of partial results in a fixed order.
package enum OrderedSum {
  /// total[i] = Σ parts[p][i], parts added in their order, for i in a range.
  package static func reduce(
    _ parts: UnsafePointer<Float>, count: Int, stride: Int,
    into total: UnsafeMutablePointer<Float>, range: Range<Int>
  ) {
    for i in range { total[i] = parts[i] }
    for part in 1..<max(1, count) {
      let source = parts + part &* stride
      for i in range { total[i] += source[i] }
    }
  }
}
