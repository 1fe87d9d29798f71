internal import Yams

extension ConfigKey {
  /// Different whole numbers, such as `[0, 255]`; may be none.
  static func numbers(
    _ name: String, _ path: Path<[Int]>, _ range: ClosedRange<Int>
  ) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      let expected =
        "expected a list of different whole numbers from \(range.lowerBound) to \(range.upperBound)"
      guard let items = node.sequence else {
        return (node, "found \(describe(node)), \(expected)")
      }
      var numbers: [Int] = []
      for item in items {
        guard let number = item.scalar.flatMap({ Int($0.string) }), range.contains(number),
          !numbers.contains(number)
        else {
          return (item, "found \(describe(item)), \(expected)")
        }
        numbers.append(number)
      }
      config[keyPath: path] = numbers
      return nil
    } write: {
      "[" + $0[keyPath: path].map { "\($0)" }.joined(separator: ", ") + "]"
    }
  }
}
