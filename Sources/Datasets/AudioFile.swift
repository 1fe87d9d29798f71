internal import CAudioFiles
public import Foundation

/// Reads WAV and FLAC files, writes WAV, and converts between sample rates.
public enum AudioFile {
  /// The endings of files that are taken for sounds.
  public static let endings = ["wav", "flac"]

  /// The sample rates that are taken for sound.
  public static let rates = 4000...192_000

  /// The largest file that is read, in bytes, and the most samples that it may hold.
  private static let (byteLimit, sampleLimit) = (1 << 30, 3600 * 192_000)

  /// Reads a sound; several channels are mixed to their mean, another rate is converted.
  /// - Parameters:
  ///   - rate: the samples per second that are wanted; `nil` for those of the file.
  ///   - seconds: the longest sound that is wanted.
  /// - Throws: `DatasetError` for a file that is missing, damaged, empty, silent, too long, neither WAV nor
  ///   FLAC, or that holds something that is no number.
  public static func read(
    _ path: String, rate: Int? = nil, atMost seconds: Double = .infinity
  ) throws -> Waveform {
    guard OrdinaryFile.exists(path) else {
      throw DatasetError.missing(path: path, expected: "a WAV or FLAC file")
    }
    let sound = try decode(try OrdinaryFile.read(path, limit: byteLimit), path: path)
    guard sound.seconds <= seconds else {
      throw DatasetError.unreadable(
        path: path,
        reason: "found \(text(sound.seconds)) seconds, expected at most \(text(seconds))")
    }
    return try resampled(sound, to: rate ?? sound.rate)
  }

  /// Decodes the bytes of a sound file.
  /// - Parameter path: named in errors.
  /// - Throws: as `read`.
  package static func decode(_ data: Data, path: String) throws -> Waveform {
    let bytes = [UInt8](data)
    try checkContainer(bytes, path: path)
    var sound = ca_sound()
    try call(path) { ca_decode(bytes, bytes.count, Int64(sampleLimit), &sound, $0) }
    defer { ca_free(sound.samples) }
    let rate = Int(sound.rate)
    guard rates.contains(rate) else {
      throw DatasetError.unreadable(
        path: path,
        reason: "found \(rate) samples per second, expected \(rates.lowerBound) to "
          + "\(rates.upperBound)")
    }
    let samples = Array(UnsafeBufferPointer(start: sound.samples, count: Int(sound.count)))
    try checkSamples(samples, path: path)
    return Waveform(rate: rate, samples: samples)
  }

  /// The bytes of a WAV file of 16 bits; what exceeds full scale is clipped.
  /// - Throws: `DatasetError.unreadable` if there is no memory for it.
  public static func wav(_ sound: Waveform) throws -> Data {
    var (bytes, count): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
    try withSound(sound) { source in
      try call("WAV") { ca_encode_wav(&source, &bytes, &count, $0) }
    }
    defer { ca_free(bytes) }
    return Data(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// The same sound at another rate, by a windowed sinc whose width follows the lower of the two: nothing
  /// folds back into what is heard. It has `samples · rate / old rate` samples, rounded up.
  /// - Throws: `DatasetError.impossible` for a rate that is out of reach.
  public static func resampled(_ sound: Waveform, to rate: Int) throws -> Waveform {
    guard rate != sound.rate, !sound.samples.isEmpty else { return sound }
    guard rates.contains(rate) else {
      throw DatasetError.impossible(
        "a rate of \(rate) samples per second: expected \(rates.lowerBound) to "
          + "\(rates.upperBound)")
    }
    var result = ca_sound()
    try withSound(sound) { source in
      try call("resampling") { ca_resample(&source, Int32(rate), &result, $0) }
    }
    defer { ca_free(result.samples) }
    return Waveform(
      rate: rate,
      samples: Array(UnsafeBufferPointer(start: result.samples, count: Int(result.count))))
  }

  // MARK: Checks

  /// Whether it is WAV or FLAC, and a WAV file as long as its head says; the library would take a short
  /// one as it is.
  private static func checkContainer(_ bytes: [UInt8], path: String) throws {
    if bytes.starts(with: Array("fLaC".utf8)) { return }
    guard bytes.starts(with: Array("RIFF".utf8)), bytes.count >= 12,
      Array(bytes[8..<12]) == Array("WAVE".utf8)
    else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: bytes.isEmpty ? "nothing" : "no sound",
        expected: "WAV or FLAC")
    }
    let size = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
    // A writer that could not go back leaves one of these.
    guard size != 0, size != 0xffff_ffff else { return }
    guard bytes.count >= size + 8 else {
      throw DatasetError.truncated(
        path: path, byte: bytes.count, expected: "\(size + 8) bytes, as its head says")
    }
  }

  /// Whether there is something to hear: samples, all of them numbers, and one that 16 bits can tell
  /// from silence.
  private static func checkSamples(_ samples: [Float], path: String) throws {
    guard !samples.isEmpty else {
      throw DatasetError.unreadable(path: path, reason: "found no samples, expected sound")
    }
    if let place = samples.firstIndex(where: { !$0.isFinite }) {
      throw DatasetError.unreadable(
        path: path, reason: "sample \(place): found \(samples[place]), expected a number")
    }
    guard samples.contains(where: { abs($0) >= 0x1p-15 }) else {
      throw DatasetError.unreadable(
        path: path, reason: "found \(samples.count) silent samples, expected sound")
    }
  }

  private static func text(_ seconds: Double) -> String { String(format: "%.1f", seconds) }

  // MARK: Calls

  private static func withSound<Result>(
    _ sound: Waveform, _ body: (inout ca_sound) throws -> Result
  ) rethrows -> Result {
    var samples = sound.samples
    return try samples.withUnsafeMutableBufferPointer { buffer in
      var source = ca_sound(
        rate: Int32(sound.rate), count: Int64(buffer.count), samples: buffer.baseAddress)
      return try body(&source)
    }
  }

  private static func call(
    _ path: String, _ function: (UnsafeMutablePointer<CChar>?) -> Int32
  ) throws {
    var message = [CChar](repeating: 0, count: Int(ca_message_size))
    let status = message.withUnsafeMutableBufferPointer { function($0.baseAddress) }
    guard status == 0 else {
      let text = String(
        decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw DatasetError.unreadable(path: path, reason: text)
    }
  }
}
