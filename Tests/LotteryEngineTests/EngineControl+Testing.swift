import Experiments
import LotteryEngine

extension EngineControl {
  /// A control whose rounds use some settings that no test looks at, of three subnetworks.
  convenience init(events: EventStream) {
    self.init(
      events: events,
      beginning: Beginning(
        StandingSettings(RoundSettings(pruneCount: 1, epochs: 1, learningRate: 0.1)),
        subnetworks: ["disc", "stripes", "cross"]))
  }
}
