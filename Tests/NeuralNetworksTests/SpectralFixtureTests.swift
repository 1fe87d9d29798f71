import NeuralNetworks
import Tensors
import Testing

/// Transforms, masks, loss and network of speech enhancement against PyTorch in double precision.
@Suite struct SpectralFixtureTests {
  let fixture: SpectralFixture

  init() throws { fixture = try SpectralFixture.load() }

  func filled(_ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
    var result = [Float](repeating: .nan, count: count)
    result.withUnsafeMutableBufferPointer { body($0) }
    return result
  }

  func pointer(
    _ buffer: UnsafeMutableBufferPointer<Float>,
    _ body: (UnsafeMutablePointer<Float>)
      -> Void
  ) {
    if let base = buffer.baseAddress { body(base) }
  }

  @Test func transformsAndTheirBackwardPasses() {
    let fourier = ShortTimeFourier(fixture.framing)
    let sound = fixture.noisy[0]
    let count = fixture.spectrumCount
    let spectra = FloatBuffer(SpectralFixture.values(fixture.streams.spectra, count))
    sound.withUnsafeBufferPointer { sound in
      let forward = filled(count) { pointer($0) { fourier.transform(sound, into: $0) } }
      #expect(fixture.deviation("stft", forward) < 1e-6)
      let back = filled(count) { pointer($0) { fourier.invertBackward(sound, into: $0) } }
      #expect(fixture.deviation("istft.gradient", back) < 1e-6)
    }
    let inverse = filled(sound.count) { fourier.invert(spectra.pointer, into: $0) }
    #expect(fixture.deviation("istft", inverse) < 1e-6)
    let back = filled(sound.count) { fourier.transformBackward(spectra.pointer, into: $0) }
    #expect(fixture.deviation("stft.gradient", back) < 1e-6)
  }

  @Test func weightedSDRAndItsGradient() throws {
    let (noisy, clean) = (fixture.noisy, fixture.clean)
    let expected = try #require(fixture.losses["wsdr"])
    noisy[0].withUnsafeBufferPointer { x in
      clean[0].withUnsafeBufferPointer { y in
        noisy[1].withUnsafeBufferPointer { e in
          var loss = 0.0
          let gradient = filled(x.count) {
            loss = WeightedSDR.evaluate(noisy: x, clean: y, estimate: e, gradient: $0)
          }
          #expect(abs(loss - expected) < 1e-7)
          #expect(fixture.deviation("wsdr.gradient", gradient) < 1e-6)
        }
      }
    }
    let ratio = try #require(fixture.losses["si_snr"])
    #expect(abs(ScaleInvariantSNR.decibels(of: noisy[0], to: clean[0]) - ratio) < 1e-5)
  }

  @Test(arguments: ComplexMask.allCases)
  func masks(_ mask: ComplexMask) throws {
    let loss = EnhancementLoss(
      framing: fixture.framing, samples: fixture.samples, capacity: 2, mask: mask,
      pool: WorkerPool(threads: 2))
    let (input, outputs) = (fixture.shape.batch(samples: 2), fixture.shape.batch(samples: 2))
    let gradient = fixture.shape.batch(samples: 2)
    let values = FloatBuffer(
      SpectralFixture.values(fixture.streams.outputs, 2 * fixture.spectrumCount, scale: 2))
    for sample in 0..<2 {
      fixture.shape.store(
        values.pointer + sample * fixture.spectrumCount, into: outputs, sample: sample)
    }
    loss.prepare(noisy: fixture.noisy, into: input)
    let value = loss.evaluate(outputs: outputs, clean: fixture.clean, gradient: gradient)
    let expected = try #require(fixture.losses["mask.\(mask.rawValue)"])
    #expect(abs(value - expected) < 1e-6)
    #expect(
      fixture.deviation("mask.\(mask.rawValue).gradient", fixture.plain(gradient)) < 1e-5)
  }

  /// The network with its loss.
  struct Subject {
    let network: Network
    let loss: EnhancementLoss
    let statistics: BatchNormStatistics
    let clean: [[Float]]

    init(_ fixture: SpectralFixture, threads: Int) {
      let pool = WorkerPool(threads: threads)
      network = SpectralUNet.network(fixture.shape, capacity: 3, pool: pool)
      loss = EnhancementLoss(
        framing: fixture.framing, samples: fixture.samples, capacity: 3, pool: pool)
      statistics = BatchNormStatistics(layout: network.batchNormLayout)
      clean = fixture.clean
      loss.prepare(noisy: fixture.noisy, into: network.input)
    }

    func evaluate(_ weights: FloatBuffer) -> Double {
      network.forward(weights: weights, statistics: statistics, mode: .training)
      return loss.evaluate(
        outputs: network.logits, clean: clean, gradient: network.logitGradient)
    }
  }

  @Test func namesShapesAndCountsArePyTorchs() {
    let layout = Subject(fixture, threads: 1).network.layout
    #expect(layout.slices.map(\.name) == fixture.parameters.map(\.name))
    #expect(layout.slices.map(\.shape) == fixture.parameters.map(\.shape))
    #expect(layout.slices.map(\.range.lowerBound) == fixture.parameters.map(\.offset))
    #expect(layout.prunableCount == 37_368 && fixture.prunable == 37_368)
  }

  @Test func outputsGradientsAndStatistics() throws {
    let subject = Subject(fixture, threads: 2)
    let parameters = fixture.initialParameters()
    let expected = try #require(fixture.losses["network"])
    #expect(abs(subject.evaluate(parameters) - expected) < 1e-5)
    #expect(fixture.deviation("outputs", fixture.plain(subject.network.logits)) < 1e-4)
    let layout = subject.network.layout
    let gradients = FloatBuffer(count: layout.count)
    gradients.fill(.nan)
    subject.network.backward(weights: parameters, gradients: gradients)
    for slice in layout.slices {
      let worst = fixture.deviation("gradient.\(slice.name)", Array(gradients.values[slice.range]))
      #expect(worst < 1e-4, "\(slice.name): \(worst)")
    }
    for entry in subject.network.batchNormLayout.entries {
      for (name, buffer) in [
        ("mean", subject.statistics.mean), ("var", subject.statistics.variance),
      ] {
        let worst = fixture.deviation(
          "\(entry.name).running_\(name)", Array(buffer.values[entry.range]))
        #expect(worst < 1e-5, "\(entry.name): \(worst)")
      }
    }
  }

  @Test func maskedAdamSteps() {
    let subject = Subject(fixture, threads: 1)
    let mask = BitVector(
      (0..<fixture.prunable).map { Fixture.hash(fixture.streams.mask, $0) >> 63 == 1 })
    #expect(mask.populationCount == fixture.mask_ones)
    subject.network.use(mask: mask)
    let layout = subject.network.layout
    let adam = Adam(layout: layout, subnetworks: 1, pool: WorkerPool(threads: 1))
    let parameters = fixture.initialParameters()
    let weights = FloatBuffer(count: layout.count)
    let gradients = FloatBuffer(count: layout.count)
    for expected in fixture.steps {
      weights.copy(from: parameters, keeping: mask)
      #expect(abs(subject.evaluate(weights) - expected) < 1e-4)
      subject.network.backward(weights: weights, gradients: gradients)
      adam.step(
        parameters: parameters, gradients: gradients, mask: mask, subnetwork: 0,
        learningRate: fixture.learning_rate)
    }
  }
}
