internal import Experiments
internal import Foundation
internal import TerminalUI

/// The figures behind a pane or a closer look, as records with a head.
struct ExportTable {
  /// What is exported.
  let state: WorkbenchState

  private var run: RunModel { state.shown }

  /// The head, then a record per line.
  var records: [[String]] {
    if state.page == .comparison, let comparison = state.comparison {
      return Self.records(of: comparison)
    }
    switch state.drills.last {
    case .pair(let first, let second)?: return pairs { $0 == first && $1 == second }
    case .subnetwork(let index)?: return layers([index])
    case .layer(let layer)?: return pairs(layer: layer) { $0 < $1 }
    case .picture?: return picture
    case .collapse?: return [CollapseCourse.columns] + state.course.records
    case .alignment?:
      return Self.records(of: state.alignment, names: run.subnetworks.map(\.name))
    case .analysis(let view)?: return Self.records(of: view, in: state.analysis)
    case .spectrogram(let scene)?: return spectrogram(of: scene)
    case nil: break
    }
    switch state.focus {
    case .loss: return loss
    case .sparsity:
      switch state.sparsityView {
      case .bars: return subnetworks
      case .layers: return layers(state.displayOrder)
      case .ownership: return ownership
      }
    case .overlap: return pairs(layer: run.overlap?.layers.count) { $0 < $1 }
    case .layers: return layers(state.displayOrder)
    case .runs: return state.runList.isShown ? runs : rounds
    case .log: return log
    }
  }

  private func name(_ index: Int) -> String {
    run.subnetworks.indices.contains(index) ? run.subnetworks[index].name : Names.letter(index)
  }

  /// A record per pixel of the picture.
  private var picture: [[String]] {
    let head = [
      "x", "y", "region", "red", "green", "blue", "target_red", "target_green", "target_blue",
    ]
    guard let picture = run.picture else { return [head] }
    let (shown, original) = (picture.shown.map { "\($0)" }, picture.original.map { "\($0)" })
    return [head]
      + picture.regions.enumerated().map { pixel, region in
        let values = 3 * pixel..<3 * pixel + 3
        return ["\(pixel % picture.width)", "\(pixel / picture.width)", name(Int(region))]
          + shown[values] + original[values]
      }
  }

  private var loss: [[String]] {
    let metric = state.lossView.metric
    var records = [["stage", "subnetwork", "step", "round", metric.column]]
    for stage in metric.isOfMasks ? [Stage.extraction] : [.extraction, .retraining] {
      for subnetwork in run.subnetworks {
        let progress = subnetwork.progress(in: stage)
        guard let history = progress.history(of: metric) else { continue }
        for point in history.points(buckets: history.capacity) {
          let position = progress.roundPosition(of: point.x)
          records.append([
            stage.rawValue, subnetwork.name, CSVField.count(Int(exactly: point.x)),
            CSVField.figure(position), CSVField.figure(point.y),
          ])
        }
      }
    }
    return records
  }

  private var subnetworks: [[String]] {
    let metric = run.metric.rawValue
    let head = [
      "subnetwork", "sparsity", "weights_left", "loss", metric, "best_\(metric)", "precision",
      "recall", "f1", "mean_jaccard", "mean_chance",
    ]
    return [head]
      + state.displayOrder.map { index in
        let subnetwork = run.subnetworks[index]
        let quality = subnetwork.quality?.figures
        return [subnetwork.name, CSVField.figure(subnetwork.sparsity), "\(subnetwork.weightsLeft)"]
          + [
            subnetwork.progress(in: run.stage).lastLoss, quality?.score.value,
            subnetwork.bestBalancedAccuracy, known(quality?.precision), known(quality?.recall),
            known(quality?.f1), subnetwork.meanJaccard, subnetwork.meanChance,
          ].map(CSVField.figure)
      }
  }

  /// A figure that a task may not have.
  private func known(_ figure: Double?) -> Double? {
    run.metric == .balancedAccuracy ? figure : nil
  }

  /// A record per layer and pair; the layer after the last, named `all`, is all weights together.
  private func pairs(
    layer only: Int? = nil, where isWanted: (Int, Int) -> Bool
  ) -> [[String]] {
    let head = [
      "layer", "weights", "first", "second", "only_first", "both", "only_second", "jaccard",
      "chance", "excess",
    ]
    guard let overlap = run.overlap else { return [head] }
    var records = [head]
    let count = overlap.layers.count
    for a in overlap.jaccard.indices {
      for b in overlap.jaccard.indices where isWanted(a, b) {
        let counts = run.layerCounts(a, b) + [run.totalCounts(a, b)]
        for layer in 0...count where only.map({ $0 == layer }) ?? true {
          let isAll = layer == count
          let jaccard = Matrix.element(
            isAll ? overlap.jaccard : overlap.layers[layer].jaccard, a, b)
          let chance = Matrix.element(isAll ? overlap.chance : overlap.layers[layer].chance, a, b)
          let weights =
            isAll
            ? run.description?.prunableParameters : run.weights(ofLayer: overlap.layers[layer].name)
          let excess = jaccard.flatMap { jaccard in chance.map { jaccard - $0 } }
          records.append([
            isAll ? "all" : overlap.layers[layer].name, CSVField.count(weights), name(a), name(b),
            CSVField.count(counts[layer]?.onlyFirst), CSVField.count(counts[layer]?.both),
            CSVField.count(counts[layer]?.onlySecond), CSVField.figure(jaccard),
            CSVField.figure(chance), CSVField.figure(excess),
          ])
        }
      }
    }
    return records
  }

  /// A record per layer and subnetwork.
  private func layers(_ wanted: [Int]) -> [[String]] {
    let head = [
      "layer", "weights", "subnetwork", "weights_left", "sparsity", "mean_jaccard", "mean_chance",
    ]
    guard let overlap = run.overlap else { return [head] }
    return [head]
      + overlap.layers.flatMap { layer in
        let weights = run.weights(ofLayer: layer.name)
        return wanted.map { index in
          let sparsity = layer.sparsity.indices.contains(index) ? layer.sparsity[index] : nil
          return [
            layer.name, CSVField.count(weights), name(index),
            CSVField.count(weights.flatMap { layer.weightsLeft(of: index, weights: $0) }),
            CSVField.figure(sparsity), CSVField.figure(Matrix.rowMean(layer.jaccard, index)),
            CSVField.figure(Matrix.rowMean(layer.chance, index)),
          ]
        }
      }
  }

  private var ownership: [[String]] {
    [["masks", "weights"]]
      + (run.overlap?.ownership ?? []).enumerated().map { ["\($0.offset)", "\($0.element)"] }
  }

  private var rounds: [[String]] {
    let head = [
      "round", "sparsity", "mean_jaccard", "mean_chance", "union", run.metric.rawValue,
      "retrained_\(run.metric.rawValue)", "target",
    ]
    return [head]
      + run.rounds.map { record in
        ["\(record.round)"]
          + [record.sparsity, record.jaccard, record.chance].map(CSVField.figure)
          + [CSVField.count(record.unionParameters)]
          + [RoundRecord.mean(record.extracted), record.jointQuality, record.target]
          .map(CSVField.figure)
      }
  }

  private var runs: [[String]] {
    let listings = state.listings
    let metrics = QualityColumns(listings.map { $0.quality?.metric }).metrics
    let head =
      ["run", "state", "rounds", "sparsity"] + metrics.map(\.rawValue)
      + ["mean_jaccard", "started_at", "tags"]
    return [head]
      + listings.map { run in
        let qualities = metrics.map { run.quality?.metric == $0 ? run.quality?.value : nil }
        return [run.name, run.word, "\(run.rounds)"]
          + ([run.sparsity] + qualities + [run.meanJaccard, run.startedAt]).map(CSVField.figure)
          + [run.tags.joined(separator: " ")]
      }
  }

  private var log: [[String]] {
    [["seconds", "level", "text"]]
      + state.logLines.map { [CSVField.figure($0.seconds), "\($0.level)", $0.text] }
  }
}
