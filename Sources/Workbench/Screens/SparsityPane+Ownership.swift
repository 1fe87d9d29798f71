internal import Experiments
internal import TerminalUI

extension SparsityPane {
  /// How many weights are in how many masks, in one line.
  func ownership(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = run.overlap, rect.height > 0, overlap.ownership.count > 1 else { return }
    let owners = overlap.ownership
    let union = "  union \(Figures.grouped(overlap.unionParameters))"
    let (long, short) = (
      "   weights in 0…\(owners.count - 1) masks  ", "   0…\(owners.count - 1) masks"
    )
    var label = long
    var bars = owners
    if DisplayText.width(long + union) + owners.count > rect.width {
      // Where there are more numbers of masks than columns, neighbours share a bar.
      func sharing(_ each: Int) -> String { short + (each > 1 ? ", \(each) a bar  " : "  ") }
      let each = (1...owners.count).first {
        DisplayText.width(sharing($0)) + (owners.count + $0 - 1) / $0 <= rect.width
      }
      guard let each else { return }
      label = sharing(each)
      bars = stride(from: 0, to: owners.count, by: each).map {
        owners[$0..<min($0 + each, owners.count)].reduce(0, &+)
      }
    }
    let used = screen.put(label, in: rect.row(0), style: look[.label])
    let rest = rect.row(0).inset(left: used)
    Sparkline(
      values: bars.map(Double.init), range: 0...Double(max(1, bars.max() ?? 1)), role: .accent
    ).render(into: &screen, in: rest.inset(right: max(0, rest.width - bars.count)), look: look)
    let end = rest.inset(left: bars.count)
    // A count that is cut is another count.
    if DisplayText.width(union) <= end.width { screen.put(union, in: end, style: look[.dim]) }
  }
}
