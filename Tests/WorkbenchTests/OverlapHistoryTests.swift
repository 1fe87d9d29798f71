import Experiments
import Testing
import Workbench

@Suite struct OverlapHistoryTests {
  private func report(round: Int, count: Int, layers: Int) -> OverlapReport {
    func matrix(_ layer: Int) -> [[Double]] {
      (0..<count).map { i in
        (0..<count).map { j in
          i == j ? 1 : ScriptedRun.noise(min(i, j), max(i, j), layer * 100 + round)
        }
      }
    }
    return OverlapReport(
      round: round, jaccard: matrix(99), chance: matrix(98), unionParameters: 0, ownership: [],
      layers: (0..<layers).map {
        LayerOverlap(
          name: "\($0)", sparsity: [Double](repeating: 0.5, count: count), jaccard: matrix($0),
          chance: matrix(98))
      })
  }

  @Test func everyPairAndLayerIsKeptOverTheRounds() {
    var history = OverlapHistory()
    let reports = (1...4).map { report(round: $0, count: 7, layers: 3) }
    for report in reports { history.record(report) }
    for layer in 0...3 {
      for i in 0..<7 {
        for j in 0..<7 where i != j {
          let expected = reports.map {
            layer == 3 ? $0.jaccard[i][j] : $0.layers[layer].jaccard[i][j]
          }
          let found = history.jaccard(layer: layer, i, j)
          #expect(found.count == 4)
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        }
      }
    }
    #expect(history.jaccard(layer: 0, 2, 2).isEmpty)
    #expect(history.jaccard(layer: 4, 0, 1).isEmpty)
    #expect(history.jaccard(layer: 0, 0, 7).isEmpty)
  }

  @Test func aRoundMeasuredAgainTakesItsOwnPlace() {
    var history = OverlapHistory()
    for round in [1, 2, 2] { history.record(report(round: round, count: 3, layers: 1)) }
    #expect(history.rounds == [1, 2])
  }

  @Test func theOldestRoundsGoWhenTheRoomIsUsedUp() {
    var history = OverlapHistory()
    let big = report(round: 1, count: 64, layers: 60)
    let perRound = 61 * 64 * 63 / 2
    let most = OverlapHistory.valueLimit / perRound
    #expect(most >= 50, "50 rounds of 64 subnetworks and 60 layers fit")
    for round in 1...(most + 3) {
      var next = big
      next.round = round
      history.record(next)
    }
    #expect(history.rounds == Array(4...(most + 3)))
  }
}
