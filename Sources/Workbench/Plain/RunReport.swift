internal import Experiments

/// The last words on a run, for the normal screen.
package enum RunReport {
  /// A few lines: what ran, how it ended, and a line per subnetwork.
  package static func lines(of model: RunModel) -> [String] {
    guard model.description != nil else {
      return model.name.isEmpty ? [] : ["\(model.name): \(model.state.rawValue)"]
    }
    let word = model.state.word(isHeld: !model.isKilled)
    var lines = [
      "\(model.name): \(word) after "
        + "\(Figures.duration(model.elapsed(at: model.lastTime))), "
        + "\(model.finishedRounds) of \(model.plannedRounds) rounds, "
        + "\(Figures.percent(model.meanSparsity)) sparse"
    ]
    if let overlap = model.overlap {
      var line = "  union \(Figures.grouped(overlap.unionParameters)) weights"
      if let text = EventText.text(overlap) { line += ", \(text)" }
      lines.append(line)
    }
    let width = min(24, model.subnetworks.map(\.name.count).max() ?? 0)
    for subnetwork in model.subnetworks.prefix(64) {
      let name = String(subnetwork.name.prefix(width))
      var line = "  \(subnetwork.letter) \(name)"
      line += String(repeating: " ", count: width - name.count)
      line += "  \(Figures.percent(subnetwork.sparsity)) sparse"
      line += "  \(Figures.grouped(subnetwork.weightsLeft)) left"
      if let quality = subnetwork.quality?.figures {
        line += "  \(EventText.text(quality.score))"
        if quality.f1.isFinite { line += "  F1 \(Figures.ratio(quality.f1, 3))" }
      }
      if let jaccard = subnetwork.meanJaccard { line += "  J \(Figures.ratio(jaccard))" }
      lines.append(line)
    }
    lines += model.alarms.map { "  \(model.text(of: $0))" }
    return lines
  }
}
