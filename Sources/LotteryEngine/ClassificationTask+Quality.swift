internal import Datasets
package import Experiments
internal import Foundation

extension ClassificationTask {
  /// Turns the scores of held-out samples into the paper's metrics (§4).
  ///
  /// Binary: the decision "belongs to subset k" at logit 0. Multi-class: means over the subset's
  /// classes of their one-vs-rest figures (paper §10), the decision being the argmax; where subsets are
  /// domains, over the samples of the domain.
  package func quality(of scores: [Float], subnetwork k: Int, samples: [Int]) -> SubnetworkQuality {
    config.task.kind == .binary
      ? binaryQuality(of: scores, subnetwork: k, samples: samples)
      : multiclassQuality(of: scores, subnetwork: k, samples: samples)
  }

  private func binaryQuality(
    of scores: [Float], subnetwork k: Int, samples: [Int]
  ) -> SubnetworkQuality {
    var counts = BinaryConfusion()
    var loss = 0.0
    for (place, sample) in samples.enumerated() {
      let logit = Double(scores[place])
      let isPositive = subsetLabels(k).contains(dataset.test.labels[sample])
      counts.count(predicted: logit > 0, actual: isPositive)
      // log(1 + e^x) − y·x without overflow.
      loss += max(logit, 0) + log1p(exp(-abs(logit))) - (isPositive ? logit : 0)
    }
    return SubnetworkQuality(
      subnetwork: k, loss: samples.isEmpty ? 0 : loss / Double(samples.count),
      balancedAccuracy: counts.balancedAccuracy, precision: counts.precision,
      recall: counts.recall, f1: counts.f1)
  }

  private func multiclassQuality(
    of scores: [Float], subnetwork k: Int, samples: [Int]
  ) -> SubnetworkQuality {
    let classes = dataset.classNames.count
    var counts = [BinaryConfusion](repeating: BinaryConfusion(), count: classes)
    var (loss, judged) = (0.0, 0)
    for (place, sample) in samples.enumerated() where isJudged(sample, subnetwork: k) {
      judged += 1
      let logits = scores[place * classes..<(place + 1) * classes].map(Double.init)
      let label = Int(dataset.test.labels[sample])
      let highest = logits.max() ?? 0
      loss += highest + log(logits.reduce(0) { $0 + exp($1 - highest) }) - logits[label]
      let choice = logits.firstIndex(of: highest) ?? 0
      for index in 0..<classes {
        counts[index].count(predicted: choice == index, actual: label == index)
      }
    }
    // A class of which nothing is held out says nothing.
    let labels = subsetLabels(k).filter { counts[Int($0)].positives > 0 }
    func mean(_ figure: (BinaryConfusion) -> Double) -> Double {
      labels.reduce(0) { $0 + figure(counts[Int($1)]) } / Double(max(1, labels.count))
    }
    return SubnetworkQuality(
      subnetwork: k, loss: judged == 0 ? 0 : loss / Double(judged),
      balancedAccuracy: mean(\.balancedAccuracy), precision: mean(\.precision),
      recall: mean(\.recall), f1: mean(\.f1))
  }

  /// What each held-out sample is given by the argmax over the K subnetworks' scores, without knowing
  /// its subset: an index into `scoreNames`, a subset of a binary task or a class of a multi-class one;
  /// the lowest index wins a tie. Balanced training gives every logit the same prior, so they are
  /// compared as they are.
  /// - Parameter scores: `[subnetwork][sample × scoresPerSample]`.
  package func argmaxChoices(scores: [[Float]]) -> [Int] {
    let perSample = scoresPerSample
    guard let first = scores.first else { return [] }
    return (0..<first.count / perSample).map { sample in
      let row = scores.flatMap { $0[sample * perSample..<(sample + 1) * perSample] }
      let best = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0
      return best % scoreNames.count
    }
  }

  /// The right choice for each class, as `argmaxChoices` numbers them; a class that is in no subset has
  /// none.
  package var rightChoices: [Int: Int] {
    var right: [Int: Int] = [:]
    for k in subnetworkNames.indices {
      for label in subsetLabels(k) {
        right[Int(label)] = config.task.kind == .binary ? k : Int(label)
      }
    }
    return right
  }
}
