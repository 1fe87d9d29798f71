package import Experiments

/// The words for events and commands, shared by the log pane and by plain mode.
package enum EventText {
  /// A command as a person would say it.
  /// - Parameter subnetworks: their names, in order; one that is not there is called by its number.
  package static func name(_ command: RunCommand, subnetworks: [String] = []) -> String {
    func who(_ k: Int) -> String { name(of: k, in: subnetworks) }
    func scope(_ k: Int?) -> String { k.map { " for \(who($0))" } ?? "" }
    return switch command {
    case .pause: "pause"
    case .pauseAtRoundEnd: "pause at the end of the round"
    case .resume: "resume"
    case .runFor(let length): "run \(length.description), then pause"
    case .launchRound(let settings, let k): "launch a round\(scope(k)) (\(text(settings)))"
    case .changeSettings(let change, let k):
      "change the rounds to come\(scope(k)) (\(text(change)))"
    case .freeze(let k): "freeze the mask of \(who(k))"
    case .unfreeze(let k): "let the mask of \(who(k)) go on"
    case .startRetraining: "joint retraining"
    case .stop(.finishRound): "finish the round and stop"
    case .stop(.now): "stop now"
    case .stop(.kill): "end at once, without a checkpoint"
    case .note: "note"
    }
  }

  private static func name(of k: Int, in subnetworks: [String]) -> String {
    subnetworks.indices.contains(k) ? subnetworks[k] : "subnetwork \(k)"
  }

  /// What a round does in one phrase; what differs between the subnetworks at its end.
  package static func text(
    _ plan: RoundPlan, subnetworks: [String], resting word: String = "resting"
  ) -> String {
    var parts = [text(plan.settings)]
    parts += plan.own.sorted { $0.key < $1.key }.map {
      "\(name(of: $0.key, in: subnetworks)): \(text($0.value))"
    }
    if !plan.resting.isEmpty {
      parts.append(
        "\(word): \(plan.resting.map { name(of: $0, in: subnetworks) }.joined(separator: ", "))")
    }
    return parts.joined(separator: "; ")
  }

  /// A change of settings in one phrase.
  package static func text(_ change: SettingsChange) -> String {
    var parts: [String] = []
    if let epochs = change.epochs { parts.append(epochs == 1 ? "1 epoch" : "\(epochs) epochs") }
    if let count = change.pruneCount { parts.append("prune \(Figures.grouped(count))") }
    if let rate = change.learningRate { parts.append("lr \(Figures.rate(rate))") }
    return parts.joined(separator: ", ")
  }

  /// The settings of a round in one phrase.
  package static func text(_ settings: RoundSettings) -> String {
    let epochs = settings.epochs == 1 ? "1 epoch" : "\(settings.epochs) epochs"
    return "\(epochs), prune \(Figures.grouped(settings.pruneCount)), "
      + "lr \(Figures.rate(settings.learningRate))"
  }

  /// The facts of a run in one phrase.
  package static func text(_ run: RunDescription) -> String {
    let count = run.subnetworks.count
    return "\(Names.printable(run.dataset)) · \(Names.printable(run.model)) · "
      + "\(count) subnetwork\(count == 1 ? "" : "s") · "
      + "\(Figures.grouped(run.prunableParameters)) prunable weights · "
      + "targets \(run.targets.map(Figures.target).joined(separator: " ")) · "
      + "seed \(run.seed)"
  }

  /// Off-diagonal means of J and chance in one phrase; `nil` for fewer than two masks.
  package static func text(_ overlap: OverlapReport) -> String? {
    guard overlap.jaccard.count > 1 else { return nil }
    let mean = Matrix.pairMean(overlap.jaccard)
    let chance = Matrix.pairMean(overlap.chance)
    return "mean J \(Figures.ratio(mean)) (chance \(Figures.ratio(chance)), "
      + "excess \(Figures.signedRatio(mean - chance)))"
  }

  /// Off-diagonal means of J and chance in few columns; `nil` for fewer than two masks.
  package static func short(_ overlap: OverlapReport) -> String? {
    guard overlap.jaccard.count > 1 else { return nil }
    return "J \(Figures.ratio(Matrix.pairMean(overlap.jaccard))) "
      + "(chance \(Figures.ratio(Matrix.pairMean(overlap.chance))))"
  }

  /// The head of a narrow column of scores.
  package static func head(of metric: QualityMetric) -> String {
    switch metric {
    case .balancedAccuracy: "bal"
    case .psnr: "PSNR"
    case .siSNRImprovement: "SNRi"
    }
  }

  /// A score in words: `PSNR 23.41 dB`.
  package static func text(_ score: QualityScore) -> String {
    "\(score.metric.title) \(Figures.ratio(score.value, score.metric.decimals))\(score.metric.unit)"
  }

  /// Means over the judged subnetworks in few columns.
  package static func short(_ report: EvaluationReport) -> String {
    if let score = report.meanScore, score.metric != .balancedAccuracy { return text(score) }
    let count = Double(max(1, report.subnetworks.count))
    func mean(_ figure: (SubnetworkQuality) -> Double) -> String {
      Figures.ratio(report.subnetworks.reduce(0) { $0 + figure($1) } / count, 3)
    }
    var text =
      "bal \(mean { $0.balancedAccuracy })  prec \(mean { $0.precision })  "
      + "rec \(mean { $0.recall })  F1 \(mean { $0.f1 })"
    if let argmax = report.argmaxAccuracy { text += "  argmax \(Figures.ratio(argmax, 3))" }
    return text
  }

  /// Means over the judged subnetworks in one phrase.
  package static func text(_ report: EvaluationReport) -> String {
    let count = Double(report.subnetworks.count)
    func mean(_ figure: (SubnetworkQuality) -> Double) -> Double {
      report.subnetworks.reduce(0) { $0 + figure($1) } / count
    }
    guard count > 0 else { return "nothing judged" }
    if let score = report.meanScore, score.metric != .balancedAccuracy {
      let union = report.unionParameters.map { ", union \(Figures.grouped($0))" } ?? ""
      return text(score) + (report.overall == nil ? "" : " over all") + union
    }
    var text =
      "balanced accuracy \(Figures.ratio(mean { $0.balancedAccuracy }, 3)), "
      + "precision \(Figures.ratio(mean { $0.precision }, 3)), "
      + "recall \(Figures.ratio(mean { $0.recall }, 3)), F1 \(Figures.ratio(mean { $0.f1 }, 3))"
    if let argmax = report.argmaxAccuracy { text += ", argmax \(Figures.ratio(argmax, 3))" }
    if let union = report.unionParameters { text += ", union \(Figures.grouped(union))" }
    return text
  }
}

/// Figures of square matrices.
package enum Matrix {
  /// The mean of everything off the diagonal; `nan` if there is nothing.
  package static func pairMean(_ matrix: [[Double]]) -> Double {
    var sum = 0.0
    var count = 0
    for (row, values) in matrix.enumerated() {
      for (column, value) in values.enumerated() where column != row && value.isFinite {
        sum += value
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : .nan
  }

  /// The mean of a row without the diagonal; `nil` if there is nothing.
  package static func rowMean(_ matrix: [[Double]], _ row: Int) -> Double? {
    guard matrix.indices.contains(row) else { return nil }
    let others = matrix[row].enumerated().filter { $0.offset != row && $0.element.isFinite }
    return others.isEmpty
      ? nil : others.reduce(0) { $0 + $1.element } / Double(others.count)
  }

  /// An element; `nil` outside.
  package static func element(_ matrix: [[Double]], _ row: Int, _ column: Int) -> Double? {
    guard matrix.indices.contains(row), matrix[row].indices.contains(column) else { return nil }
    return matrix[row][column]
  }
}
