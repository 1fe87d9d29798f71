internal import Foundation

/// A corpus in a folder: `clean/` with a sound file for each sentence, `noise/SCENE/` with the recordings of
/// each scene, WAV or FLAC.
///
/// In the order of their names every fourth sentence and every fourth recording of a scene is for testing
/// only. Where sentence and recording names run in parallel, as in `sp04.wav` and `noise_car_sp04.wav`, the
/// same ones of both are kept apart. A scene with fewer than four recordings gives the last quarter of
/// each.
public enum SpeechFolder {
  /// The longest sound that is read, in seconds.
  private static let longest = 3600.0
  /// One of so many is for testing.
  private static let share = 4

  /// Reads a folder.
  /// - Parameters:
  ///   - rate: the samples per second that are wanted, converted to where necessary; `nil` for those of
  ///     the files, which then must agree.
  /// - Throws: `DatasetError` that names what is missing or wrong.
  public static func load(_ path: String, rate: Int? = nil) throws -> SpeechCorpus {
    guard OrdinaryFile.isFolder(path) else {
      throw DatasetError.missing(path: path, expected: "a folder with clean/ and noise/SCENE/")
    }
    let clean = try sounds(in: path + "/clean", rate: rate)
    guard clean.count >= share else {
      throw DatasetError.impossible(
        "\(path)/clean: found \(clean.count) sentences, expected at least \(share): one of "
          + "\(share) is kept for testing")
    }
    let common = clean[0].rate
    let noise = path + "/noise"
    let scenes = try entries(of: noise, expected: "a folder for each scene")
      .filter { OrdinaryFile.isFolder("\(noise)/\($0)") }
    guard !scenes.isEmpty else {
      throw DatasetError.missing(path: noise + "/SCENE", expected: "a folder for each scene")
    }
    return try SpeechCorpus(
      name: URL(fileURLWithPath: path).lastPathComponent, rate: common, sentences: split(clean),
      scenes: scenes.map { scene in
        let folder = "\(noise)/\(scene)"
        let recordings = try sounds(in: folder, rate: rate, agreeing: common)
        return SpeechCorpus.Scene(
          name: scene,
          noise: recordings.count < share
            ? try splitInTime(recordings, folder) : split(recordings))
      })
  }

  // MARK: Files

  private static func entries(of folder: String, expected: String) throws -> [String] {
    guard OrdinaryFile.isFolder(folder) else {
      throw DatasetError.missing(path: folder, expected: expected)
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw DatasetError.unreadable(path: folder, reason: error.localizedDescription)
    }
  }

  /// The sounds of a folder by name; without a wanted rate all must have the same.
  private static func sounds(
    in folder: String, rate: Int?, agreeing common: Int? = nil
  ) throws -> [Waveform] {
    let endings = Set(AudioFile.endings)
    let names = try entries(of: folder, expected: "a folder with WAV or FLAC files")
      .filter { endings.contains(($0 as NSString).pathExtension.lowercased()) }
    guard !names.isEmpty else {
      throw DatasetError.missing(path: folder + "/*.wav", expected: "WAV or FLAC files")
    }
    var sounds: [Waveform] = []
    for name in names {
      let sound = try AudioFile.read("\(folder)/\(name)", rate: rate, atMost: longest)
      if let expected = common ?? sounds.first?.rate, sound.rate != expected {
        throw DatasetError.unreadable(
          path: "\(folder)/\(name)",
          reason: "found \(sound.rate) samples per second, expected \(expected) as in the files "
            + "before; set a rate to convert them")
      }
      sounds.append(sound)
    }
    return sounds
  }

  // MARK: Splits

  private static func split(_ sounds: [Waveform]) -> SpeechCorpus.Split {
    func every(_ isTesting: Bool) -> [Waveform] {
      sounds.enumerated().filter { ($0.offset % share == share - 1) == isTesting }.map(\.element)
    }
    return SpeechCorpus.Split(training: every(false), testing: every(true))
  }

  private static func splitInTime(
    _ sounds: [Waveform], _ folder: String
  ) throws -> SpeechCorpus.Split {
    func part(_ sound: Waveform, _ range: Range<Int>) throws -> Waveform {
      let part = Waveform(rate: sound.rate, samples: Array(sound.samples[range]))
      guard part.power > 0 else {
        throw DatasetError.impossible(
          "\(folder): fewer than \(share) recordings, of which the last quarter is kept for "
            + "testing: found it, or what is before it, silent")
      }
      return part
    }
    func cut(_ sound: Waveform) -> Int {
      sound.samples.count - max(1, sound.samples.count / share)
    }
    return SpeechCorpus.Split(
      training: try sounds.map { try part($0, 0..<cut($0)) },
      testing: try sounds.map { try part($0, cut($0)..<$0.samples.count) })
  }
}
