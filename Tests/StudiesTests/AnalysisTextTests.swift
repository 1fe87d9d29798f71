import Experiments
import Studies
import Testing

/// Reports of calibration and routing as Markdown, records and SVG.
struct AnalysisTextTests {
  private func figures(_ value: Double) -> CalibrationReport.Figures {
    CalibrationReport.Figures(
      precision: value, recall: value + 0.01, f1: value + 0.02, balancedAccuracy: value + 0.03,
      calibrationError: value + 0.04, loss: value + 0.05)
  }

  private var calibration: CalibrationReport {
    let bins = [
      CalibrationReport.Bin(count: 30, meanScore: 0.25, frequency: 0.5),
      CalibrationReport.Bin(count: 0, meanScore: 0, frequency: 0),
      CalibrationReport.Bin(count: 10, meanScore: 0.75, frequency: 1),
    ]
    let subnetworks = ["cat", "a<b"].enumerated().map { index, name in
      CalibrationReport.Subnetwork(
        name: name, temperature: 1.5, shift: -2.2, threshold: 0.25,
        before: figures(0.2 + 0.1 * Double(index)), after: figures(0.4),
        errorByTemperatureAlone: 0.3,
        reliabilityBefore: bins, reliabilityAfter: bins)
    }
    return CalibrationReport(
      run: "r", split: .testHalf, calibrationSamples: 50, judgedSamples: 60, wantedRecall: 0.8,
      decision: .membership,
      targets: [CalibrationReport.Target(round: 8, target: 0.5, subnetworks: subnetworks)])
  }

  @Test("calibration: a line per subnetwork and their mean, said which images calibrated")
  func calibrationText() {
    let text = calibration.markdown
    #expect(
      text.contains("one half of the test images (50) calibrates, the other half (60) judges"))
    #expect(!text.contains("set no image aside"), "the run may have done so all the same")
    #expect(text.contains("a recall of 0.800"))
    #expect(text.contains("## 50 % sparsity (round 8)"))
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(lines.count == 5)
    #expect(lines[4].hasPrefix("| mean") && lines[4].contains("0.250 → 0.400"))
    let records = calibration.records
    #expect(records.count == 3 && records.allSatisfy { $0.count == records[0].count })
    #expect(records[2][4] == "a<b" && records[2][8] == "0.30000000000000004")
  }

  @Test("the reliability diagram: a panel per subnetwork, no empty bin, names that are no markup")
  func diagram() {
    let svg = calibration.reliabilityDiagram
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.split(separator: "<polyline").count - 1 == 4)
    #expect(svg.split(separator: "<circle").count - 1 == 8)
    #expect(svg.contains("a&lt;b, 50 %") && !svg.contains("a<b"))
  }

  @Test("routing: every route, what sharing saves, and the layers")
  func routing() {
    let report = RoutingReport(
      run: "r", baseline: "single", split: .calibration, judgedSamples: 60, decision: .membership,
      threads: 1,
      gate: .init(
        parameters: 1234, trainingSamples: 500, epochs: 5, multiplyAdds: 700, topOne: 0.5,
        topTwo: 0.75),
      targets: [
        .init(
          round: 8, target: 0.5,
          routes: [
            .init(kind: .oracle, accuracy: 0.8, multiplyAdds: 1_000, millisecondsPerImage: 0.1),
            .init(kind: .baseline, accuracy: 0.5, multiplyAdds: 12_345, millisecondsPerImage: .nan),
          ],
          sharing: .init(
            sharesWeights: true,
            layers: [
              .init(name: "first", separate: 400, union: 100, exact: 100),
              .init(name: "second", separate: 600, union: 400, exact: 600),
            ], millisecondsAlone: 2, millisecondsTogether: 1.5))
      ])
    let text = report.markdown
    for part in [
      "on one thread,", "| single ", "12,345", "50.0 %, among its two likeliest for 75.0 %",
      "50.0 % fewer", "the image itself, 30.0 % of all", "| all    |    1,000 |   500 |",
    ] { #expect(text.contains(part), "\(part) in\n\(text)") }
    #expect(report.records.count == 3 && report.records[2][3] == "single")
    #expect(report.sharingRecords.count == 3)
    // The bar of .8 is that share of the bar behind it.
    #expect(report.svg.contains("50 % sparsity (round 8)") && report.svg.contains(">single<"))
    #expect(report.svg.contains("width=\"300\"") && report.svg.contains("width=\"240\""))
    #expect(report.svg.contains("0.500 · 12,345 multiply-adds · – ms"))
  }
}
