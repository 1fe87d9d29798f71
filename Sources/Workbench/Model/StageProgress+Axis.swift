/// What runs along the x axis of the charts.
package enum ChartAxis: String, Sendable, CaseIterable {
  /// Steps of a subnetwork, counted through all rounds.
  case step
  /// Epochs of a subnetwork, counted through all rounds.
  case epoch
  /// Rounds: 2.5 is the middle of round 3.
  case round
  /// Seconds since the run started.
  case time

  /// Whether extraction and retraining lie on the same axis; steps and epochs each counts its own.
  package var isShared: Bool { self == .round || self == .time }

  /// The next one, around.
  package var next: ChartAxis {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}

extension StageProgress {
  /// Where a step counted through all rounds lies on an axis; never falls as the step rises.
  package func position(of step: Double, on axis: ChartAxis) -> Double {
    guard axis != .step, let index = segmentIndex(of: step) else { return axis == .step ? step : 0 }
    let segment = segments[index]
    let planned = Double(max(1, segment.plannedSteps))
    let share = min(1, max(0, (step - Double(segment.firstStep)) / planned))
    switch axis {
    case .step: return step
    case .epoch: return Double(segment.firstEpoch) + share * Double(segment.epochs)
    case .round: return Double(segment.round) - 1 + share
    case .time: return seconds(of: step, in: segment)
    }
  }

  /// The last step at or before a place on an axis, to a fraction of a step.
  package func step(at position: Double, on axis: ChartAxis) -> Double {
    guard axis != .step else { return position }
    var low = 0.0
    var high = Double(totalSteps)
    guard self.position(of: low, on: axis) <= position else { return 0 }
    guard self.position(of: high, on: axis) > position else { return high }
    for _ in 0..<48 where high - low > 1e-3 {
      let middle = (low + high) / 2
      if self.position(of: middle, on: axis) <= position { low = middle } else { high = middle }
    }
    return low
  }

  /// Where a step counted through all rounds lies on an axis of rounds.
  package func roundPosition(of step: Double) -> Double { position(of: step, on: .round) }

  /// The steps counted through all rounds of a step within a round; `nil` if it is not known.
  package func totalSteps(round: Int, step: Int) -> Int? {
    segments.last { $0.round == round }.map {
      $0.firstStep + min(max(0, step), $0.plannedSteps, Self.most)
    }
  }

  /// The stretch that a step belongs to: its steps begin after those before it.
  func segmentIndex(of step: Double) -> Int? {
    guard !segments.isEmpty else { return nil }
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if Double(segments[middle].firstStep) < step { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  /// Straight between the nearest steps of the stretch whose times are known.
  private func seconds(of step: Double, in segment: Segment) -> Double {
    let (start, end) = (Double(segment.start.step), Double(segment.end.step))
    if step <= start { return segment.start.seconds }
    if step >= end { return segment.end.seconds }
    let near = clock.neighbours(of: step, in: start...end)
    let before = near.before ?? (start, segment.start.seconds)
    let after = near.after ?? (end, segment.end.seconds)
    let span = after.step - before.step
    guard span > 0 else { return before.seconds }
    return before.seconds + (after.seconds - before.seconds) * (step - before.step) / span
  }
}
