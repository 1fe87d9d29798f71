/// When which step was taken, in bounded memory: evenly thinned, exact at both ends.
struct StepClock: Sendable {
  /// The most marks that are kept.
  static let capacity = 1024

  private var marks: [(step: Double, seconds: Double)] = []
  /// Steps that are seen for each one that is kept.
  private var stride = 1
  private var unseen = 0

  /// Nothing yet.
  init() {}

  /// Notes the time of a step; steps and times must not fall.
  mutating func record(step: Double, seconds: Double) {
    // The newest mark moves on until it is kept.
    if unseen > 0, marks.count > 1 { marks.removeLast() }
    marks.append((step, max(seconds, marks.last?.seconds ?? seconds)))
    unseen = (unseen + 1) % stride
    guard marks.count >= Self.capacity else { return }
    let last = marks[marks.count - 1]
    marks = marks.enumerated().compactMap { $0.offset.isMultiple(of: 2) ? $0.element : nil }
    if marks.last?.step != last.step { marks.append(last) }
    stride *= 2
    unseen = 1
  }

  /// The marks around a step, nearest first within `steps`; either may be missing.
  func neighbours(of step: Double, in steps: ClosedRange<Double>) -> (
    before: (step: Double, seconds: Double)?, after: (step: Double, seconds: Double)?
  ) {
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].step > step { high = middle } else { low = middle + 1 }
    }
    let before = low > 0 && marks[low - 1].step >= steps.lowerBound ? marks[low - 1] : nil
    let after = low < marks.count && marks[low].step <= steps.upperBound ? marks[low] : nil
    return (before, after)
  }
}
