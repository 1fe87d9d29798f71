import Datasets
import Tensors
import Testing

struct BatchLoaderTests {
  private let data = ProceduralImages.generate(seed: 5, trainSamples: 40, testSamples: 10)

  @Test("values are normalised, in their lanes, and padding is zero")
  func fillsLanes() throws {
    let loader = BatchLoader(data, normalize: true)
    let batch = LaneBatch(channels: 3, pixels: 1024, capacity: 40)
    batch.storage.fill(9)
    var random = RandomStream(seed: 1, purpose: "none")
    let samples = [7, 39, 0, 12, 5, 33, 21, 20, 19, 18, 17, 16, 15, 14, 13, 11, 10, 9, 8]
    try loader.fill(batch, with: samples, of: data.train, random: &random)
    #expect(batch.count == 19)
    for (place, sample) in samples.enumerated() {
      let bytes = try data.train.bytes(of: sample)
      for (channel, pixel) in [(0, 0), (1, 517), (2, 1023)] {
        let byte = bytes[channel * 1024 + pixel]
        let expected = (Float(byte) / 255 - data.mean[channel]) / data.deviation[channel]
        let found = batch.storage[batch.offset(sample: place, channel: channel, pixel: pixel)]
        #expect(abs(found - expected) < 1e-5)
      }
    }
    for place in 19..<32 {
      #expect(batch.storage[batch.offset(sample: place, channel: 2, pixel: 100)] == 0)
    }
  }

  @Test("the training set has mean 0 and deviation 1 per channel after normalisation")
  func standardised() throws {
    let loader = BatchLoader(data, normalize: true)
    let batch = LaneBatch(channels: 3, pixels: 1024, capacity: 40)
    var random = RandomStream(seed: 1, purpose: "none")
    try loader.fill(batch, with: 0..<40, of: data.train, random: &random)
    for channel in 0..<3 {
      var (sum, squares) = (0.0, 0.0)
      for sample in 0..<40 {
        for pixel in 0..<1024 {
          let value = Double(
            batch.storage[batch.offset(sample: sample, channel: channel, pixel: pixel)])
          sum += value
          squares += value * value
        }
      }
      #expect(abs(sum / 40_960) < 1e-3)
      #expect(abs(squares / 40_960 - 1) < 1e-3)
    }
  }

  @Test("augmentation moves pixels without making new ones")
  func augmentation() throws {
    let loader = BatchLoader(data, normalize: false)
    let batch = LaneBatch(channels: 3, pixels: 1024, capacity: 16)
    var random = RandomStream(seed: 1, purpose: "augmentation")
    try loader.fill(
      batch, with: 0..<16, of: data.train, augmentation: .shiftAndFlip, random: &random)
    var changed = 0
    for sample in 0..<16 {
      let bytes = try data.train.bytes(of: sample)
      let original = Set(bytes[..<1024])
      for pixel in 0..<1024 {
        let value = batch.storage[batch.offset(sample: sample, channel: 0, pixel: pixel)]
        let byte = UInt8((value * 255).rounded())
        #expect(byte == 0 || original.contains(byte))
        if byte != bytes[pixel] { changed += 1 }
      }
    }
    #expect(changed > 16 * 1024 / 2)
  }
}
