import Foundation
import Testing

@Suite("Bench", .enabled(if: Program.path != nil, Program.absence))
struct BenchTests {
  private struct Spread: Decodable {
    var min, median, max: Double
  }
  private struct Gemm: Decodable {
    struct Rate: Decodable {
      var one_thread, all_threads: Double
    }
    struct Layer: Decodable {
      var key: String
      var milliseconds: Spread
      var gigaflops_per_second: Double
      var share_of_peak: Spread
      var share_of_sgemm: Spread
    }
    var threads: Int
    var peak: Rate
    var sgemm: Rate
    var layers: [Layer]
  }
  private struct Step: Decodable {
    var gigaflops_per_second, peak_gigaflops_per_second, share_of_peak: Double
  }

  @Test("bench gemm knows the machine's best and every layer's share of it")
  func gemm() async throws {
    let outcome = try await Program.rtl(
      "bench", "gemm", "--rounds", "1", "--threads", "2", "--json")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let result = try JSONDecoder().decode(Gemm.self, from: Data(outcome.output.utf8))
    #expect(result.threads == 2)
    #expect(
      result.layers.map(\.key) == [
        "mlp", "convolution_64", "convolution_128", "spectral_convolution",
        "transposed_convolution", "unet", "pointwise", "pointwise_gradient", "depthwise",
      ])
    for rate in [result.peak, result.sgemm] {
      #expect(rate.one_thread > 0 && rate.all_threads > 0)
    }
    for layer in result.layers {
      // One round: share · peak is the layer's own rate.
      let rate = layer.share_of_peak.median * result.peak.all_threads
      #expect(abs(rate / layer.gigaflops_per_second - 1) < 1e-6, "\(layer.key)")
      #expect(layer.share_of_sgemm.min > 0 && layer.milliseconds.min > 0)
    }
  }

  @Test("bench step sets its rate beside the peak")
  func step() async throws {
    let outcome = try await Program.rtl(
      "bench", "step", "--model", "small_cnn", "--batch", "16", "--steps", "1", "--json")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let result = try JSONDecoder().decode(Step.self, from: Data(outcome.output.utf8))
    let rate = result.share_of_peak * result.peak_gigaflops_per_second
    #expect(abs(rate / result.gigaflops_per_second - 1) < 1e-6)
  }

  private struct ScreenFigures: Decodable {
    struct Length: Decodable {
      var points, events, history_bytes: Int
      var milliseconds_per_frame: Spread
    }
    struct Bytes: Decodable {
      var full, unchanged, new_steps, scrolling: Int
    }
    var lengths: [Length]
    var bytes_per_frame: Bytes
  }

  @Test("bench screen draws runs of any length and counts what a terminal is sent")
  func screen() async throws {
    let outcome = try await Program.rtl(
      "bench", "screen", "--points", "100000", "--subnetworks", "2", "--frames", "3", "--json")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let result = try JSONDecoder().decode(ScreenFigures.self, from: Data(outcome.output.utf8))
    #expect(result.lengths.map(\.points) == [1000, 10_000, 100_000])
    #expect(result.lengths.allSatisfy { $0.events >= 2 * $0.points })
    #expect(result.lengths.allSatisfy { $0.milliseconds_per_frame.min > 0 })
    // Ten times the steps in the same memory: the histories are full.
    let memory = result.lengths.map(\.history_bytes)
    #expect(Double(memory[2]) < Double(memory[1]) * 1.1, "\(memory)")
    let bytes = result.bytes_per_frame
    #expect(bytes.unchanged == 0)
    #expect(bytes.full > 200 * 60 && bytes.new_steps < bytes.full, "\(bytes)")
    #expect(bytes.scrolling < bytes.full, "\(bytes)")
  }

  @Test("no rounds are refused with status 2")
  func noRounds() async throws {
    let outcome = try await Program.rtl("bench", "gemm", "--rounds", "0")
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("--rounds 0: expected a number from 1 to 100000"))
  }
}
