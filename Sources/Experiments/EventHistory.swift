/// What happened so far, for those who come later: every lifecycle event, and of the steps the newest
/// and a thinned record of the older ones, evenly spread over each subnetwork's course.
///
/// A comparison of 64 masks takes some 4 MB, and there is one a round. Where `forgets(recalling:)` was
/// called, only the newest are kept, and who comes later gets the others from the run's log.
package struct EventHistory {
  /// Steps that are kept at most.
  package static let limit = 3072
  /// The newest steps, which are never thinned: the speed is measured on them.
  package static let newest = 512

  /// Bytes of comparisons that are kept, if the others are in a log; the newest is always kept.
  package static let comparisonLimit = 32 << 20

  private var lifecycle: [RecordedEvent] = []
  /// The comparisons that are kept, oldest first: the number of the event, and its bytes.
  private var comparisons: [(sequence: Int, bytes: Int)] = []
  /// The numbers of the comparisons that are not kept any more.
  private var forgotten: Set<Int> = []
  private var comparisonLimit = Int.max
  private var recall: (@Sendable (Set<Int>) -> [RecordedEvent])?
  private var steps: [(ordinal: Int, event: RecordedEvent)] = []
  private var counts: [Int: Int] = [:]
  private var stride = 1

  /// What is kept of some events; nothing yet if there are none.
  package init(_ events: [RecordedEvent] = []) {
    for event in events { append(event) }
  }

  /// Keeps no more comparisons than have room from now on.
  /// - Parameter recall: finds events by their numbers; those that it does not find are left out.
  package mutating func forgets(
    beyond limit: Int = Self.comparisonLimit,
    recalling recall: @escaping @Sendable (Set<Int>) -> [RecordedEvent] = { _ in [] }
  ) {
    comparisonLimit = limit
    self.recall = recall
    forgetComparisons()
  }

  /// Everything that is kept or can be recalled, in the order of the run.
  package var events: [RecordedEvent] {
    var lifecycle = lifecycle
    if !forgotten.isEmpty, let recall {
      lifecycle = (lifecycle + recall(forgotten)).sorted { $0.sequence < $1.sequence }
    }
    var merged: [RecordedEvent] = []
    merged.reserveCapacity(lifecycle.count + steps.count)
    var next = steps.startIndex
    for event in lifecycle {
      while next < steps.endIndex, steps[next].event.sequence < event.sequence {
        merged.append(steps[next].event)
        next += 1
      }
      merged.append(event)
    }
    return merged + steps[next...].map(\.event)
  }

  /// Takes an event in.
  package mutating func append(_ recorded: RecordedEvent) {
    guard case .stepFinished(let report) = recorded.event else {
      lifecycle.append(recorded)
      if case .overlapMeasured(let report) = recorded.event {
        comparisons.append((recorded.sequence, report.byteCount))
        forgetComparisons()
      }
      return
    }
    // Thinning counts each subnetwork's own steps: the K take turns, and every second step of all
    // would be those of half of them.
    let ordinal = counts[report.subnetwork, default: 0]
    counts[report.subnetwork] = ordinal + 1
    steps.append((ordinal, recorded))
    if steps.count > Self.limit { thin() }
  }

  private mutating func forgetComparisons() {
    var bytes = comparisons.reduce(0) { $0 + $1.bytes }
    var gone: Set<Int> = []
    while bytes > comparisonLimit, comparisons.count > 1 {
      let oldest = comparisons.removeFirst()
      bytes -= oldest.bytes
      gone.insert(oldest.sequence)
    }
    guard !gone.isEmpty else { return }
    lifecycle.removeAll { gone.contains($0.sequence) }
    forgotten.formUnion(gone)
  }

  private mutating func thin() {
    let fresh = steps.suffix(Self.newest)
    var old = Array(steps.dropLast(Self.newest))
    while true {
      old.removeAll { !$0.ordinal.isMultiple(of: stride) }
      if old.count <= Self.limit / 2 { break }
      stride *= 2
    }
    steps = old + fresh
  }
}

extension OverlapReport {
  /// The memory of its figures, about.
  fileprivate var byteCount: Int {
    let count = jaccard.count
    return (2 * count * count + layers.count * (2 * count * count + count)) * 8
  }
}
