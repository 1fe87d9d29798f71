internal import Experiments
internal import Foundation
internal import TerminalUI

/// What a picture's subnetworks show beside what they are to show.
struct PictureInspector: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// Borders, errors.
  let view: PictureView

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let picture = state.shown.picture else { return }
    let rows = rect.rows([.fixed(1), .rest, .fixed(1)])
    let isWide = rect.width >= 40
    let columns = rows[1].columns(isWide ? [.fill(1), .fill(1)] : [.fill(1)], gap: 2)
    let left = view == .error ? "error: the brighter, the larger" : "shown"
    for (place, (title, colors)) in zip(
      columns, [(left, drawn(picture)), ("to be shown", original(picture))])
    {
      screen.put(
        title, in: Rect(x: place.x, y: rows[0].y, width: place.width, height: 1), style: look[.dim])
      PixelImage(width: picture.width, height: picture.height, colors: colors)
        .render(into: &screen, in: place, look: look)
    }
    screen.put(caption, in: rows[2], style: look[.text])
  }

  private var caption: String {
    var words = ["\(state.label(of: .picture)): \(view.next.title)"]
    // Only where what was judged is what is drawn.
    if let judged = state.shown.evaluation, let picture = state.shown.picture,
      judged.stage == picture.stage, judged.round == picture.round,
      let score = judged.overall ?? judged.meanScore
    {
      words.insert(EventText.text(score), at: 0)
    }
    return words.joined(separator: " · ")
  }

  private func drawn(_ picture: PictureReport) -> [Color] {
    switch view {
    case .plain: Self.colors(picture.shown.map { $0 })
    case .borders: bordered(Self.colors(picture.shown.map { $0 }), picture)
    case .error: errors(picture)
    }
  }

  private func original(_ picture: PictureReport) -> [Color] {
    let colors = Self.colors(picture.original.map { $0 })
    return view == .plain ? colors : bordered(colors, picture)
  }

  private static func colors(_ bytes: [UInt8]) -> [Color] {
    stride(from: 0, to: bytes.count - 2, by: 3).map {
      .rgb(bytes[$0], bytes[$0 + 1], bytes[$0 + 2])
    }
  }

  /// White and black pixels where a region ends at the right or below.
  private func bordered(_ colors: [Color], _ picture: PictureReport) -> [Color] {
    let regions = picture.regions.map { $0 }
    return colors.enumerated().map { pixel, color in
      let isLast = pixel % picture.width == picture.width - 1
      let below = pixel + picture.width
      let isBorder =
        (!isLast && regions[pixel] != regions[pixel + 1])
        || (below < regions.count && regions[pixel] != regions[below])
      guard isBorder, let (red, green, blue) = color.components else { return color }
      return red + green + blue < 384 ? .rgb(255, 255, 255) : .rgb(0, 0, 0)
    }
  }

  /// Black where both are the same, over red and yellow to white at a quarter of the range.
  private func errors(_ picture: PictureReport) -> [Color] {
    let (shown, original) = (picture.shown.map { Double($0) }, picture.original.map { Double($0) })
    return (0..<picture.width * picture.height).map { pixel in
      let squares = (3 * pixel..<3 * pixel + 3).reduce(0) { sum, value in
        sum + (shown[value] - original[value]) * (shown[value] - original[value])
      }
      let share = (squares / 3).squareRoot() / 255 * 12
      func channel(_ index: Double) -> UInt8 { UInt8(max(0, min(1, share - index)) * 255) }
      return .rgb(channel(0), channel(1), channel(2))
    }
  }
}
