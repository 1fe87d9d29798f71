internal import Experiments
internal import TerminalUI

/// What calibration made of the subnetworks, or how well images find theirs, at one target; or what they said
/// of some images.
struct AnalysisInspector: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// Which report and target.
  let view: AnalysisView

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let analysis = state.analysis else {
      TextBlock(" reading …", role: .dim).render(into: &screen, in: rect, look: look)
      return
    }
    let rows = rect.rows([.rest, .fixed(1)])
    guard let index = view.index(among: analysis.targetCount(of: view)) else {
      let name = Names.printable(state.openName)
      let split =
        view.page == .predictions
        ? " IMAGE…" : analysis.setsImagesAside ? "" : " --split test-half"
      TextBlock(" nothing yet: \(view.page.command) \(name)\(split) finds it out", role: .dim)
        .render(into: &screen, in: rows[0], look: look)
      screen.put(other, in: rows[1], style: look[.dim], ellipsis: look.glyphs.ellipsis)
      return
    }
    switch view.page {
    case .calibration:
      guard let report = analysis.calibration else { return }
      Self.table(report.targets[index]).render(into: &screen, in: rows[0], look: look)
      let words = [
        target(report.targets[index].target, index, report.targets.count), Self.images(report),
        other,
      ]
      put(words, into: &screen, in: rows[1], look: look)
    case .routing:
      guard let report = analysis.routing else { return }
      table(report, report.targets[index]).render(into: &screen, in: rows[0], look: look)
      let words = [
        target(report.targets[index].target, index, report.targets.count),
        Self.sharing(report.targets[index].sharing), other,
      ]
      put(words, into: &screen, in: rows[1], look: look)
    case .predictions:
      guard let report = analysis.predictions else { return }
      let first = index * AnalysisView.imagesPerLeaf
      let some = report.predictions[first...].prefix(AnalysisView.imagesPerLeaf)
      Self.table(Array(some)).render(into: &screen, in: rows[0], look: look)
      let words =
        [leaf(first, some.count, of: report.predictions.count)]
        + (report.isCalibrated ? [] : ["not calibrated"]) + [other]
      put(words, into: &screen, in: rows[1], look: look)
    }
  }

  private func put(_ words: [String], into screen: inout Screen, in rect: Rect, look: Look) {
    screen.put(
      " " + words.joined(separator: " · "), in: rect, style: look[.dim],
      ellipsis: look.glyphs.ellipsis)
  }

  // MARK: - Words

  /// The target, and the keys to the others.
  private func target(_ target: Double?, _ index: Int, _ count: Int) -> String {
    let name = target.map { "target \(Figures.percent($0))" } ?? "no target"
    guard count > 1 else { return name }
    return "\(name), \(index + 1) of \(count): \(state.label(of: .left)) \(state.label(of: .right))"
  }

  /// Which images are in sight, and the keys to the others.
  private func leaf(_ first: Int, _ count: Int, of all: Int) -> String {
    let name = "image \(first + 1) to \(first + count) of \(all)"
    return count == all
      ? name : "\(name): \(state.label(of: .left)) \(state.label(of: .right))"
  }

  private var other: String { "\(state.label(of: .analysis)): \(view.page.next.title)" }

  private static func images(_ report: CalibrationReport) -> String {
    let goal = report.wantedRecall.map { "recall \(Figures.ratio($0))" } ?? "best F1"
    return report.split == .testHalf
      ? "\(goal), half of the test images calibrates" : goal
  }

  private static func sharing(_ sharing: RoutingReport.Sharing) -> String {
    let all = Double(max(1, sharing.separate))
    return "K passes share \(Figures.percent(1 - Double(sharing.exact) / all)) exactly, "
      + "\(Figures.percent(1 - Double(sharing.union) / all)) of weights"
  }

  // MARK: - Tables

  private static func table(_ target: CalibrationReport.Target) -> LayerTable {
    let all = target.subnetworks
    let means = (
      before: CalibrationReport.Figures.mean(all.map(\.before)),
      after: CalibrationReport.Figures.mean(all.map(\.after))
    )
    /// A column as wide as its longest figure.
    func column(
      _ title: String, width: Int, rank: Int, text: @escaping (Int) -> Span
    ) -> LayerTable.Column {
      let longest = (0...all.count).map { DisplayText.width(text($0).text) }.max() ?? 0
      return LayerTable.Column(
        title: title, width: max(width, longest), rank: rank, text: text)
    }
    func change(
      _ title: String, rank: Int, _ value: @escaping (CalibrationReport.Figures) -> Double
    ) -> LayerTable.Column {
      column(
        title, width: 10, rank: rank,
        text: { line in
          let before = line < all.count ? all[line].before : means.before
          let after = line < all.count ? all[line].after : means.after
          return Span(
            "\(Figures.ratio(before.map(value) ?? .nan, 3))→\(Figures.ratio(after.map(value) ?? .nan, 3))"
          )
        })
    }
    func own(
      _ title: String, width: Int, rank: Int,
      _ value: @escaping (CalibrationReport.Subnetwork) -> Double?
    ) -> LayerTable.Column {
      column(
        title, width: width, rank: rank,
        text: { line in
          Span(line < all.count ? Figures.fixed(value(all[line]) ?? .nan, 2) : "", .dim)
        })
    }
    return LayerTable(
      head: "subnetwork", names: all.map { Names.printable($0.name) }, total: " mean",
      columns: [
        change("precision", rank: 1, \.precision), change("recall", rank: 2, \.recall),
        change("F1", rank: 3, \.f1), change("ECE", rank: 4, \.calibrationError),
        change("bal. acc.", rank: 6, \.balancedAccuracy),
        own("yes from", width: 8, rank: 5, \.threshold), own("T", width: 5, rank: 7, \.temperature),
      ])
  }

  private static func table(_ images: [ImagePrediction]) -> LayerTable {
    func column(
      _ title: String, width: Int, rank: Int, _ text: @escaping (ImagePrediction) -> Span
    ) -> LayerTable.Column {
      let longest = images.map { DisplayText.width(text($0).text) }.max() ?? 0
      return LayerTable.Column(
        title: title, width: max(width, min(longest, 24)), rank: rank, text: { text(images[$0]) })
    }
    return LayerTable(
      head: "image",
      names: images.map { Names.printable(String($0.file.split(separator: "/").last ?? "")) },
      columns: [
        column("class", width: 5, rank: 1) { Span(Names.printable($0.decision), .strong) },
        column("subnetwork", width: 10, rank: 4) { Span(Names.printable($0.subnetwork), .dim) },
        column("score", width: 5, rank: 2) { Span(Figures.ratio($0.score, 3)) },
        column("sure", width: 4, rank: 3) { Span($0.isAccepted.map { $0 ? "yes" : "no" } ?? "–") },
      ])
  }

  private func table(_ report: RoutingReport, _ target: RoutingReport.Target) -> LayerTable {
    let routes = target.routes
    return LayerTable(
      head: "route",
      names: routes.map { Names.printable($0.kind.title(baseline: report.baseline)) },
      columns: [
        LayerTable.Column(
          title: "right", width: 6, rank: 1,
          text: { Span(Figures.ratio(routes[$0].accuracy, 3), .strong) }),
        LayerTable.Column(
          title: "multiply-adds", width: 13, rank: 2,
          text: {
            Span(Int(exactly: routes[$0].multiplyAdds.rounded()).map(Figures.grouped) ?? "–")
          }),
        LayerTable.Column(
          title: "ms/image", width: 8, rank: 3,
          text: { Span(Figures.fixed(routes[$0].millisecondsPerImage, 4)) }),
      ])
  }
}

extension RoutingReport.Route.Kind {
  /// What the way is called.
  func title(baseline: String?) -> String {
    switch self {
    case .oracle: "oracle"
    case .argmax: "argmax"
    case .calibratedArgmax: "argmax, calibrated"
    case .gateTopOne: "gate, likeliest"
    case .gateTopTwo: "gate, two likeliest"
    case .baseline: baseline ?? "other run"
    }
  }
}
