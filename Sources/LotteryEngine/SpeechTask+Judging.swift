internal import Datasets
package import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

extension SpeechTask {
  /// A held-out mixture: a sentence in a scene, one of its takes.
  private struct Trial {
    var scene: Int
    var sentence: Int
    var take: Int
  }

  /// What a subnetwork made of a trial.
  private struct Result {
    var trial: Trial
    var mixture: SpeechMixer.Example
    var enhanced: [Float]
    var loss: Double
    /// The SI-SNR of the mixture and of the enhanced sound.
    var noisyDecibels: Double
    var enhancedDecibels: Double

    var improvement: Double { enhancedDecibels - noisyDecibels }
  }

  /// Held-out mixtures of a corpus from files are the same for every seed, so that runs can be
  /// compared; the built-in corpus is another for each.
  private static let testSeed: UInt64 = 0

  /// At most so many held-out mixtures of a scene, the first of them the first take of the first sentence.
  private func trials(scene: Int, atMost count: Int) -> [Trial] {
    corpus.sentences.testing.indices.flatMap { sentence in
      (0..<config.dataset.testMixtures).map { Trial(scene: scene, sentence: sentence, take: $0) }
    }.spread(to: count)
  }

  /// By how much each subnetwork improves held-out mixtures of its scenes, whole sentences that training
  /// never heard in noise that it never heard. At the end of an extraction `evaluation.round_samples` of a
  /// scene are enough.
  package func judge(
    _ candidates: [Candidate], after stage: Stage, round: Int, with trainer: SubnetworkTrainer,
    beforeEach: () throws -> Void
  ) throws -> Verdict? {
    let wanted = stage == .extraction ? config.evaluation.roundSamples : Int.max
    guard wanted > 0 else { return nil }
    let mixer = SpeechMixer(corpus, decibels: self.mixer.decibels, seed: Self.testSeed)
    let enhancer = SpeechEnhancer(
      framing: framing, mask: ModelCatalogue.complexMask(config.model), pool: trainer.pool)
    let effective = FloatBuffer(count: trainer.network.layout.count)
    var judged: [[Result]] = []
    for candidate in candidates {
      effective.copy(from: candidate.parameters, keeping: candidate.mask)
      let trials = scenes(of: candidate.subnetwork).flatMap {
        self.trials(scene: $0, atMost: wanted)
      }
      judged.append(
        try trials.map { trial in
          try beforeEach()
          return result(of: trial, mixer) {
            enhancer.enhanced($0, weights: effective, statistics: candidate.statistics)
          }
        })
    }
    let names = candidates.map { subnetworkNames[$0.subnetwork] }
    return Verdict(
      qualities: zip(candidates, judged).map { candidate, results in
        func mean(_ figure: (Result) -> Double) -> Double {
          results.reduce(0) { $0 + figure($1) } / Double(results.count)
        }
        return SubnetworkQuality(
          subnetwork: candidate.subnetwork, loss: mean(\.loss),
          score: QualityScore(.siSNRImprovement, mean(\.improvement)))
      },
      samples: judged.reduce(0) { $0 + $1.count },
      drawings: zip(candidates, judged).flatMap { candidate, results in
        // Ordered by scene, so the first of each is its first trial.
        results.filter { $0.trial.sentence == 0 && $0.trial.take == 0 }.map { result in
          .soundEnhanced(
            report(of: result, by: candidate.subnetwork, after: stage, round: round))
        }
      },
      table: { table(zip(names, judged).map { (name: $0, results: $1) }) })
  }

  private func result(
    of trial: Trial, _ mixer: SpeechMixer, enhanced: ([Float]) -> [Float]
  ) -> Result {
    let mixture = mixer.testing(scene: trial.scene, sentence: trial.sentence, take: trial.take)
    let sound = enhanced(mixture.noisy)
    let loss = mixture.noisy.withUnsafeBufferPointer { noisy in
      mixture.clean.withUnsafeBufferPointer { clean in
        sound.withUnsafeBufferPointer {
          WeightedSDR.evaluate(noisy: noisy, clean: clean, estimate: $0)
        }
      }
    }
    return Result(
      trial: trial, mixture: mixture, enhanced: sound, loss: loss,
      noisyDecibels: ScaleInvariantSNR.decibels(of: mixture.noisy, to: mixture.clean),
      enhancedDecibels: ScaleInvariantSNR.decibels(of: sound, to: mixture.clean))
  }

  private func report(
    of result: Result, by subnetwork: Int, after stage: Stage, round: Int
  ) -> SpectrogramReport {
    let levels = SpectrogramLevels(
      [result.mixture.noisy, result.mixture.clean, result.enhanced], framing: framing,
      columns: SpectrogramReport.mostColumns, rows: SpectrogramReport.mostRows,
      decibels: Float(SpectrogramReport.decibels))
    return SpectrogramReport(
      stage: stage, round: round, subnetwork: subnetwork, scene: result.trial.scene,
      sceneName: corpus.scenes[result.trial.scene].name,
      seconds: Double(result.enhanced.count) / Double(corpus.rate),
      hertz: Double(corpus.rate) / 2, width: levels.width, height: levels.height,
      noisy: Data(levels.sounds[0]), clean: Data(levels.sounds[1]),
      enhanced: Data(levels.sounds[2]), improvement: result.improvement)
  }

  /// A line per mixture.
  private func table(_ judged: [(name: String, results: [Result])]) -> String {
    var lines = [
      "subnetwork,scene,sentence,take,noise,mixed_at_db,noisy_si_snr,enhanced_si_snr,improvement"
    ]
    for (name, results) in judged {
      for result in results {
        let figures = [
          Double(result.mixture.decibels), result.noisyDecibels, result.enhancedDecibels,
          result.improvement,
        ]
        lines.append(
          CSV.line(
            [name, corpus.scenes[result.trial.scene].name, "\(result.trial.sentence)"]
              + ["\(result.trial.take)", "\(result.mixture.noise)"] + figures.map { "\($0)" }))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
