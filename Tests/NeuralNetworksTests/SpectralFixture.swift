import Foundation
import NeuralNetworks
import Tensors

/// The PyTorch fixture of speech enhancement, as `spectral_unet_fixture.py` describes it.
struct SpectralFixture: Decodable {
  struct Streams: Decodable {
    var parameters, mask, noisy, clean, spectra, outputs: UInt64
  }
  struct Parameter: Decodable {
    var name: String
    var shape: [Int]
    var offset: Int
    var scale: Float
    var base: Float
  }
  struct Tensor: Decodable {
    var name: String
    var shape: [Int]
    var stride: Int
    var max: Double
    var values: [Double]
  }

  var window: Int
  var hop: Int
  var sounds: Int
  var samples: Int
  var learning_rate: Double
  var prunable: Int
  var mask_ones: Int
  var streams: Streams
  var losses: [String: Double]
  var steps: [Double]
  var parameters: [Parameter]
  var tensors: [Tensor]

  static func load() throws -> SpectralFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/spectral_unet.json")
    return try JSONDecoder().decode(SpectralFixture.self, from: Data(contentsOf: path))
  }

  var framing: Framing { Framing(window: window, hop: hop) }
  var shape: SpectralShape { SpectralShape(framing, samples: samples) }
  /// Values of one sound's spectra.
  var spectrumCount: Int { 2 * shape.frames * shape.bins }

  static func values(_ stream: UInt64, _ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { scale * Fixture.unit(stream, $0) }
  }

  func sounds(_ all: [Float]) -> [[Float]] {
    (0..<sounds).map { Array(all[$0 * samples..<($0 + 1) * samples]) }
  }

  var noisy: [[Float]] { sounds(Self.values(streams.noisy, sounds * samples)) }

  var clean: [[Float]] {
    zip(sounds(Self.values(streams.clean, sounds * samples)), noisy)
      .map { zip($0, $1).map { 0.5 * $0 + 0.5 * $1 } }
  }

  func initialParameters() -> FloatBuffer {
    let buffer = FloatBuffer(count: parameters.reduce(0) { $0 + $1.shape.reduce(1, *) })
    for entry in parameters {
      for i in entry.offset..<entry.offset + entry.shape.reduce(1, *) {
        buffer[i] = entry.base + entry.scale * Fixture.unit(streams.parameters, i)
      }
    }
    return buffer
  }

  /// The largest difference from a tensor's kept values, relative to its largest value.
  func deviation(_ name: String, _ actual: [Float]) -> Double {
    guard let tensor = tensors.first(where: { $0.name == name }),
      tensor.shape.reduce(1, *) == actual.count
    else { return .infinity }
    return tensor.values.enumerated().reduce(0.0) { worst, pair in
      let difference = abs(Double(actual[pair.offset * tensor.stride]) - pair.element)
      return difference.isNaN ? .infinity : max(worst, difference)
    } / tensor.max
  }

  /// All samples' plain spectra from a batch.
  func plain(_ batch: LaneBatch) -> [Float] {
    var result = [Float](repeating: .nan, count: sounds * spectrumCount)
    result.withUnsafeMutableBufferPointer { result in
      guard let base = result.baseAddress else { return }
      for sample in 0..<sounds {
        shape.load(batch, sample: sample, into: base + sample * spectrumCount)
      }
    }
    return result
  }
}
