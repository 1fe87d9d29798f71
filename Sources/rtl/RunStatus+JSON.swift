import Experiments

/// Keys in snake case, every one of them, `null` for what is not known.
extension RunStatus: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, state, engine, holder, isReachable, stage, round, plannedRounds, subnetwork, epoch
    case step, plannedSteps, sparsity, balancedAccuracy, score, meanJaccard, samplesPerSecond
    case secondsLeft, isLowerBound, seconds, subnetworks, alarm, alarms
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(state, forKey: .state)
    try container.encode(engine, forKey: .engine)
    try container.encode(holder, forKey: .holder)
    try container.encode(isReachable, forKey: .isReachable)
    try container.encode(stage, forKey: .stage)
    try container.encode(round, forKey: .round)
    try container.encode(plannedRounds, forKey: .plannedRounds)
    try container.encode(subnetwork, forKey: .subnetwork)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(step, forKey: .step)
    try container.encode(plannedSteps, forKey: .plannedSteps)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(balancedAccuracy, forKey: .balancedAccuracy)
    try container.encode(score, forKey: .score)
    try container.encode(meanJaccard, forKey: .meanJaccard)
    try container.encode(samplesPerSecond, forKey: .samplesPerSecond)
    try container.encode(secondsLeft, forKey: .secondsLeft)
    try container.encode(isLowerBound, forKey: .isLowerBound)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(subnetworks, forKey: .subnetworks)
    try container.encode(alarm, forKey: .alarm)
    try container.encode(alarms, forKey: .alarms)
  }
}

extension SubnetworkStatus: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, sparsity, weightsLeft, meanJaccard, epoch, step, plannedSteps, loss, quality
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(weightsLeft, forKey: .weightsLeft)
    try container.encode(meanJaccard, forKey: .meanJaccard)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(step, forKey: .step)
    try container.encode(plannedSteps, forKey: .plannedSteps)
    try container.encode(loss, forKey: .loss)
    try container.encode(quality, forKey: .quality)
  }
}
