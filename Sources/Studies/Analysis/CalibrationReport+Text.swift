public import Experiments
internal import Foundation

/// The report in words, as tables, and as records for CSV.
extension CalibrationReport {
  /// The whole report as Markdown.
  public var markdown: String {
    var text = "# Calibration of `\(run)`\n\n\(explanation)\n"
    for target in targets { text += "\n## \(Self.title(of: target))\n\n" + table(of: target) }
    return text
  }

  /// What is printed: the means at each target, or every subnetwork of the last.
  public var summary: String {
    var text = explanation + "\n\nMeans over the subnetworks, before → after:\n\n" + means
    if let last = targets.last { text += "\n\(Self.title(of: last))\n\n" + table(of: last) }
    return text
  }

  /// Which images calibrated and judged, and what before and after are.
  private var explanation: String {
    let images =
      switch split {
      case .calibration:
        "\(calibrationSamples) training images that no training touched calibrate, all "
          + "\(judgedSamples) test images judge."
      case .testHalf:
        "No training image calibrates: one half of the test images (\(calibrationSamples)) calibrates, the "
          + "other half (\(judgedSamples)) judges."
      }
    switch decision {
    case .membership:
      let threshold =
        wantedRecall.map { "a recall of \(Self.number($0)) on the images that calibrate" }
        ?? "the best F1 on the images that calibrate"
      return images
        + " Before: score σ(logit), yes above 0.5. After: score σ(logit / T + shift), yes from the "
        + "threshold that gives \(threshold). ECE is over \(Self.bins) bins; T alone: with a temperature "
        + "and no shift."
    case .class:
      return images
        + " Score: the largest of softmax(logits / T), before with T = 1. A temperature changes no "
        + "argmax, and so no figure but ECE and loss. ECE is over \(Self.bins) bins."
    }
  }

  private static func title(of target: Target) -> String {
    target.target.map { "\(Percent.text($0)) sparsity (round \(target.round))" }
      ?? "round \(target.round)"
  }

  // MARK: - Tables

  private static let figures: [(name: String, path: any KeyPath<Figures, Double> & Sendable)] = [
    ("precision", \.precision), ("recall", \.recall), ("F1", \.f1),
    ("bal. acc.", \.balancedAccuracy), ("ECE", \.calibrationError), ("loss", \.loss),
  ]

  private var means: String {
    MarkdownTable.text(
      ["sparsity"] + Self.figures.map(\.name),
      targets.map { target in
        [target.target.map(Percent.text) ?? "round \(target.round)"]
          + Self.changes(
            Figures.mean(target.subnetworks.map(\.before)),
            Figures.mean(target.subnetworks.map(\.after)))
      })
  }

  private func table(of target: Target) -> String {
    let all = target.subnetworks
    let alone = all.compactMap(\.errorByTemperatureAlone)
    let mean = [
      "mean", "–", "–", "–",
      alone.isEmpty ? "–" : Self.number(alone.reduce(0, +) / Double(alone.count)),
    ]
    let header =
      ["subnetwork", "T", "shift", "threshold", "ECE, T alone"] + Self.figures.map(\.name)
    return MarkdownTable.text(
      header,
      all.map { subnetwork in
        [
          subnetwork.name, Self.number(subnetwork.temperature), Self.number(subnetwork.shift),
          Self.number(subnetwork.threshold), Self.number(subnetwork.errorByTemperatureAlone),
        ] + Self.changes(subnetwork.before, subnetwork.after)
      }
        + [
          mean + Self.changes(Figures.mean(all.map(\.before)), Figures.mean(all.map(\.after)))
        ])
  }

  private static func changes(_ before: Figures?, _ after: Figures?) -> [String] {
    figures.map { number(before?[keyPath: $0.path]) + " → " + number(after?[keyPath: $0.path]) }
  }

  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.3f", value)
  }

  // MARK: - Records

  /// A record per target and subnetwork, after a header; numbers are unrounded.
  public var records: [[String]] {
    let header =
      ["run", "split", "round", "target", "subnetwork", "temperature", "shift", "threshold"]
      + ["before", "after"].flatMap { moment in
        [
          "precision_", "recall_", "f1_", "balanced_accuracy_", "calibration_error_", "loss_",
        ].map { $0 + moment }
      } + ["calibration_error_temperature_alone"]
    return [header]
      + targets.flatMap { target in
        target.subnetworks.map { subnetwork in
          let values = [subnetwork.before, subnetwork.after].flatMap { figures in
            Self.figures.map { "\(figures[keyPath: $0.path])" }
          }
          return [
            run, split.rawValue, "\(target.round)", Self.text(target.target), subnetwork.name,
            "\(subnetwork.temperature)", "\(subnetwork.shift)", Self.text(subnetwork.threshold),
          ] + values + [Self.text(subnetwork.errorByTemperatureAlone)]
        }
      }
  }

  private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
