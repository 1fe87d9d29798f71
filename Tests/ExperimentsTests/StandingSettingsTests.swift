import Experiments
import Foundation
import Testing

struct StandingSettingsTests {
  private let general = RoundSettings(pruneCount: 100, epochs: 5, learningRate: 0.01)

  @Test("a change for one is its own; a change for all reaches those that have their own, too")
  func changes() {
    var standing = StandingSettings(general)
    standing.apply(SettingsChange(pruneCount: 40), to: 2)
    #expect(standing[2] == RoundSettings(pruneCount: 40, epochs: 5, learningRate: 0.01))
    #expect(standing[0] == general)
    standing.apply(SettingsChange(epochs: 7), to: nil)
    #expect(standing[2] == RoundSettings(pruneCount: 40, epochs: 7, learningRate: 0.01))
    #expect(standing[1] == RoundSettings(pruneCount: 100, epochs: 7, learningRate: 0.01))
    standing.apply(SettingsChange(pruneCount: 60), to: nil)
    #expect(standing.own.isEmpty, "nobody differs any more")
  }

  @Test("numbers that no round can have are refused with the number and the range")
  func problems() {
    #expect(
      SettingsChange(pruneCount: 0).problem == "found prune count 0, expected from 1 to 1000000000")
    #expect(
      SettingsChange(epochs: 200_000).problem == "found 200000 epochs, expected from 1 to 100000")
    #expect(SettingsChange(learningRate: .nan).problem != nil)
    #expect(SettingsChange(learningRate: 11).problem != nil)
    #expect(SettingsChange(pruneCount: 1, epochs: 1, learningRate: 10).problem == nil)
  }

  @Test("a plan that is the same for all is written as it was before there were others")
  func plans() throws {
    let plain = RoundPlan(general)
    let text = String(decoding: try ExperimentJSON.line(plain), as: UTF8.self)
    #expect(text == #"{"epochs":5,"learning_rate":0.01,"prune_count":100}"#)
    #expect(try ExperimentJSON.decode(RoundPlan.self, from: Data(text.utf8)) == plain)
    let mixed = RoundPlan(
      general, own: [3: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 1)], resting: [0, 2])
    let again = try ExperimentJSON.decode(RoundPlan.self, from: ExperimentJSON.line(mixed))
    #expect(again == mixed)
    #expect(mixed[0] == nil && mixed[1] == general && mixed[3]?.pruneCount == 1)
  }

  @Test("commands from before there were subnetworks to name are read")
  func oldCommands() throws {
    let old = #"{"launch_round":{"_0":{"epochs":5,"learning_rate":0.01,"prune_count":100}}}"#
    #expect(
      try ExperimentJSON.decode(RunCommand.self, from: Data(old.utf8)) == .launchRound(general))
    #expect(
      String(decoding: try ExperimentJSON.line(RunCommand.launchRound(general)), as: UTF8.self)
        == old)
  }
}
