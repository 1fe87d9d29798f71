import LotteryEngine
import Testing

/// What errors of the engine say.
@Suite struct EngineErrorTests {
  @Test(
    "a round that there is not: those that there are, of many the nearest",
    arguments: [
      ([], "has no finished round yet"), ([8], "it has 8"), ([7, 8, 9, 10], "it has 7 to 10"),
      ([24, 8, 16], "it has 8, 16, 24"),
      (Array(stride(from: 2, through: 60, by: 2)), "it has 30, the nearest 8, 10, 12, 14"),
    ])
  func rounds(available: [Int], words: String) {
    let text = "\(EngineError.noSuchRound(run: "r", round: 11, available: available))"
    #expect(text.hasSuffix(words), "\(text)")
  }
}
