import Foundation
import Testing

/// What PyTorch's side sees of a run, through the `safetensors` package.
@Suite(
  "Reading from Python", .enabled(if: Program.path != nil, Program.absence),
  .enabled("no python3 with the safetensors package (pip install safetensors numpy)") {
    await SafetensorsPackage.python() != nil
  })
struct PythonTests {
  /// Masks are BOOL in the weights' shapes, with exactly the counts that `rtl show` reports; the
  /// masks of a later round are inside those of an earlier one; all numbers are finite.
  private static let script = """
    import json, sys, glob
    import numpy
    from safetensors.numpy import load_file

    directory, left = sys.argv[1], json.loads(sys.argv[2])
    files = sorted(glob.glob(directory + "/*/*.safetensors") + glob.glob(directory + "/*.safetensors"))
    tensors = {f: load_file(f) for f in files}
    masks = [t for f, t in tensors.items() if all(v.dtype == bool for v in t.values())]
    others = [t for t in tensors.values() if not any(t is m for m in masks)]
    for name, tensor in ((n, v) for t in others for n, v in t.items()):
        counts = name.endswith(".num_batches_tracked")
        assert tensor.dtype == (numpy.int64 if counts else numpy.float32), name
        assert not counts or (tensor.shape == () and tensor > 0), name
    assert len(masks) == 3, files
    masks.sort(key=lambda t: -sum(int(v.sum()) for v in t.values()))
    assert all(v.all() for v in masks[0].values()), "round 0 is dense"
    weights = [t for t in others if "classifier.weight" in t]
    assert len(weights) == 3, "theta0 and two targets"
    for key, mask in masks[2].items():
        subset, parameter = key.split("/", 1)
        assert weights[0][parameter].shape == mask.shape, key
        assert not (mask & ~masks[1][key]).any(), "masks do not nest: " + key
    for subset, count in left.items():
        found = sum(int(v.sum()) for k, v in masks[2].items() if k.startswith(subset + "/"))
        assert found == count, (subset, found, count)
    assert all(numpy.isfinite(v).all() for t in others for v in t.values())
    print("ok", len(files))
    """

  @Test("masks, weights and statistics load with their names, shapes and counts")
  func load() async throws {
    let python = try #require(await SafetensorsPackage.python())
    let run = try await TinyExperiment.finished()
    let shown = try await Program.rtl("show", "tiny", "--json", "--runs", run.runs)
    let summary = try TinyExperiment.object(shown.output)
    let subnetworks = try #require(summary["subnetworks"] as? [[String: Any]])
    var left: [String: Int] = [:]
    for subnetwork in subnetworks {
      left[try #require(subnetwork["name"] as? String)] = subnetwork["weights_left"] as? Int
    }
    let counts = String(decoding: try JSONSerialization.data(withJSONObject: left), as: UTF8.self)
    let script = try run.folder.write(Self.script, to: "load.py")
    let outcome = try await Program.run(python, [script, run.directory, counts])
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.hasPrefix("ok"))
  }
}

/// Python's `safetensors` package.
enum SafetensorsPackage {
  /// A Python that has it; `nil` if none.
  static func python() async -> String? {
    guard let python = Program.find("python3") else { return nil }
    let outcome = try? await Program.run(python, ["-c", "import safetensors.numpy"])
    return outcome?.status == 0 ? python : nil
  }
}
