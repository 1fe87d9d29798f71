import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// What a picture's subnetworks show, beside the original.
@Suite struct PictureTests {
  /// A picture of 16 × 12: the left half is region 0, the right half region 1.
  private func report(
    _ shown: UInt8, subnetwork: Int? = nil, round: Int = 2, stage: Stage = .retraining
  ) -> PictureReport {
    let pixels = 16 * 12
    return PictureReport(
      stage: stage, round: round, subnetwork: subnetwork, width: 16, height: 12,
      original: Data((0..<pixels * 3).map { UInt8($0 % 200) }),
      shown: Data(repeating: shown, count: pixels * 3),
      regions: Data((0..<pixels).map { $0 % 16 < 8 ? 0 : 1 }))
  }

  private func state(_ reports: [PictureReport], size: Size = Size(width: 80, height: 24))
    -> WorkbenchState
  {
    var run = ScriptedRun.midway(subnetworks: 2)
    for report in reports { run.send(.pictureDrawn(report)) }
    return Fixture.state(run, size: size)
  }

  @Test("a region alone is painted over what is there; a whole picture takes its place")
  func overpainting() throws {
    let first = state([report(100), report(200, subnetwork: 1, round: 3, stage: .extraction)])
    let picture = try #require(first.shown.picture)
    #expect(picture.round == 3)
    for (pixel, region) in picture.regions.enumerated() {
      #expect(picture.shown[3 * pixel] == (region == 1 ? 200 : 100))
    }
    let whole = state([report(100), report(200, subnetwork: 1), report(50)])
    #expect(try #require(whole.shown.picture).shown.allSatisfy { $0 == 50 })
  }

  @Test("the key opens it, shows borders, then the error; Esc goes back")
  func views() throws {
    var state = state([report(100)])
    func colors() -> Set<Color> {
      let screen = render(state, size: state.size, look: Look())
      var found: Set<Color> = []
      for y in 3..<20 { for x in 1..<38 { found.insert(screen[x, y].style.foreground) } }
      return found
    }
    state.type("I")
    #expect(state.drills == [.picture(.plain)])
    let screen = render(state, size: state.size, look: Fixture.color)
    #expect(screen.text.contains("Picture · after round 2"))
    #expect(!screen.text.contains("PSNR"), "nobody has judged this picture")
    #expect(screen.text.contains("to be shown") && screen.text.contains("▀▀▀▀"))
    #expect(colors().contains(.rgb(100, 100, 100)) && !colors().contains(.rgb(255, 255, 255)))
    state.type("I")
    #expect(state.drills == [.picture(.borders)])
    #expect(colors().contains(.rgb(255, 255, 255)))
    state.type("I")
    #expect(state.drills == [.picture(.error)])
    #expect(!colors().contains(.rgb(100, 100, 100)))
    state.type("I")
    #expect(state.drills == [.picture(.plain)])
    state.press(.escape)
    #expect(state.drills.isEmpty)
  }

  @Test("without a picture the key says why it does nothing")
  func none() {
    var state = state([])
    state.type("I")
    #expect(state.drills.isEmpty)
    #expect(state.notice?.text.contains("no picture was drawn yet") == true)
  }

  @Test("it fits into every size", arguments: [(60, 15), (30, 15), (200, 60), (100, 5)])
  func sizes(_ size: (Int, Int)) {
    var state = state([report(9)], size: Size(width: size.0, height: size.1))
    state.type("I")
    let screen = render(state, size: state.size, look: Fixture.mono)
    #expect(screen.lines.count == size.1)
  }

  @Test("damaged pictures are no events")
  func damaged() throws {
    let good = try ExperimentJSON.line(report(1))
    #expect(try ExperimentJSON.decode(PictureReport.self, from: good) == report(1))
    let text = String(decoding: good, as: UTF8.self)
    for (part, bad) in [
      (#""width":16"#, #""width":17"#), (#""width":16"#, #""width":0"#),
      (#""height":12"#, #""height":9000000000"#), (#""height":12"#, #""height":65"#),
    ] {
      let damaged = text.replacingOccurrences(of: part, with: bad)
      #expect(damaged != text)
      #expect(throws: (any Error).self) {
        _ = try ExperimentJSON.decode(PictureReport.self, from: Data(damaged.utf8))
      }
    }
  }
}
