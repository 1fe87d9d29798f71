import Experiments
import Foundation
import Testing

/// Networks that a config describes layer by layer.
struct RecipeTests {
  private func parse(_ layers: String, side: Int = 32, _ overrides: [String] = []) throws
    -> ExperimentConfig
  {
    try ExperimentConfig.parse(
      yaml: "dataset: {image_size: \(side)}\nmodel:\n  kind: recipe\n  layers:\n\(layers)\n",
      file: "c.yaml", overrides: overrides)
  }

  private func problem(_ layers: String, side: Int = 32, _ overrides: [String] = []) -> String {
    do {
      _ = try parse(layers, side: side, overrides)
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test("every kind of layer is read, and written so that it is read again")
  func roundTrip() throws {
    let config = try parse(
      """
          - conv: {out: 16, kernel: 3}
          - bn
          - relu
          - pool: {kind: max, size: 2}
          - residual: [{depthwise: {kernel: 3}}, bn, relu, {conv: {out: 16, kernel: 1}}]
          - residual:
              body: [{conv: {out: 24, kernel: 3, stride: 2}}]
              shortcut: [{conv: {out: 24, kernel: 1, stride: 2}}, bn]
          - se: {reduction: 4}
          - pool: {kind: average, size: 2}
          - flatten
          - linear: {out: 10}
          - pool: global
      """)
    #expect(
      config.model.layers == [
        .convolution(outputs: 16, kernel: 3, stride: 1), .batchNorm, .rectifier, .maxPool(size: 2),
        .residual(
          body: [
            .depthwise(kernel: 3, stride: 1), .batchNorm, .rectifier,
            .convolution(outputs: 16, kernel: 1, stride: 1),
          ], shortcut: []),
        .residual(
          body: [.convolution(outputs: 24, kernel: 3, stride: 2)],
          shortcut: [.convolution(outputs: 24, kernel: 1, stride: 2), .batchNorm]),
        .squeezeExcitation(reduction: 4), .averagePool(size: 2), .flatten, .linear(outputs: 10),
        .globalPool,
      ])
    #expect(try ExperimentConfig.parse(yaml: config.yaml(), file: "r.yaml") == config)
    let data = try JSONEncoder().encode(config)
    #expect(try JSONDecoder().decode(ExperimentConfig.self, from: data) == config)
  }

  @Test(
    "mistakes in an entry are told with line, layer and what was expected",
    arguments: [
      ("    - bn\n    - batchnrom", "c.yaml:6:7: model.layers: layer 2: found 'batchnrom'"),
      ("    - bn\n    - rleu", "did you mean 'relu'?"),
      ("    - conv", "layer 1: conv: found 'conv', expected conv: {…}"),
      ("    - conv: {out: 16}", "c.yaml:5:13: model.layers: layer 1: conv: found no 'kernel'"),
      ("    - conv: {out: 16, kernel: 4}", "found '4', expected 1 or 3 or 5 or 7"),
      ("    - conv: {out: 0, kernel: 3}", "out: found '0', expected a whole number from 1 to 4096"),
      ("    - conv: {out: 9, kernle: 3}", "found 'kernle', expected out, kernel, stride; did you"),
      ("    - depthwise: {kernel: 7}", "found '7', expected 3 or 5"),
      ("    - pool: {kind: middle, size: 2}", "found 'middle', expected kind: max or average"),
      ("    - pool: local", "layer 1: pool: found 'local', expected pool: {…}"),
      ("    - bn: {eps: 1}", "expected 'bn' alone"),
      ("    - {conv: {out: 1, kernel: 1}, bn: 1}", "layer 1: found a section, expected one of"),
      ("    - residual: []", "layer 1: found [], expected a list of layers"),
      (
        "    - residual: [bn, {residual: {shortcut: [bn]}}]", "layer 1.2: residual: found a section"
      ),
      ("    - residual: {body: [bn], side: [bn]}", "found 'side', expected body, shortcut"),
      (
        "    - " + String(repeating: "residual: [{", count: 9) + "conv: {out: 1, kernel: 1}"
          + String(repeating: "}]", count: 9), "expected residuals in at most 8 others"
      ),
      ("    conv: 3", "found a section, expected a list of layers"),
    ])
  func mistakes(layers: String, expected: String) {
    let found = problem(layers)
    #expect(found.contains(expected), "\(found)")
  }

  @Test(
    "layers that do not fit each other are told with line and shape",
    arguments: [
      (
        "    - conv: {out: 8, kernel: 3}\n    - linear: {out: 5}",
        "c.yaml:6:7: model.layers, layer 2: found a map of 8 × 30 × 30, expected a vector"
      ),
      (
        "    - conv: {out: 8, kernel: 3, stride: 2}\n    - pool: {kind: max, size: 4}",
        "c.yaml:6:7: model.layers, layer 2: found a map of 8 × 15 × 15, expected sides that 4"
      ),
      (
        "    - residual: [{conv: {out: 8, kernel: 3}}]",
        "layer 1: found a map of 8 × 30 × 30 at the body's end and a map of 3 × 30 × 30 at the"
      ),
      (
        "    - residual:\n        body: [bn]\n        shortcut:\n          - se: {reduction: 4}",
        "c.yaml:8:13: model.layers, layer 1.shortcut.1: found a map of 3 × 30 × 30, expected at least 4"
      ),
      (
        "    - conv: {out: 3, kernel: 1}\n    - residual: [bn, {pool: {kind: max, size: 7}}]",
        "c.yaml:6:22: model.layers, layer 2.2: found a map of 3 × 30 × 30, expected sides that 7"
      ),
      ("    - bn\n    - relu", "found no conv, depthwise or linear layer"),
      (
        "    - conv: {out: 512, kernel: 1}\n    - flatten",
        "expected at most 65536 values to flatten"
      ),
      (
        "    - conv: {out: 4096, kernel: 1}\n    - conv: {out: 4096, kernel: 7}",
        "layer 2: found 822095872 parameters up to here, expected at most 100000000"
      ),
    ])
  func misfits(layers: String, expected: String) {
    let found = problem(layers, side: 30)
    #expect(found.contains(expected), "\(found)")
  }

  @Test("a recipe's length, and keys that do not go together")
  func limits() {
    let long = (0..<501).map { _ in "    - bn\n" }.joined()
    #expect(problem(long).contains("found 501 layers, expected at most 500"))
    #expect(
      problem("    - flatten\n    - linear: {out: 3}", ["model.kind=small_cnn"]).contains(
        "c.yaml:4:3: model.layers: has no meaning with model.kind 'small_cnn'"))
    #expect(
      problem("    - bn", ["model.layers=[{conv: {out: 1, kernel: 1}}, {linear: {out: 1}}]"])
        .contains("--set model.layers: found a map of 1 × 32 × 32"))
    for (yaml, expected) in [
      ("model: {kind: recipe}", "c.yaml:1:9: model.kind: 'recipe' needs model.layers"),
      ("model: {width: 0.5}", "model.width: found 0.5, which has no meaning with model.kind"),
      ("model: {width: 3, kind: ghostnet}", "found '3', expected a number from 0.25 to 2.0"),
      ("dataset: {image_size: 300}", "found '300', expected a whole number from 8 to 256"),
      ("model: {initial_sha256: 12}", "expected 64 hexadecimal digits"),
      (
        "model: {initial_sha256: \(String(repeating: "0a", count: 32))}",
        "has no meaning without model.initial"
      ),
    ] {
      do {
        _ = try ExperimentConfig.parse(yaml: yaml, file: "c.yaml")
        Issue.record("accepted: \(yaml)")
      } catch { #expect("\(error)".contains(expected), "\(error)") }
    }
  }

  @Test("floats of 16 bits are read as their values")
  func halfPrecision() {
    // 1, −2.5, infinity, the smallest, in either format.
    let half = SafetensorsFile.Tensor(
      name: "h", type: .float16, shape: [4],
      bytes: Data([0x00, 0x3c, 0x00, 0xc1, 0x00, 0x7c, 0x01, 0x00]))
    #expect(half.floatsOfAnyPrecision == [1, -2.5, .infinity, 0x1p-24])
    let brain = SafetensorsFile.Tensor(
      name: "b", type: .bfloat16, shape: [3], bytes: Data([0x80, 0x3f, 0x20, 0xc0, 0x80, 0x7f]))
    #expect(brain.floatsOfAnyPrecision == [1, -2.5, .infinity])
    #expect(
      SafetensorsFile.Tensor(name: "c", integer: 3).floatsOfAnyPrecision == nil)
  }
}
