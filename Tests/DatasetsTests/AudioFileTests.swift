import Datasets
import Foundation
import Testing

struct AudioFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  private func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/" + name))
  }

  /// A sine with a soft beginning and end.
  private func tone(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 0.5) -> Waveform
  {
    Waveform(
      rate: rate,
      samples: (0..<count).map { n in
        let fade = min(1, Double(min(n, count - 1 - n)) / (0.05 * Double(rate)))
        return Float(amplitude * fade * sin(2 * .pi * frequency * Double(n) / Double(rate)))
      })
  }

  /// A WAV file with a head of its own.
  private func wav(
    format: Int = 1, channels: Int = 1, rate: Int = 8000, bits: Int = 16, body: [UInt8]
  ) -> Data {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let frame = channels * bits / 8
    let head =
      Array("WAVEfmt ".utf8) + little(16, 4) + little(format, 2) + little(channels, 2)
      + little(rate, 4) + little(rate * frame, 4) + little(frame, 2) + little(bits, 2)
      + Array("data".utf8) + little(body.count, 4)
    return Data(Array("RIFF".utf8) + little(head.count + body.count, 4) + head + body)
  }

  private func reason(_ data: Data) -> String {
    do {
      _ = try AudioFile.decode(data, path: "a.wav")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("what is written as WAV is read back, to half a step of 16 bits, and then exactly")
  func roundTrip() throws {
    let sound = tone(440, rate: 16_000, count: 4000)
    let once = try AudioFile.decode(AudioFile.wav(sound), path: "a.wav")
    #expect(once.rate == 16_000 && once.samples.count == 4000)
    #expect(zip(once.samples, sound.samples).allSatisfy { abs($0 - $1) <= 0x1.001p-16 })
    #expect(try AudioFile.decode(AudioFile.wav(once), path: "a.wav") == once)
    let loud = Waveform(rate: 8000, samples: [0.25, 1.5, -1.5, 1])
    #expect(
      try AudioFile.decode(AudioFile.wav(loud), path: "a.wav").samples
        == [0.25, 32767 / 32768, -1, 32767 / 32768])
  }

  @Test("FLAC and WAV of the same sound are the same; two channels are mixed to their mean")
  func formats() throws {
    let flac = try AudioFile.decode(fixture("tone.flac"), path: "tone.flac")
    #expect(flac.rate == 11_025 && flac.samples.count == 2205)
    let expected = (0..<2205).map { n in
      Float((12_000 * sin(2 * .pi * 441 * Double(n) / 11_025)).rounded() / 32_768)
    }
    #expect(flac.samples == expected)
    // Left 100, right 300; then −2 and 0.
    let stereo = try AudioFile.decode(
      wav(channels: 2, body: [100, 0, 44, 1, 254, 255, 0, 0]), path: "a.wav")
    #expect(stereo.samples == [200 / 32_768, -1 / 32_768])
  }

  @Test("bad files are told apart in one sentence")
  func badFiles() throws {
    #expect(reason(Data()) == "a.wav: byte 0: found nothing, expected WAV or FLAC")
    #expect(
      reason(Data("hello, world!".utf8)) == "a.wav: byte 0: found no sound, expected WAV or FLAC")
    #expect(reason(wav(body: [])).hasSuffix("found no samples, expected sound"))
    #expect(
      reason(wav(body: [UInt8](repeating: 0, count: 8)))
        == "a.wav: cannot be read: found 4 silent samples, expected sound")
    let numbers: [Float] = [0.5, .nan, 0.25]
    let bytes = numbers.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
    #expect(
      reason(wav(format: 3, bits: 32, body: bytes))
        == "a.wav: cannot be read: sample 1: found nan, expected a number")
    #expect(
      reason(wav(rate: 100, body: [1, 2, 3, 4]))
        == "a.wav: cannot be read: found 100 samples per second, expected 4000 to 192000")
    #expect(
      reason(Data(wav(body: [UInt8](repeating: 7, count: 100)).prefix(90)))
        == "a.wav: ends at byte 90; expected 144 bytes, as its head says")
    #expect(
      throws: DatasetError.missing(path: "/nowhere/a.wav", expected: "a WAV or FLAC file")
    ) { try AudioFile.read("/nowhere/a.wav") }
    #expect(throws: DatasetError.self) { try AudioFile.read("/dev/zero") }
  }

  @Test("a sound that is longer than wanted is refused with both lengths")
  func tooLong() throws {
    let path = FileManager.default.temporaryDirectory.path + "/rtl-long-\(UUID().uuidString).wav"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AudioFile.wav(tone(300, rate: 8000, count: 16_000)).write(to: URL(fileURLWithPath: path))
    #expect(try AudioFile.read(path, rate: 16_000, atMost: 2).samples.count == 32_000)
    #expect(
      throws: DatasetError.unreadable(path: path, reason: "found 2.0 seconds, expected at most 1.5")
    ) { try AudioFile.read(path, atMost: 1.5) }
  }

  @Test("a file cut anywhere, or with a byte changed, is named and never trusted with memory")
  func damaged() throws {
    let flac = [UInt8](try fixture("tone.flac"))
    for (name, good) in [
      ("flac", flac), ("wav", [UInt8](try AudioFile.wav(tone(440, rate: 8000, count: 400)))),
    ] {
      for length in stride(from: 0, to: good.count, by: max(1, good.count / 60)) {
        #expect(throws: DatasetError.self, "\(name) of \(length) bytes") {
          try AudioFile.decode(Data(good.prefix(length)), path: name)
        }
      }
      for place in stride(from: 0, to: min(good.count, 200), by: 1) {
        var changed = good
        changed[place] ^= 0x41
        let sound = try? AudioFile.decode(Data(changed), path: name)
        #expect(sound.map { $0.samples.count <= 16 * good.count } ?? true)
      }
    }
  }

  @Test(
    "a tone stays the same tone at another rate",
    arguments: [(8000, 16_000), (16_000, 8000), (44_100, 16_000), (16_000, 11_025)])
  func resampling(from: Int, to: Int) throws {
    let sound = tone(1000, rate: from, count: from)
    let result = try AudioFile.resampled(sound, to: to)
    #expect(result.rate == to && result.samples.count == to)
    let expected = tone(1000, rate: to, count: to)
    // The fade has corners, which no band-limited sound has: compared away from them.
    let middle = to / 10..<to * 9 / 10
    let worst = middle.map { abs(result.samples[$0] - expected.samples[$0]) }.max() ?? 1
    #expect(worst < 1e-3)
  }

  @Test("what the new rate cannot hold is gone, not folded back")
  func folding() throws {
    let high = tone(7000, rate: 16_000, count: 16_000)
    let result = try AudioFile.resampled(high, to: 8000)
    let middle = Waveform(rate: 8000, samples: Array(result.samples[800..<7200]))
    #expect(middle.power < 1e-8 * high.power)
    #expect(try AudioFile.resampled(high, to: 16_000) == high)
    #expect(throws: DatasetError.self) { try AudioFile.resampled(high, to: 1) }
  }
}
