package import Experiments

/// What is left of the plan.
package struct Remaining: Sendable, Equatable {
  /// Seconds at the speed measured so far.
  package var seconds: Double
  /// Whether work is left whose length nothing is known of yet, so that it takes longer than this.
  package var isLowerBound: Bool
}

extension RunModel {
  /// The time to the end of the plan; `nil` until a speed is known and when nothing is left.
  package var remaining: Remaining? {
    guard !state.isFinal, state != .waiting, description != nil else { return nil }
    var seconds = 0.0
    var isLowerBound = false

    if let pace = pace(of: .extraction) {
      seconds += pace * Double(remainingExtractionSteps)
    } else if remainingExtractionSteps > 0 {
      return nil
    }

    let steps = remainingRetrainingSteps
    if let known = steps.known, known > 0 {
      if let pace = pace(of: .retraining) {
        seconds += pace * Double(known)
      } else {
        isLowerBound = true
      }
    } else if steps.known == nil {
      isLowerBound = true
    }
    return Remaining(seconds: seconds, isLowerBound: isLowerBound)
  }

  /// Seconds a step takes in a stage, pruning and judging included; `nil` before 20 steps and 2 s.
  package func pace(of stage: Stage) -> Double? {
    guard let effort = effort[stage], effort.steps >= 20, effort.seconds >= 2 else { return nil }
    return effort.seconds / Double(effort.steps)
  }

  private var remainingExtractionSteps: Int {
    let perRound = roundSteps.reduce(0, +)
    guard perRound > 0 else { return 0 }
    let unstarted = max(0, plannedRounds - round)
    var present = 0
    if finishedRounds < round {
      for (index, planned) in roundSteps.enumerated() where subnetworks.indices.contains(index) {
        let progress = subnetworks[index].extraction
        present += max(0, planned - (progress.round == round ? progress.step : 0))
      }
    }
    return present + unstarted * perRound
  }

  /// Steps of joint retraining to come; `nil` if there will be some but none was seen.
  private var remainingRetrainingSteps: (known: Int?, retrainings: Int) {
    let perRetraining = subnetworks.reduce(0) { $0 + $1.retraining.plannedSteps }
    let everyRound = finishedRetrainings >= 2 && finishedRetrainings >= finishedRounds - 1
    let planned = everyRound ? plannedRounds : targets.count
    var present = 0
    var unstarted = max(0, planned - finishedRetrainings)
    if stage == .retraining, perRetraining > 0 {
      for subnetwork in subnetworks where subnetwork.retraining.round == round {
        let progress = subnetwork.retraining
        present += max(0, progress.plannedSteps - progress.step)
      }
      unstarted = max(0, unstarted - 1)
    }
    if unstarted > 0, perRetraining == 0 { return (nil, unstarted) }
    return (present + unstarted * perRetraining, unstarted)
  }
}
