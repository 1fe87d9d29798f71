internal import Datasets
package import Experiments
internal import NeuralNetworks
internal import Tensors

extension PictureTask {
  /// The colours that a subnetwork gives to points of a grid, `[point][3]`, as they leave the network.
  /// - Parameter beforeEach: called before each batch; what it throws ends it.
  func colors(
    _ points: [Int], of grid: FourierFeatures, regions: RegionMap, by candidate: Candidate,
    with trainer: SubnetworkTrainer, beforeEach: () throws -> Void
  ) rethrows -> [Float] {
    var colors: [Float] = []
    colors.reserveCapacity(points.count * outputs)
    let network = trainer.network
    for start in stride(from: 0, to: points.count, by: network.capacity) {
      try beforeEach()
      let chunk = points[start..<min(start + network.capacity, points.count)]
      load(chunk, of: grid, regions: regions, into: network.input)
      trainer.useWeights(candidate.parameters, mask: candidate.mask)
      trainer.evaluate(statistics: candidate.statistics)
      for sample in 0..<chunk.count {
        for channel in 0..<outputs {
          colors.append(
            network.logits.storage[
              network.logits.offset(sample: sample, channel: channel, pixel: 0)])
        }
      }
    }
    return colors
  }

  /// The PSNR of each region's subnetwork on its region, and over the whole picture. A colour beyond
  /// black or white counts as what is shown. At the end of an extraction `evaluation.round_samples`
  /// points of the region are enough.
  package func judge(
    _ candidates: [Candidate], after stage: Stage, round: Int, with trainer: SubnetworkTrainer,
    beforeEach: () throws -> Void
  ) throws -> Verdict? {
    var judged: [(points: [Int], colors: [Float])] = []
    for candidate in candidates {
      let all = points[candidate.subnetwork]
      let wanted = stage == .extraction ? config.evaluation.roundSamples : all.count
      guard wanted > 0 else { return nil }
      let chosen = all.spread(to: wanted)
      judged.append(
        (
          chosen,
          try colors(
            chosen, of: features, regions: image.map, by: candidate, with: trainer,
            beforeEach: beforeEach)
        ))
    }
    var errors: [Double] = []
    let qualities = zip(candidates, judged).map { candidate, judged in
      let (loss, shown) = meanSquaredErrors(judged.points, judged.colors)
      errors.append(shown)
      return SubnetworkQuality(
        subnetwork: candidate.subnetwork, loss: loss,
        score: QualityScore(.psnr, SignalToNoise.peak(meanSquaredError: shown)))
    }
    let names = candidates.map { subnetworkNames[$0.subnetwork] }
    return Verdict(
      qualities: qualities, samples: judged.reduce(0) { $0 + $1.points.count },
      overall: stage == .extraction
        ? nil
        : QualityScore(
          .psnr,
          SignalToNoise.peak(meanSquaredErrors: errors, pixels: judged.map(\.points.count))),
      drawings: [
        .pictureDrawn(
          try report(
            of: candidates, after: stage, round: round, with: trainer, beforeEach: beforeEach))
      ],
      table: { table(zip(names, judged).map { ($0, $1.points, $1.colors) }) })
  }

  /// The mean squared error of colours as they are, and as they are shown.
  private func meanSquaredErrors(
    _ points: [Int], _ colors: [Float]
  ) -> (loss: Double, shown: Double) {
    var (loss, shown) = (0.0, 0.0)
    for (place, point) in points.enumerated() {
      for channel in 0..<outputs {
        let (value, target) = (colors[place * outputs + channel], color(of: point, channel))
        let error = Double(value - target)
        let shownError = Double((value.isNaN ? 0 : min(max(value, 0), 1)) - target)
        loss += error * error
        shown += shownError * shownError
      }
    }
    let count = Double(max(1, points.count * outputs))
    return (loss / count, shown / count)
  }

  private func table(_ judged: [(name: String, points: [Int], colors: [Float])]) -> String {
    var lines = ["x,y,subnetwork,red,green,blue,target_red,target_green,target_blue"]
    let width = image.picture.width
    for (name, points, colors) in judged {
      for (place, point) in points.enumerated() {
        let values = (0..<outputs).map { "\(colors[place * outputs + $0])" }
        let targets = (0..<outputs).map { "\(color(of: point, $0))" }
        lines.append(
          CSV.line(["\(point % width)", "\(point / width)", name] + values + targets))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
