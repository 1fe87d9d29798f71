internal import Experiments
internal import TerminalUI

/// A line per subnetwork: its sparsity as a bar with the next target, its quality, its overlap.
struct SparsityPane: Widget {
  /// What is shown.
  let run: RunModel
  /// The subnetworks from top to bottom.
  let order: [Int]
  /// The subnetwork that is brought out.
  var selected: Int?
  /// Whether the columns have heads, where there is room.
  var showsHead = true

  /// A column of figures.
  private struct Column {
    var head: String
    var width: Int
    /// The higher, the earlier it goes where there is no room.
    var rank: Int
    var text: (SubnetworkModel) -> (String, StyleRole)
    /// The mean over the subnetworks, where that says something.
    var mean: ((RunModel) -> String)?
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    var body = rect
    guard !run.subnetworks.isEmpty else {
      screen.put(" no subnetworks yet", in: body.row(0), style: look[.dim])
      return
    }
    let columns = columns(for: body.width)
    if showsHead, body.height > 2 { head(columns, into: &screen, in: body.row(0), look: look) }
    body = self.body(in: rect)
    if body.maxY < rect.maxY, run.subnetworks.count > 1 {
      let below = rect.inset(top: body.maxY - rect.y)
      let first = firstRow(height: body.height)
      let part =
        body.height < order.count ? "\(first + 1)-\(first + body.height)" : nil
      summary(columns, part: part, into: &screen, in: below.row(0), look: look)
      ownership(into: &screen, in: below.inset(top: 2), look: look)
    }
    let first = firstRow(height: body.height)
    for line in 0..<min(body.height, order.count) {
      row(order[first + line], columns, into: &screen, in: body.row(line), look: look)
    }
  }

  /// The subnetwork whose line is at a place; `nil` where there is none.
  func subnetwork(at point: Point, in rect: Rect) -> Int? {
    let body = body(in: rect)
    let line = firstRow(height: body.height) + point.y - body.y
    return body.contains(point) && order.indices.contains(line) ? order[line] : nil
  }

  /// The lines of the subnetworks: below the head, above the means.
  private func body(in rect: Rect) -> Rect {
    let body = showsHead && rect.height > 2 ? rect.inset(top: 1) : rect
    let count = run.subnetworks.count
    guard count > 1, body.height > 1, body.height > count || showsHead else { return body }
    return body.inset(bottom: body.height - min(count, body.height - 1))
  }

  private func firstRow(height: Int) -> Int {
    let place = selected.flatMap { order.firstIndex(of: $0) } ?? 0
    return max(0, min(place - height / 2, run.subnetworks.count - height))
  }

  /// The means, and how many subnetworks there are.
  private func summary(
    _ columns: [Column], part: String?, into screen: inout Screen, in rect: Rect, look: Look
  ) {
    var right = rect.maxX
    for column in columns.reversed() {
      right -= column.width
      screen.put(
        column.mean?(run) ?? "",
        in: Rect(x: right, y: rect.y, width: column.width, height: 1)
          .intersection(rect), style: look[.label], alignment: .right)
    }
    let count = run.subnetworks.count
    let space = Rect(x: rect.x, y: rect.y, width: right - rect.x, height: 1)
    let texts = [
      "   mean of \(count) subnetworks" + (part.map { ", \($0) in sight" } ?? ""),
      "   mean of \(count)" + (part.map { ", \($0) shown" } ?? ""), "   mean",
    ]
    screen.put(
      texts.first { DisplayText.width($0) <= space.width } ?? "", in: space, style: look[.label])
  }

  private var nameWidth: Int {
    min(14, run.subnetworks.map { DisplayText.width($0.name) }.max() ?? 0)
  }

  private func head(_ columns: [Column], into screen: inout Screen, in rect: Rect, look: Look) {
    var right = rect.maxX
    for column in columns.reversed() {
      right -= column.width
      screen.put(
        column.head, in: Rect(x: right, y: rect.y, width: column.width, height: 1),
        style: look[.label], alignment: .right)
    }
    let space = Rect(x: rect.x, y: rect.y, width: right - rect.x, height: 1)
    let targets = run.targets.map(Figures.target).joined(separator: " ")
    let title = "   subnetwork"
    screen.put(title, in: space, style: look[.label])
    let rest = space.inset(left: DisplayText.width(title) + 2)
    if rest.width > DisplayText.width(targets) + 9, !targets.isEmpty {
      screen.put("targets " + targets, in: rest, style: look[.dim], alignment: .right)
    }
  }

  private func row(
    _ index: Int, _ columns: [Column], into screen: inout Screen, in rect: Rect, look: Look
  ) {
    let subnetwork = run.subnetworks[index]
    let isActive = run.activeSubnetwork == index
    screen.put(
      isActive ? look.glyphs.choose("›", ascii: ">") : " ", in: rect, style: look[.accent])
    screen.put(
      look.glyphs.mark(index), x: rect.x + 1, y: rect.y, style: look[.series(index)])
    var left = 3
    let figures = columns.reduce(0) { $0 + $1.width }
    let letter = DisplayText.width(subnetwork.letter)
    screen.put(
      subnetwork.letter, at: Point(x: rect.x + left, y: rect.y), style: look[.strong], clip: rect)
    let alarm = subnetwork.alarmSign
    screen.put(
      alarm, at: Point(x: rect.x + left + letter, y: rect.y),
      style: look[subnetwork.alarm == .critical ? .critical : .warning], clip: rect)
    screen.put(
      subnetwork.frozenSign, at: Point(x: rect.x + left + letter + alarm.count, y: rect.y),
      style: look[.accent], clip: rect)
    // Names begin below one another, whatever signs there are.
    left += (run.subnetworks.map { DisplayText.width($0.label) }.max() ?? letter) + 1
    let barLeast = 8
    let nameRoom = min(nameWidth, rect.width - left - figures - barLeast - 1)
    if nameRoom >= 3 {
      screen.put(
        subnetwork.name, in: Rect(x: rect.x + left, y: rect.y, width: nameRoom, height: 1),
        style: look[.text], ellipsis: look.glyphs.ellipsis)
      left += nameRoom + 1
    }
    let bar = Rect(x: rect.x + left, y: rect.y, width: rect.width - left - figures, height: 1)
    if bar.width >= 3 {
      BarList(
        bars: [
          Bar(
            label: "", value: subnetwork.sparsity, target: run.nextTarget ?? run.targets.last,
            text: "", role: .series(index))
        ]
      ).render(into: &screen, in: bar, look: look)
    }
    var right = rect.maxX
    for column in columns.reversed() {
      right -= column.width
      let (text, role) = column.text(subnetwork)
      screen.put(
        text, in: Rect(x: right, y: rect.y, width: column.width, height: 1).intersection(rect),
        style: look[role], alignment: .right)
    }
    if selected == index {
      screen.restyle(rect) { $0.attributes.insert(.reverse) }
    }
  }

  /// The columns that have room beside the mark, a name and a bar.
  private func columns(for width: Int) -> [Column] {
    var columns = Self.all(run)
    let needed = 5 + min(nameWidth, width / 5) + 1 + 10
    while columns.count > 1, columns.reduce(needed, { $0 + $1.width }) > width {
      guard let least = columns.indices.max(by: { columns[$0].rank < columns[$1].rank }) else {
        break
      }
      columns.remove(at: least)
    }
    return columns
  }

  private static func all(_ run: RunModel) -> [Column] {
    func figure(_ value: Double?, _ decimals: Int = 3) -> (String, StyleRole) {
      guard let value, value.isFinite else { return (Figures.unknown, .dim) }
      return (Figures.ratio(value, decimals), .text)
    }
    func mean(_ decimals: Int = 3, _ value: @escaping (SubnetworkModel) -> Double?)
      -> (RunModel) -> String
    {
      { run in
        let values = run.subnetworks.compactMap(value).filter(\.isFinite)
        return values.isEmpty
          ? "" : Figures.ratio(values.reduce(0, +) / Double(values.count), decimals)
      }
    }
    let metric = run.metric
    // A fall of this much from the best is marked.
    let fall = metric == .balancedAccuracy ? 0.05 : 1
    let columns = [
      Column(
        head: "sparse", width: 7, rank: 0, text: { (Figures.percent($0.sparsity), .strong) },
        mean: { Figures.percent($0.meanSparsity) }),
      Column(
        head: "left", width: 9, rank: 4, text: { (Figures.grouped($0.weightsLeft), .text) },
        mean: { run in
          Figures.grouped(
            run.subnetworks.reduce(0) { $0 + $1.weightsLeft } / max(1, run.subnetworks.count))
        }),
      Column(
        head: "done", width: 6, rank: 5,
        text: { subnetwork in
          if subnetwork.isResting { return ("rests", .dim) }
          let progress = subnetwork.progress(in: run.stage)
          guard progress.round == run.round, run.round > 0 else { return ("0%", .dim) }
          return (Figures.percent(progress.fraction, 0), progress.fraction < 1 ? .text : .dim)
        }),
      Column(
        head: "loss", width: 8, rank: 6,
        text: { subnetwork in
          guard let loss = subnetwork.progress(in: run.stage).lastLoss else {
            return (Figures.unknown, .dim)
          }
          return (String(Figures.loss(loss).prefix(7)), loss.isFinite ? .text : .critical)
        }),
      Column(
        head: EventText.head(of: metric), width: metric == .balancedAccuracy ? 6 : 7, rank: 1,
        text: { subnetwork in
          guard let value = subnetwork.quality?.figures.score.value else {
            return (Figures.unknown, .dim)
          }
          let best = subnetwork.bestBalancedAccuracy ?? value
          // The mark says it where there is no colour.
          let text = Figures.ratio(value, metric.decimals)
          return value < best - fall ? ("<" + text, .warning) : (text, .text)
        }, mean: mean(metric.decimals) { $0.quality?.figures.score.value }),
      Column(
        head: "best", width: 6, rank: 7,
        text: { figure($0.bestBalancedAccuracy, metric.decimals) },
        mean: mean(metric.decimals) { $0.bestBalancedAccuracy }),
      Column(
        head: "prec", width: 6, rank: 8, text: { figure($0.quality?.figures.precision) },
        mean: mean { $0.quality?.figures.precision }),
      Column(
        head: "rec", width: 6, rank: 9, text: { figure($0.quality?.figures.recall) },
        mean: mean { $0.quality?.figures.recall }),
      Column(
        head: "F1", width: 6, rank: 3, text: { figure($0.quality?.figures.f1) },
        mean: mean { $0.quality?.figures.f1 }),
      Column(
        head: "J", width: 5, rank: 2, text: { figure($0.meanJaccard, 2) },
        mean: mean(2) { $0.meanJaccard }),
      Column(
        head: "J-c", width: 6, rank: 10,
        text: { subnetwork in
          guard let jaccard = subnetwork.meanJaccard, let chance = subnetwork.meanChance else {
            return (Figures.unknown, .dim)
          }
          return (Figures.signedRatio(jaccard - chance), .text)
        }),
    ]
    guard metric != .balancedAccuracy else { return columns }
    return columns.filter { !["prec", "rec", "F1"].contains($0.head) }
  }
}
