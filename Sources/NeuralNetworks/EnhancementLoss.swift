public import Tensors

/// From a network's masks to the loss of the enhanced sounds, and back (paper §7).
///
/// spectra X of the noisy sound → estimate M · X, complex, for each window and frequency → inverse transform →
/// weighted SDR beside the clean sound. Samples are shared among the pool's workers; each has its own scratch
/// memory, and losses are added in their order.
public final class EnhancementLoss {
  /// How sounds are cut.
  public let framing: Framing
  /// Samples of a sound.
  public let samples: Int
  /// The spectra of such a sound.
  public let shape: SpectralShape
  /// What the network's outputs mean.
  public let mask: ComplexMask

  private let pool: WorkerPool
  private let workers: [Worker]
  /// The spectra of the sounds last prepared, `[2, frames, bins]` each.
  private let spectra: FloatBuffer
  private var noisy: [[Float]] = []

  /// Scratch memory of one worker.
  private struct Worker {
    let fourier: ShortTimeFourier
    let masks: FloatBuffer
    let estimate: FloatBuffer
    let sound: FloatBuffer
    let slope: FloatBuffer

    init(_ framing: Framing, values: Int, samples: Int) {
      fourier = ShortTimeFourier(framing)
      (masks, estimate) = (FloatBuffer(count: values), FloatBuffer(count: values))
      (sound, slope) = (FloatBuffer(count: samples), FloatBuffer(count: samples))
    }
  }

  /// A loss for batches of up to `capacity` sounds of equal length.
  public init(
    framing: Framing, samples: Int, capacity: Int, mask: ComplexMask = .unbounded,
    pool: WorkerPool
  ) {
    (self.framing, self.samples, self.mask, self.pool) = (framing, samples, mask, pool)
    shape = SpectralShape(framing, samples: samples)
    let values = 2 * shape.frames * shape.bins
    workers = (0..<pool.threads).map { _ in Worker(framing, values: values, samples: samples) }
    spectra = FloatBuffer(count: capacity * values)
  }

  private var values: Int { 2 * shape.frames * shape.bins }

  /// Transforms noisy sounds and puts their spectra into a network's input.
  public func prepare(noisy sounds: [[Float]], into input: LaneBatch) {
    precondition(sounds.count * values <= spectra.count, "more sounds than there is room for")
    precondition(sounds.allSatisfy { $0.count == samples }, "sounds of another length")
    noisy = sounds
    input.count = sounds.count * LaneBatch.lanes
    pool.parallel(shards: sounds.count) { sample, worker in
      let place = spectra.pointer + sample * values
      sounds[sample].withUnsafeBufferPointer { workers[worker].fourier.transform($0, into: place) }
      shape.store(place, into: input, sample: sample)
    }
  }

  /// The mean loss of the sounds last prepared.
  /// - Parameters:
  ///   - outputs: the network's outputs for them.
  ///   - clean: the speech in them.
  ///   - gradient: overwritten with the gradient by the outputs, where given.
  public func evaluate(outputs: LaneBatch, clean: [[Float]], gradient: LaneBatch? = nil) -> Double {
    precondition(
      clean.count == noisy.count && clean.allSatisfy { $0.count == samples },
      "as many clean sounds as noisy ones, as long")
    gradient?.count = outputs.count
    var losses = [Double](repeating: 0, count: clean.count)
    losses.withUnsafeMutableBufferPointer { losses in
      pool.parallel(shards: clean.count) { sample, index in
        let worker = workers[index]
        estimate(outputs, sample, worker)
        let slope = gradient.map { _ in buffer(worker.slope) }
        losses[sample] = noisy[sample].withUnsafeBufferPointer { noisy in
          clean[sample].withUnsafeBufferPointer { clean in
            WeightedSDR.evaluate(
              noisy: noisy, clean: clean, estimate: UnsafeBufferPointer(buffer(worker.sound)),
              factor: 1 / Float(losses.count), gradient: slope)
          }
        }
        if let gradient { backward(sample, worker, into: gradient) }
      }
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// The enhanced sounds.
  public func enhanced(outputs: LaneBatch) -> [[Float]] {
    var sounds = [[Float]](repeating: [], count: noisy.count)
    sounds.withUnsafeMutableBufferPointer { sounds in
      pool.parallel(shards: sounds.count) { sample, index in
        estimate(outputs, sample, workers[index])
        sounds[sample] = workers[index].sound.values
      }
    }
    return sounds
  }

  private func buffer(_ floats: FloatBuffer) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: floats.pointer, count: floats.count)
  }

  /// The masks and the sound of a sample, in a worker's memory.
  private func estimate(_ outputs: LaneBatch, _ sample: Int, _ worker: Worker) {
    shape.load(outputs, sample: sample, into: worker.masks.pointer)
    let half = values / 2
    let x = spectra.pointer + sample * values
    let (o, y) = (worker.masks.pointer, worker.estimate.pointer)
    for i in 0..<half {
      let m = mask.mask(o[i], o[half &+ i])
      y[i] = m.real * x[i] - m.imaginary * x[half &+ i]
      y[half &+ i] = m.real * x[half &+ i] + m.imaginary * x[i]
    }
    worker.fourier.invert(y, into: buffer(worker.sound))
  }

  /// The gradient of a sample's outputs, from that of its sound and the masks in a worker's memory.
  private func backward(_ sample: Int, _ worker: Worker, into gradient: LaneBatch) {
    let dy = worker.estimate.pointer
    worker.fourier.invertBackward(UnsafeBufferPointer(buffer(worker.slope)), into: dy)
    let half = values / 2
    let x = spectra.pointer + sample * values
    let o = worker.masks.pointer
    for i in 0..<half {
      // The transpose of a complex product is the product with the conjugate.
      let slope = (
        real: dy[i] * x[i] + dy[half &+ i] * x[half &+ i],
        imaginary: dy[half &+ i] * x[i] - dy[i] * x[half &+ i]
      )
      let back = mask.backward(o[i], o[half &+ i], slope: slope)
      (dy[i], dy[half &+ i]) = back
    }
    shape.store(dy, into: gradient, sample: sample)
  }
}
