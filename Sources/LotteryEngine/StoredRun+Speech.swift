public import Datasets
internal import Experiments
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// A sound with its noise and without, by a run's retrained subnetwork.
  public struct Enhancement: Sendable {
    /// The sound as it was, at its own rate.
    public let noisy: Waveform
    /// The same without noise, as long and at the same rate.
    public let enhanced: Waveform
    /// The subnetwork that took the noise out.
    public let subnetwork: String
    /// Samples per second at which it works; what the sound has above half of it is lost.
    public let workingRate: Int
    /// The round whose weights it has.
    public let round: Int
    /// That round's target, if it has one.
    public let target: Double?
    /// SI-SNR of both beside the clean sound, in dB, if there is one.
    public let decibels: (noisy: Double, enhanced: Double)?
    /// Spectrograms one above the other: noisy, clean if it is known, enhanced; `nil` if none was asked for.
    public let spectrogram: Picture?
  }

  /// The longest sound that is enhanced, in seconds.
  public static let longestSound = 3600.0

  /// The most windows that a spectrogram shows.
  private static let widestSpectrogram = 16_384

  /// Takes the noise out of a file.
  /// - Parameters:
  ///   - path: a WAV or FLAC file of any rate.
  ///   - scene: the subnetwork to ask, by name; `nil` for the only one.
  ///   - clean: a file with the speech alone, to measure by.
  ///   - round: the round whose retrained weights to use; `nil` is the last retrained, or that of the
  ///     target.
  ///   - target: the target sparsity whose weights to use.
  ///   - drawsSpectrogram: whether spectrograms are wanted.
  ///   - threads: how many threads compute.
  /// - Throws: `EngineError` for a run that enhances no speech, no such scene, round or target;
  ///   `DatasetError` for files that cannot be read, are silent, or do not fit each other.
  public func enhance(
    _ path: String, scene: String?, clean: String?, round: Int?, target: Double?,
    drawsSpectrogram: Bool, threads: Int
  ) throws -> Enhancement {
    guard config.task.kind == .speech, let rate = config.dataset.sampleRate else {
      throw EngineError.unsupported(
        "run '\(directory.name)' enhances no speech; its task.kind is "
          + "'\(config.task.kind.rawValue)'")
    }
    let k = try index(of: scene)
    let ticket = try readTicket(round: try round ?? target.map(retrainedRound(of:)))
    let sound = try AudioFile.read(path, atMost: Self.longestSound)
    let noisy = try AudioFile.resampled(sound, to: rate)
    let reference = try clean.map { try AudioFile.read($0, rate: rate, atMost: Self.longestSound) }
    if let reference, let clean, reference.samples.count != noisy.samples.count {
      throw DatasetError.unreadable(
        path: clean,
        reason: "found \(reference.samples.count) samples at \(rate) a second, expected "
          + "\(noisy.samples.count) as in \(path)")
    }
    let framing = Framing(rate: rate)
    if drawsSpectrogram, framing.frames(samples: noisy.samples.count) > Self.widestSpectrogram {
      throw EngineError.unsupported(
        "spectrogram: found \(framing.frames(samples: noisy.samples.count)) windows of sound, "
          + "expected at most \(Self.widestSpectrogram)")
    }
    let effective = FloatBuffer(count: ticket.parameters[k].count)
    effective.copy(from: ticket.parameters[k], keeping: ticket.masks[k].bits)
    let enhanced = SpeechEnhancer(
      framing: framing, mask: ModelCatalogue.complexMask(config.model),
      pool: WorkerPool(threads: threads)
    ).enhanced(noisy.samples, weights: effective, statistics: ticket.statistics[k])
    guard enhanced.allSatisfy(\.isFinite) else {
      throw EngineError.unsupported(
        "run '\(directory.name)': the weights of round \(ticket.round) give no sound, but values "
          + "that are no numbers")
    }
    return Enhancement(
      noisy: sound,
      enhanced: try back(Waveform(rate: rate, samples: enhanced), like: sound),
      subnetwork: subnetworkNames[k], workingRate: rate, round: ticket.round,
      target: ticket.target,
      decibels: reference.map {
        (
          ScaleInvariantSNR.decibels(of: noisy.samples, to: $0.samples),
          ScaleInvariantSNR.decibels(of: enhanced, to: $0.samples)
        )
      },
      spectrogram: drawsSpectrogram
        ? SpectrogramPicture.draw(
          [noisy.samples] + (reference.map { [$0.samples] } ?? []) + [enhanced], framing: framing)
        : nil)
  }

  /// A sound at the rate and with the length of another.
  private func back(_ sound: Waveform, like other: Waveform) throws -> Waveform {
    var sound = try AudioFile.resampled(sound, to: other.rate)
    let missing = other.samples.count - sound.samples.count
    sound.samples.removeLast(max(0, -missing))
    sound.samples += [Float](repeating: 0, count: max(0, missing))
    return sound
  }
}
