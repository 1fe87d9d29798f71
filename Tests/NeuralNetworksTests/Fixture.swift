import Foundation
import NeuralNetworks
import Tensors

/// The PyTorch fixture of the truncated GhostNet, as `ghostnet_fixture.py` describes it.
struct Fixture: Decodable {
  struct Streams: Decodable {
    var parameters: UInt64
    var mask: UInt64
    var inputs: UInt64
  }
  struct AdamEntry: Decodable {
    var learning_rate: Double
    var steps: Int
    var losses: [Double]
  }
  struct Parameter: Decodable {
    var name: String
    var shape: [Int]
    var prunable: Bool
    var base: Float
    var scale: Float
    var offset: Int
  }
  struct Tensor: Decodable {
    var name: String
    var shape: [Int]
    var offset: Int
    var stride: Int
    var count: Int
    var norm: Double
    var max: Double
  }

  var samples: Int
  var classes: Int
  var unit: Int
  var labels: [Float]
  var streams: Streams
  var input_scale: Float
  var adam: AdamEntry
  var loss: Double
  var prunable: Int
  var multiply_adds_two_outputs: Int
  var mask_ones: Int
  var first_inputs: [Float]
  var parameters: [Parameter]
  var tensors: [Tensor]
  var vanishing: [String]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func load() throws -> (Fixture, [Float]) {
    let fixture = try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: folder.appending(path: "ghostnet.json")))
    let bytes = try Data(contentsOf: folder.appending(path: "ghostnet.bin"))
    let values = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
    return (fixture, values)
  }

  static func hash(_ stream: UInt64, _ index: Int) -> UInt64 {
    var z = ((stream << 40) &+ UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  static func unit(_ stream: UInt64, _ index: Int) -> Float {
    Float(hash(stream, index) >> 40) * 0x1p-23 - 1
  }

  func initialParameters() -> FloatBuffer {
    let count = parameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let buffer = FloatBuffer(count: count)
    for entry in parameters {
      for i in 0..<entry.shape.reduce(1, *) {
        buffer[entry.offset + i] =
          entry.base + entry.scale * Self.unit(streams.parameters, entry.offset + i)
      }
    }
    return buffer
  }

  func mask() -> BitVector {
    BitVector((0..<prunable).map { Self.hash(streams.mask, $0) >> 63 == 1 })
  }

  func fill(_ input: LaneBatch) {
    input.count = samples
    for sample in 0..<samples {
      for channel in 0..<3 {
        for pixel in 0..<1024 {
          let index = (sample * 3 + channel) * 1024 + pixel
          input.storage[input.offset(sample: sample, channel: channel, pixel: pixel)] =
            input_scale * Self.unit(streams.inputs, index)
        }
      }
    }
  }
}
