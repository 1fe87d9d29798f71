/// How fast a run goes, measured from the times of its own events.
package struct SpeedMeter: Sendable, Equatable {
  /// Seconds the rate is averaged over.
  package static let windowSeconds = 10.0

  private var marks: [(time: Double, samples: Double)] = []
  private var total = 0.0

  /// A meter that has seen nothing.
  package init() {}

  package static func == (left: SpeedMeter, right: SpeedMeter) -> Bool {
    left.total == right.total && left.marks.count == right.marks.count
      && zip(left.marks, right.marks).allSatisfy { $0 == $1 }
  }

  /// Adds samples that were seen by a time.
  package mutating func record(samples: Double, at time: Double) {
    total += samples
    // Four marks a second are enough for a rate over ten seconds.
    if let last = marks.last, time - last.time < 0.25, marks.count > 1 {
      marks[marks.count - 1].samples = total
    } else {
      marks.append((time, total))
    }
    if let first = marks.firstIndex(where: { time - $0.time <= Self.windowSeconds }), first > 1 {
      marks.removeFirst(first - 1)
    }
  }

  /// Forgets the window: the run stood still and its rate starts anew.
  package mutating func restart() {
    marks.removeAll()
  }

  /// Samples per second over the window; `nil` until half a second was measured.
  package var samplesPerSecond: Double? {
    guard let first = marks.first, let last = marks.last, last.time - first.time >= 0.5 else {
      return nil
    }
    return (last.samples - first.samples) / (last.time - first.time)
  }
}
