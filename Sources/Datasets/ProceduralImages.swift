internal import Foundation
internal import Tensors

/// A built-in, seeded generator of colour images in ten classes, 32×32 unless larger ones are wanted;
/// needs no file.
///
/// Each image shows one figure of its class over a shaded background with clutter and noise. Place,
/// size, angle, colours and the sign of the contrast are drawn anew for every image, so no pixel by
/// itself says anything about the class and a linear model stays near guessing; what tells classes
/// apart is outline (disc, ring, square, triangle, cross, star, crescent) or texture (stripes,
/// checker, dots), which different filters find.
public enum ProceduralImages {
  /// The ten classes, in the order of their labels.
  public static let classNames = [
    "disc", "ring", "square", "triangle", "cross", "star", "crescent", "stripes", "checker", "dots",
  ]

  /// Generates a dataset.
  /// - Parameters:
  ///   - seed: equal seeds give equal bytes; training and held-out images come from different
  ///     streams.
  ///   - trainSamples: number of training images; classes alternate, so they are balanced.
  ///   - testSamples: number of held-out images.
  ///   - side: pixels of a row and of a column.
  public static func generate(
    seed: UInt64, trainSamples: Int, testSamples: Int, side: Int = LabeledImages.usualSide
  ) -> ImageDataset {
    ImageDataset(
      name: "procedural", classNames: classNames,
      train: images(trainSamples, side, seed: seed, purpose: "procedural training images"),
      test: images(testSamples, side, seed: seed, purpose: "procedural held-out images"))
  }

  private static func images(
    _ count: Int, _ side: Int, seed: UInt64, purpose: String
  ) -> LabeledImages {
    let bytes = LabeledImages.bytes(side: side)
    var values = [UInt8](repeating: 0, count: count * bytes)
    let labels = (0..<count).map { UInt8($0 % classNames.count) }
    values.withUnsafeMutableBufferPointer { values in
      for index in 0..<count {
        var random = RandomStream(seed: seed, purpose: purpose, index)
        let scene = ProceduralScene(class: Int(labels[index]), random: &random)
        scene.draw(
          side: side,
          into: UnsafeMutableBufferPointer(rebasing: values[index * bytes..<(index + 1) * bytes]),
          random: &random)
      }
    }
    return LabeledImages(side: side, values: values, labels: labels)
  }
}
