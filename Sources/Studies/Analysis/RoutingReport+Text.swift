public import Experiments
internal import Foundation

/// The report in words, as tables, and as records for CSV.
extension RoutingReport {
  /// The whole report as Markdown.
  public var markdown: String {
    var text = "# Routing of `\(run)`\n\n\(explanation)\n"
    for target in targets {
      text += "\n## \(Self.title(of: target))\n\n" + table(of: target) + "\n"
      text += Self.sharingText(target.sharing) + "\n\n" + Self.layerTable(target.sharing)
    }
    return text
  }

  /// What is printed.
  public var summary: String {
    var text = explanation + "\n"
    for target in targets {
      text += "\n\(Self.title(of: target))\n\n" + table(of: target) + "\n"
      text += Self.sharingText(target.sharing) + "\n"
    }
    return text
  }

  private var explanation: String {
    let calibrated =
      switch split {
      case .calibration: "Images that no training touched calibrated."
      case .testHalf: "One half of the test images calibrated, no training image did."
      }
    let decided =
      switch decision {
      case .membership:
        "Decided is the subset of an image; the oracle is told it, and right where that subnetwork says "
          + "yes. Where a subset is one class, the gate itself is a classifier, and with its likeliest "
          + "subset alone the decision is the gate's."
      case .class: "Decided is the class of an image; the oracle is told its subset."
      }
    return
      "\(judgedSamples) other test images judge. \(calibrated) \(decided) The gate has "
      + "\(Self.grouped(Double(gate.parameters))) parameters and \(gate.epochs == 1 ? "one epoch" : "\(gate.epochs) epochs") of "
      + "\(gate.trainingSamples) training images behind it; the right subset is its likeliest for "
      + "\(Self.share(gate.topOne)), among its two likeliest for \(Self.share(gate.topTwo)) of the "
      + "images. Times are per image on \(threads == 1 ? "one thread" : "\(threads) threads"), reading it "
      + "included."
  }

  static func title(of target: Target) -> String {
    target.target.map { "\(Percent.text($0)) sparsity (round \(target.round))" }
      ?? "round \(target.round)"
  }

  // MARK: - Tables

  func name(_ kind: Route.Kind) -> String {
    switch kind {
    case .oracle: "oracle: the subset is known"
    case .argmax: "argmax, as trained"
    case .calibratedArgmax: "argmax, calibrated"
    case .gateTopOne: "gate, likeliest"
    case .gateTopTwo: "gate, two likeliest"
    case .baseline: baseline ?? "other run"
    }
  }

  private func table(of target: Target) -> String {
    MarkdownTable.text(
      ["route", "right", "multiply-adds", "ms per image"],
      target.routes.map { route in
        [
          name(route.kind), Self.decimal(route.accuracy), Self.grouped(route.multiplyAdds),
          Self.decimal(route.millisecondsPerImage, places: 4),
        ]
      })
  }

  private static func sharingText(_ sharing: Sharing) -> String {
    let all = Double(max(1, sharing.separate))
    func saved(_ count: Int) -> String { share(1 - Double(count) / all) }
    let weights =
      sharing.sharesWeights
      ? "with each weight of the union once they would be \(grouped(Double(sharing.union))), "
        + "\(saved(sharing.union)) fewer, but behind the first layer two subnetworks multiply a weight "
        + "with different inputs; what can be shared without changing a result is the products with "
        + "the image itself, \(saved(sharing.exact)) of all"
      : "nothing is shared, as each subnetwork has a θ of its own"
    return
      "All subnetworks on one image are \(grouped(Double(sharing.separate))) multiply-adds; \(weights). "
      + "The program reads and normalises an image once and then makes all passes: "
      + "\(decimal(sharing.millisecondsTogether, places: 4)) ms per image against "
      + "\(decimal(sharing.millisecondsAlone, places: 4)) ms where each reads it."
  }

  private static func layerTable(_ sharing: Sharing) -> String {
    MarkdownTable.text(
      ["layer", "K passes", "union", "shareable exactly"],
      sharing.layers.map { layer in
        [layer.name] + [layer.separate, layer.union, layer.exact].map { grouped(Double($0)) }
      } + [
        ["all"]
          + [sharing.separate, sharing.union, sharing.exact].map { grouped(Double($0)) }
      ])
  }

  private static func share(_ value: Double) -> String { String(format: "%.1f %%", value * 100) }

  static func decimal(_ value: Double, places: Int = 3) -> String {
    value.isFinite ? String(format: "%.\(places)f", value) : "–"
  }

  /// A count with commas between thousands.
  static func grouped(_ value: Double) -> String {
    var digits = String(format: "%.0f", value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }

  // MARK: - Records

  /// A record per target and route, after a header; numbers are unrounded.
  public var records: [[String]] {
    let header = [
      "run", "round", "target", "route", "accuracy", "multiply_adds", "milliseconds_per_image",
    ]
    return [header]
      + targets.flatMap { target in
        target.routes.map { route in
          [
            run, "\(target.round)", target.target.map { "\($0)" } ?? "",
            route.kind == .baseline ? baseline ?? "" : route.kind.rawValue,
            "\(route.accuracy)", "\(route.multiplyAdds)", "\(route.millisecondsPerImage)",
          ]
        }
      }
  }

  /// A record per target and layer, after a header: what K passes have in common.
  public var sharingRecords: [[String]] {
    [["run", "round", "target", "layer", "separate", "union", "exact"]]
      + targets.flatMap { target in
        target.sharing.layers.map { layer in
          [
            run, "\(target.round)", target.target.map { "\($0)" } ?? "", layer.name,
            "\(layer.separate)", "\(layer.union)", "\(layer.exact)",
          ]
        }
      }
  }
}
