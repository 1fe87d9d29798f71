import Datasets
import Foundation

extension FuzzTarget {
  /// The reader of WAV and FLAC files.
  static func sounds() throws -> FuzzTarget {
    let tone = Waveform(
      rate: 8000, samples: (0..<200).map { Float(sin(Double($0) * 0.3)) * 0.5 })
    let flac = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("DatasetsTests/Fixtures/tone.flac")
    return FuzzTarget(
      name: "sounds",
      samples: [[UInt8](try AudioFile.wav(tone)), [UInt8](try Data(contentsOf: flac))],
      words: ["RIFF", "WAVE", "fmt ", "data", "fact", "LIST", "fLaC", "ds64", "PEAK", "bext"]
        .map { Array($0.utf8) }
        + [
          [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [3, 0], [254, 255], [0, 64],
        ],
      usual: 500
    ) { input in
      let sound = try AudioFile.decode(Data(input), path: "a.wav")
      guard sound.samples.allSatisfy(\.isFinite) else { return "a sample that is no number" }
      // What was read can be written, if not louder than full scale.
      let again = try? AudioFile.decode(AudioFile.wav(sound), path: "again.wav")
      return again.map { $0.samples.count == sound.samples.count } ?? true
        ? nil : "\(sound.samples.count) samples are written as others"
    }
  }
}
