/// What happened so far, for those who come later: every lifecycle event, and of the steps the newest
/// and a thinned record of the older ones, evenly spread over each subnetwork's course.
package struct EventHistory {
  /// Steps that are kept at most.
  package static let limit = 3072
  /// The newest steps, which are never thinned: the speed is measured on them.
  package static let newest = 512

  private var lifecycle: [RecordedEvent] = []
  private var steps: [(ordinal: Int, event: RecordedEvent)] = []
  private var counts: [Int: Int] = [:]
  private var stride = 1

  /// What is kept of some events; nothing yet if there are none.
  package init(_ events: [RecordedEvent] = []) {
    for event in events { append(event) }
  }

  /// Everything that is kept, in the order of the run.
  package var events: [RecordedEvent] {
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
      return
    }
    // Thinning counts each subnetwork's own steps: the K take turns, and every second step of all
    // would be those of half of them.
    let ordinal = counts[report.subnetwork, default: 0]
    counts[report.subnetwork] = ordinal + 1
    steps.append((ordinal, recorded))
    if steps.count > Self.limit { thin() }
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
