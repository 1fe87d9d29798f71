import Foundation
import Testing

/// Calibration, routing and predictions on the command line, on a copy of the shared run.
@Suite("analysis of a finished run", .enabled(if: Program.path != nil, Program.absence))
struct AnalysisCommandTests {
  private func copy() async throws -> TemporaryFolder {
    let run = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: run.runs, toPath: folder.path("runs"))
    return folder
  }

  @Test("calibrate and route write reports; verify stays content")
  func reports() async throws {
    let folder = try await copy()
    let runs = folder.path("runs")
    let refused = try await Program.rtl("calibrate", "tiny", "--runs", runs)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("dataset.calibration_fraction=0.1"), "\(refused.summary)")
    let done = try await Program.rtl(
      "calibrate", "tiny", "--runs", runs, "--split", "test-half", "--recall", "0.8")
    #expect(done.status == 0, "\(done.summary)")
    #expect(done.output.contains("one half of the test images (50) calibrates"))
    let routed = try await Program.rtl(
      "route", "tiny", "--runs", runs, "--split", "test-half", "--gate-epochs", "1", "--baseline",
      "tiny", "--json")
    #expect(routed.status == 0, "\(routed.summary)")
    let report = try TinyExperiment.object(routed.output)
    #expect((report["targets"] as? [Any])?.count == 2 && report["baseline"] as? String == "tiny")
    let files = try FileManager.default.contentsOfDirectory(atPath: runs + "/tiny/analysis")
    #expect(
      files.sorted() == [
        "calibration.csv", "calibration.json", "calibration.md", "calibration.svg",
        "routing-layers.csv", "routing.csv", "routing.json", "routing.md", "routing.svg",
      ])
    let verified = try await Program.rtl("verify", "tiny", "--runs", runs, "--steps", "2")
    #expect(verified.status == 0, "\(verified.summary)")
    for bad in [["--recall", "0"], ["--recall", "1.5"], ["--split", "half"]] {
      let outcome = try await Program.run(
        try #require(Program.path), ["calibrate", "tiny", "--runs", runs] + bad)
      #expect(outcome.status == 2, "\(outcome.summary)")
    }
  }

  /// A grey picture of 40 × 20 pixels.
  private func picture(_ grey: UInt8) -> Data {
    Data("P5\n40 20\n255\n".utf8) + Data(repeating: grey, count: 800)
  }

  @Test("predict: a folder in order, broken images named after the good ones were told")
  func predictions() async throws {
    let folder = try await copy()
    let runs = folder.path("runs")
    let pictures = folder.path("pictures")
    try FileManager.default.createDirectory(
      atPath: pictures, withIntermediateDirectories: true)
    for (name, data) in [
      ("b.pgm", picture(40)), ("a.pgm", picture(200)), ("broken.png", Data("no picture".utf8)),
      ("notes.txt", Data("nothing".utf8)),
    ] { try data.write(to: URL(fileURLWithPath: "\(pictures)/\(name)")) }
    let told = try await Program.rtl("predict", "tiny", pictures, "--runs", runs, "--csv")
    #expect(told.status == 2, "\(told.summary)")
    let lines = told.output.split(separator: "\r\n")
    #expect(lines.count == 3 && lines[0] == "file,decision,subnetwork,score,accepted")
    #expect(lines[1].hasPrefix("\(pictures)/a.pgm,") && lines[2].hasPrefix("\(pictures)/b.pgm,"))
    #expect(told.errors.contains("broken.png: byte 0: found no picture"), "\(told.errors)")
    #expect(told.errors.contains("1 of 3 image(s) cannot be read"))
    let kept = "\(runs)/tiny/analysis/predictions.csv"
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == told.output)
    let one = try await Program.rtl(
      "predict", "tiny", "\(pictures)/a.pgm", "--runs", runs, "--subset", "disc")
    #expect(one.status == 0, "\(one.summary)")
    #expect(one.output.contains("disc") && one.errors.contains("scores are not calibrated"))
    for (arguments, message) in [
      (["tiny", "\(pictures)/a.pgm", "--subset", "disk"], "did you mean 'disc'?"),
      (["tiny", "\(pictures)/none.png"], "none.png: not found"),
      (["tiny"], "image"), (["tinny", pictures], "did you mean 'tiny'?"),
    ] {
      let outcome = try await Program.run(
        try #require(Program.path), ["predict"] + arguments + ["--runs", runs])
      #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.summary)")
    }
  }
}
