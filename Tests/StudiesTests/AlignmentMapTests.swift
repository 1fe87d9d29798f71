import Experiments
import Studies
import Testing

/// The heat map of masks as SVG.
struct AlignmentMapTests {
  private func map(_ values: [Double]) throws -> String {
    let jaccard = [
      [1, values[0], values[1]], [values[0], 1, values[2]], [values[1], values[2], 1],
    ]
    let overlap = OverlapReport(
      round: 3, jaccard: jaccard, chance: jaccard, unionParameters: 0, ownership: [], layers: [])
    let levels = overlap.levels(sizes: [])
    let alignment = MaskAlignment(names: nil)
    return AlignmentReport(
      run: "r", subnetworks: ["a", "b", "c"], alignment: alignment,
      rounds: [alignment.round(3, levels: levels, epochs: nil)],
      map: AlignmentReport.Map(round: 3, level: try #require(levels.first))
    ).mapSVG
  }

  @Test("figures have as many decimals as tell them apart")
  func decimals() throws {
    let close = try map([0.871, 0.874, 0.878])
    for text in [">.871<", ">.874<", ">.878<", "J 0.8"] {
      #expect(close.contains(text), "\(text) in \(close)")
    }
    let far = try map([0.2, 0.574, 0.878])
    #expect(far.contains(">0.57<") && !far.contains(">.574<"), "\(far)")
  }
}
