internal import Datasets
internal import Experiments
internal import Foundation
internal import Tensors

/// A picture small enough for a screen, with its points and regions.
struct PicturePreview: Sendable {
  let original: Picture
  let map: RegionMap
  let features: FourierFeatures

  init(of image: RegionImage) {
    let longest = max(image.picture.width, image.picture.height)
    let scale = Double(min(longest, PictureReport.longestSide)) / Double(longest)
    let width = max(1, Int((Double(image.picture.width) * scale).rounded()))
    let height = max(1, Int((Double(image.picture.height) * scale).rounded()))
    original = image.picture.resized(width: width, height: height)
    map = image.map.resized(width: width, height: height)
    features = FourierFeatures(width: width, height: height)
  }
}

extension PictureTask {
  /// The regions of some subnetworks as they show them, small; all else is black.
  func report(
    of candidates: [Candidate], after stage: Stage, round: Int, with trainer: SubnetworkTrainer,
    beforeEach: () throws -> Void
  ) rethrows -> PictureReport {
    var shown = Data(count: preview.original.bytes.count)
    try paint(
      candidates, of: preview.features, regions: preview.map, with: trainer,
      beforeEach: beforeEach
    ) { pixel, channel, byte in shown[pixel * outputs + channel] = byte }
    return PictureReport(
      stage: stage, round: round,
      subnetwork: candidates.count < subnetworkNames.count ? candidates.first?.subnetwork : nil,
      width: preview.original.width, height: preview.original.height,
      original: Data(preview.original.bytes), shown: shown, regions: Data(preview.map.regions))
  }

  /// Has subnetworks draw their points of a grid over the picture.
  /// - Parameter put: gets each value as it is shown, 0…255.
  func paint(
    _ candidates: [Candidate], of grid: FourierFeatures, regions: RegionMap,
    with trainer: SubnetworkTrainer, beforeEach: () throws -> Void,
    put: (_ pixel: Int, _ channel: Int, _ byte: UInt8) -> Void
  ) rethrows {
    for candidate in candidates {
      let points =
        config.subsets.by == .all
        ? Array(regions.regions.indices) : regions.pixels(of: candidate.subnetwork)
      let colors = try colors(
        points, of: grid, regions: regions, by: candidate, with: trainer, beforeEach: beforeEach)
      for (place, pixel) in points.enumerated() {
        for channel in 0..<outputs {
          let value = colors[place * outputs + channel]
          let shown = value.isNaN ? 0 : min(max(value, 0), 1)
          put(pixel, channel, UInt8((shown * 255).rounded()))
        }
      }
    }
  }
}
