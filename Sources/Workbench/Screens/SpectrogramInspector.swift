internal import Experiments
internal import Foundation
internal import TerminalUI

/// A mixture of a scene, the speech in it, and what the subnetwork made of it, as spectrograms.
struct SpectrogramInspector: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// Which scene's.
  let scene: Int

  /// Rows below which three sounds stand side by side.
  private static let fewestRows = 13

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let report = state.shown.spectrograms[scene] else { return }
    let rows = rect.rows([.rest, .fixed(1)])
    let places =
      rect.height >= Self.fewestRows
      ? rows[0].rows([.fill(1), .fill(1), .fill(1)])
      : rows[0].columns([.fill(1), .fill(1), .fill(1)], gap: 2)
    for (place, (title, levels)) in zip(
      places,
      [("noisy", report.noisy), ("clean", report.clean), ("enhanced", report.enhanced)])
    {
      draw(title, levels, of: report, into: &screen, in: place, look: look)
    }
    screen.put(caption(report), in: rows[1], style: look[.text])
  }

  /// A sound with its title, stretched over its place.
  private func draw(
    _ title: String, _ levels: Data, of report: SpectrogramReport, into screen: inout Screen,
    in rect: Rect, look: Look
  ) {
    let parts = rect.rows([.fixed(1), .rest])
    screen.put(title, in: parts[0], style: look[.dim])
    let (width, height) = (parts[1].width, 2 * parts[1].height)
    guard width > 0, height > 0 else { return }
    let bytes = levels.map { $0 }
    let colors = (0..<width * height).map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: width)
      let (y, x) = (row * report.height / height, column * report.width / width)
      return Self.ramp[Int(bytes[y * report.width + x])]
    }
    PixelImage(width: width, height: height, colors: colors)
      .render(into: &screen, in: parts[1], look: look)
  }

  private func caption(_ report: SpectrogramReport) -> String {
    let score = QualityScore(.siSNRImprovement, report.improvement)
    return [
      EventText.text(score), "\(Figures.fixed(report.seconds, 1)) s",
      "0 to \(Figures.fixed(report.hertz / 1000, 1)) kHz", "\(SpectrogramReport.decibels) dB",
      "\(state.label(of: .picture)): the next scene",
    ].joined(separator: " · ")
  }

  /// The colour of each level: dark blue, violet, red, orange, pale yellow, evenly spaced.
  private static let ramp: [Color] = {
    let stops = [(4, 6, 24), (74, 20, 104), (178, 42, 90), (246, 132, 48), (252, 252, 200)]
    return (0..<256).map { level in
      let (stop, share) = (level * (stops.count - 1)).quotientAndRemainder(dividingBy: 255)
      let (from, to) = (stops[stop], stops[min(stop + 1, stops.count - 1)])
      func between(_ a: Int, _ b: Int) -> UInt8 { UInt8(a + (b - a) * share / 255) }
      return .rgb(between(from.0, to.0), between(from.1, to.1), between(from.2, to.2))
    }
  }()
}
