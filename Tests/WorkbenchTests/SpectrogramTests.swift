import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// A scene's mixture, the speech in it and what its subnetwork made of it.
@Suite struct SpectrogramTests {
  /// Levels of 12 × 8: bands that rise with time, of a strength for each sound.
  private func report(_ scene: Int, round: Int = 2, improvement: Double = 6.5) -> SpectrogramReport
  {
    func levels(_ strength: Int, noise: Int) -> Data {
      Data(
        (0..<96).map { place in
          let (row, column) = (place / 12, place % 12)
          return UInt8(min(255, (7 - row == column / 2 ? strength : 0) + noise))
        })
    }
    return SpectrogramReport(
      stage: .retraining, round: round, subnetwork: scene, scene: scene,
      sceneName: ["indoor", "outdoor"][scene], seconds: 2.5, hertz: 4000, width: 12, height: 8,
      noisy: levels(200, noise: 90), clean: levels(220, noise: 0), enhanced: levels(180, noise: 30),
      improvement: improvement)
  }

  private func state(
    _ reports: [SpectrogramReport], size: Size = Size(width: 80, height: 24)
  ) -> WorkbenchState {
    var run = ScriptedRun.midway(subnetworks: 2)
    for report in reports { run.send(.soundEnhanced(report)) }
    return Fixture.state(run, size: size)
  }

  @Test("the key opens it and goes round the scenes, the arrows stop at the ends; Esc goes back")
  func scenes() {
    var state = state([report(1), report(0), report(1, round: 3, improvement: -1.25)])
    state.type("I")
    #expect(state.drills == [.spectrogram(0)])
    let first = render(state, size: state.size, look: Fixture.color).text
    #expect(first.contains("Spectrograms · indoor · after round 2"))
    #expect(first.contains("SI-SNRi 6.50 dB") && first.contains("0 to 4.0 kHz"))
    #expect(["noisy", "clean", "enhanced"].allSatisfy(first.contains))
    state.press(.left)
    #expect(state.drills == [.spectrogram(0)])
    state.press(.right)
    #expect(state.drills == [.spectrogram(1)])
    let second = render(state, size: state.size, look: Fixture.color).text
    #expect(second.contains("outdoor · after round 3") && second.contains("SI-SNRi -1.25 dB"))
    state.press(.right)
    #expect(state.drills == [.spectrogram(1)])
    state.type("I")
    #expect(state.drills == [.spectrogram(0)])
    state.press(.escape)
    #expect(state.drills.isEmpty)
  }

  @Test("the selected subnetwork's scene comes first")
  func selection() {
    var state = state([report(0), report(1)])
    state.type("2")
    state.press(.end)
    #expect(state.selected == 1)
    state.type("I")
    #expect(state.drills == [.spectrogram(1)])
  }

  @Test("loud is bright: what the noise filled is dark in the clean sound")
  func colors() {
    var state = state([report(0)])
    state.type("I")
    let screen = render(state, size: state.size, look: Look())
    func colors(from line: String) -> Set<Color> {
      guard let y = screen.lines.firstIndex(where: { $0.contains(line) }) else { return [] }
      return Set((2..<70).map { screen[$0, y + 1].style.foreground })
    }
    #expect(colors(from: "clean").contains(.rgb(4, 6, 24)))
    #expect(!colors(from: "noisy").contains(.rgb(4, 6, 24)))
  }

  @Test("screens", arguments: ["80x24", "120x40", "60x15"]) func goldens(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    var state = state([report(0), report(1)], size: Size(width: sides[0], height: sides[1]))
    state.type("I")
    try GoldenTests().expect(
      render(state, size: state.size, look: Fixture.mono).text, "spectrogram-\(name).txt")
  }

  @Test("it fits into every size", arguments: [(30, 15), (200, 60), (100, 5), (8, 8)])
  func sizes(_ size: (Int, Int)) {
    var state = state([report(0)], size: Size(width: size.0, height: size.1))
    state.type("I")
    #expect(render(state, size: state.size, look: Fixture.mono).lines.count == size.1)
  }

  @Test("its figures: a record per time and frequency, in decibels below the loudest")
  func figures() throws {
    var state = state([report(0)])
    state.type("I")
    let text = ExportText.of(state, as: .csv, look: Fixture.color)
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    try #require(lines.count > 1)
    #expect(lines.count == 1 + 96)
    #expect(lines[0] == "seconds,hertz,noisy_db,clean_db,enhanced_db")
    // The first row is the highest band: 4000 Hz less half a band of 500 Hz.
    let first = lines[1].split(separator: ",").compactMap { Double($0) }
    #expect(first.count == 5 && first[1] == 3750 && first[3] == -70)
    #expect(abs(first[0] - 2.5 / 24) < 1e-4)
  }

  @Test("damaged spectrograms are no events")
  func damaged() throws {
    let good = try ExperimentJSON.line(report(1))
    #expect(try ExperimentJSON.decode(SpectrogramReport.self, from: good) == report(1))
    let text = String(decoding: good, as: UTF8.self)
    for (part, bad) in [
      (#""width":12"#, #""width":13"#), (#""width":12"#, #""width":0"#),
      (#""height":8"#, #""height":9000000000"#), (#""height":8"#, #""height":33"#),
    ] {
      let damaged = text.replacingOccurrences(of: part, with: bad)
      #expect(damaged != text)
      #expect(throws: (any Error).self) {
        _ = try ExperimentJSON.decode(SpectrogramReport.self, from: Data(damaged.utf8))
      }
    }
  }
}
