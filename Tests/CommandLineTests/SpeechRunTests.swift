import Foundation
import Testing

/// Speech from start to an enhanced file, through the program's own verbs.
@Suite("Speech", .enabled(if: Program.path != nil, Program.absence))
struct SpeechRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let config = """
    name: speech
    batch_size: 2
    dataset: {kind: procedural_speech, sample_rate: 4000, seconds: 0.5, train_samples: 4, test_samples: 2}
    subsets: {by: scene}
    task: {kind: speech, steps_per_epoch: 2}
    model: {kind: spectral_unet}
    optimizer: {learning_rate: 0.003}
    extraction: {epochs_per_round: 1, prune_count: 100000, targets: [0.5]}
    retraining: {epochs: 2}

    """

  private func rtl(_ words: [String]) async throws -> Outcome {
    try await Program.run(
      try #require(Program.path), words + ["--runs", folder.path("runs")])
  }

  private func run(_ config: String) async throws -> Outcome {
    let path = try folder.write(config, to: "speech.yaml")
    return try await rtl(["run", path, "--headless", "--threads", "2"])
  }

  /// A WAV file of 16 bits and one channel: a tone, or silence.
  private func writeSound(_ name: String, rate: Int, samples: Int, loudness: Double = 0.3) throws {
    var data = Data("RIFF".utf8)
    func put(_ value: Int, bytes: Int) {
      for byte in 0..<bytes { data.append(UInt8(value >> (8 * byte) & 0xff)) }
    }
    put(36 + 2 * samples, bytes: 4)
    data += Data("WAVEfmt ".utf8)
    for (value, bytes) in [(16, 4), (1, 2), (1, 2), (rate, 4), (2 * rate, 4), (2, 2), (16, 2)] {
      put(value, bytes: bytes)
    }
    data += Data("data".utf8)
    put(2 * samples, bytes: 4)
    for n in 0..<samples {
      put(Int(32767 * loudness * sin(Double(n) * 0.31)) & 0xffff, bytes: 2)
    }
    try data.write(to: URL(fileURLWithPath: folder.path(name)))
  }

  /// Rate and bytes of samples in the head of a WAV file.
  private func head(_ name: String) throws -> (rate: Int, bytes: Int) {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
    func number(_ start: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(data[start + $1]) << (8 * $1) }
    }
    return (number(24), number(4) - 36)
  }

  @Test("run, show, runs, eval and enhance tell of SI-SNR")
  func wholeWay() async throws {
    let outcome = try await run(Self.config)
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.contains("SI-SNRi") && !outcome.output.contains("balanced accuracy"))
    let shown = try await rtl(["show", "speech"])
    #expect(shown.status == 0 && shown.output.contains("SI-SNRi dB"), "\(shown.summary)")
    let listed = try await rtl(["runs", "--where", "si_snr_improvement > -90", "--json"])
    #expect(listed.status == 0 && listed.output.contains("speech"), "\(listed.summary)")
    let judged = try await rtl(["eval", "speech", "--predictions", folder.path("mixtures.csv")])
    #expect(judged.status == 0 && judged.output.contains("SI-SNRi"), "\(judged.summary)")
    let mixtures = try String(contentsOfFile: folder.path("mixtures.csv"), encoding: .utf8)
    #expect(mixtures.split(separator: "\n").count == 25, "three scenes, two sentences, four takes")

    try writeSound("in.wav", rate: 11_025, samples: 15_000)
    let words = ["enhance", "speech", "--scene", "outdoor", folder.path("in.wav")]
    let enhanced = try await rtl(
      words + [
        "-o", folder.path("out.wav"), "--target", "0.5", "--clean", folder.path("in.wav"),
        "--spectrogram", folder.path("out.png"),
      ])
    #expect(enhanced.status == 0, "\(enhanced.summary)")
    #expect(enhanced.output.contains("worked on at 4000 Hz, subnetwork outdoor, round 1, target"))
    #expect(enhanced.output.contains("SI-SNR 100.000 dB →"))
    let written = try head("out.wav")
    #expect(written.rate == 11_025 && written.bytes == 30_000)
    let picture = try Data(contentsOf: URL(fileURLWithPath: folder.path("out.png")))
    #expect(picture.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))

    try writeSound("silent.wav", rate: 4000, samples: 4000, loudness: 0)
    try folder.write("no sound", to: "text.wav")
    let new = ["-o", folder.path("new.wav")]
    for (words, reason) in [
      (
        words + ["-o", folder.path("out.wav")], "out.wav: is there already; --force writes over it"
      ),
      (words + new + ["--target", "0.7"], "target: found 0.7, expected one that run 'speech'"),
      (words + new + ["--target", "0.5", "--round", "1"], "give one of them"),
      (words + new + ["--round", "9"], "has no round 9"),
      (words + ["-o", folder.path("nowhere/new.wav")], "nowhere/new.wav: cannot be written"),
      (["enhance", "speech", "--scene", "outdor", folder.path("in.wav")] + new, "mean 'outdoor'?"),
      (["enhance", "speech", folder.path("in.wav")] + new, "which subnetwork?"),
      (["enhance", "speech", "--scene", "indoor", folder.path("silent.wav")] + new, "silent"),
      (
        ["enhance", "speech", "--scene", "indoor", folder.path("text.wav")] + new, "found no sound"
      ),
    ] as [([String], String)] {
      let refused = try await rtl(words)
      #expect(refused.status == 2 && refused.errors.contains(reason), "\(refused.summary)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("new.wav")))
    let again = try await rtl(words + ["-o", folder.path("out.wav"), "--force"])
    #expect(again.status == 0, "\(again.summary)")
  }

  @Test("a run of images enhances no speech")
  func noSpeech() async throws {
    let finished = try await TinyExperiment.finished()
    let outcome = try await Program.rtl(
      "enhance", "tiny", "in.wav", "-o", folder.path("a.wav"), "--runs", finished.runs)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("run 'tiny' enhances no speech; its task.kind is 'binary'"))
  }

  @Test("folders that hold no corpus leave no run behind")
  func badFolders() async throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("empty/clean"), withIntermediateDirectories: true)
    for (path, reason) in [
      ("nowhere", "nowhere: not found; expected a folder with clean/ and noise/SCENE/"),
      ("empty", "empty/clean/*.wav: not found; expected WAV or FLAC files"),
    ] {
      let outcome = try await run(
        Self.config.replacingOccurrences(
          of: "kind: procedural_speech, ", with: "kind: speech, path: \(path), "))
      #expect(outcome.status == 2 && outcome.errors.contains(reason), "\(outcome.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("runs/speech")))
    }
  }

  @Test("the embedded config is known, checked and shown layer by layer")
  func embedded() async throws {
    let checked = try await Program.rtl("check", "speech-demo", "--layers")
    #expect(checked.status == 0, "\(checked.summary)")
    #expect(checked.output.contains("spectral_unet on procedural_speech"))
    #expect(checked.output.contains("37,368") && checked.output.contains("input 2 × 63 × 257"))
    let mistaken = try await Program.rtl("check", "speech-dmo")
    #expect(mistaken.status == 2 && mistaken.errors.contains("did you mean 'speech-demo'?"))
  }
}
