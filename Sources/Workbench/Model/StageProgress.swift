package import Experiments
package import TerminalUI

/// How far one subnetwork is in one stage, and its loss on the way.
package struct StageProgress: Sendable {
  /// A stretch of steps between two starts from θ₀ or from the masks.
  package struct Segment: Sendable, Equatable {
    /// The pruning round.
    package var round: Int
    /// Steps taken before it.
    package var firstStep: Int
    /// Steps it takes.
    package var plannedSteps: Int
  }

  /// The pruning round, 0 before the first.
  package private(set) var round = 0
  /// Epoch within the stage.
  package private(set) var epoch = 0
  /// Step within the stage.
  package private(set) var step = 0
  /// Steps of the stage.
  package private(set) var plannedSteps = 0
  /// The loss of the newest step.
  package private(set) var lastLoss: Double?
  /// Mean loss of the newest finished epoch.
  package private(set) var epochLoss: Double?
  /// Steps whose loss was not finite.
  package private(set) var brokenSteps = 0
  /// The stretches so far, one a round.
  package private(set) var segments: [Segment] = []
  /// Loss over the steps counted through all rounds; one history per smoothing level.
  package private(set) var histories: [MinMaxSeries]

  private var averages: [(value: Double, weight: Double)]

  /// Nothing yet.
  package init() {
    histories = Smoothing.allCases.map { _ in MinMaxSeries() }
    averages = Smoothing.allCases.map { _ in (0, 0) }
  }

  /// Steps taken through all rounds.
  package var totalSteps: Int { (segments.last?.firstStep ?? 0) + step }

  /// The share of the stage that is done, 0…1.
  package var fraction: Double {
    plannedSteps > 0 ? min(1, Double(step) / Double(plannedSteps)) : 0
  }

  /// Takes a step in; returns by how many steps the subnetwork moved on, thinned ones included.
  package mutating func record(_ report: StepReport) -> Int {
    let before = totalSteps
    if report.round != round || segments.isEmpty || report.step < step {
      segments.append(
        Segment(round: report.round, firstStep: before, plannedSteps: report.plannedSteps))
      round = report.round
      step = 0
      for level in histories.indices {
        averages[level] = (0, 0)
      }
    }
    let taken = max(0, report.step - step)
    epoch = report.epoch
    step = report.step
    plannedSteps = report.plannedSteps
    lastLoss = report.loss
    record(report.loss, steps: taken)
    return taken
  }

  /// Takes an epoch's mean in.
  package mutating func record(_ report: EpochReport) {
    epochLoss = report.meanLoss
    epoch = max(epoch, report.epoch)
  }

  /// Where a step counted through all rounds lies on an axis of rounds: 2.5 is the middle of round 3.
  package func roundPosition(of step: Double) -> Double {
    guard let segment = segments.last(where: { Double($0.firstStep) <= step }) else { return 0 }
    let planned = max(1, segment.plannedSteps)
    return Double(segment.round - 1) + min(1, (step - Double(segment.firstStep)) / Double(planned))
  }

  private mutating func record(_ loss: Double, steps: Int) {
    let position = Double(totalSteps)
    guard loss.isFinite else {
      brokenSteps += 1
      for level in histories.indices { histories[level].append(x: position, y: .nan) }
      return
    }
    for (level, smoothing) in Smoothing.allCases.enumerated() {
      // Bias-corrected moving average over steps, of which some may not have been seen.
      var kept = 1.0
      for _ in 0..<min(max(1, steps), 1000) { kept *= smoothing.factor }
      averages[level].value = averages[level].value * kept + loss * (1 - kept)
      averages[level].weight = averages[level].weight * kept + (1 - kept)
      histories[level].append(x: position, y: averages[level].value / averages[level].weight)
    }
  }
}

/// The levels of smoothing of a curve.
package enum Smoothing: Int, Sendable, CaseIterable {
  case none, light, strong

  /// The weight of the past in the moving average, per step.
  package var factor: Double {
    switch self {
    case .none: 0
    case .light: 0.9
    case .strong: 0.98
    }
  }

  /// What the pane's title says of it.
  package var label: String {
    switch self {
    case .none: "raw"
    case .light: "ema .90"
    case .strong: "ema .98"
    }
  }

  /// The next level, around.
  package var next: Smoothing { Smoothing(rawValue: rawValue + 1) ?? .none }
}
