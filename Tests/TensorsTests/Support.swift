import Tensors

/// Normal random values.
func normals(_ count: Int, _ purpose: String, _ index: Int = 0) -> [Float] {
  var stream = RandomStream(seed: 7, purpose: purpose, index)
  return (0..<count).map { _ in stream.normal() }
}

/// A batch in lanes from `[sample][channel][pixel]` values, padding lanes zero.
func batch(_ values: [Float], samples: Int, channels: Int, pixels: Int) -> LaneBatch {
  let batch = LaneBatch(channels: channels, pixels: pixels, capacity: samples)
  for sample in 0..<samples {
    for channel in 0..<channels {
      for pixel in 0..<pixels {
        batch.storage[batch.offset(sample: sample, channel: channel, pixel: pixel)] =
          values[(sample * channels + channel) * pixels + pixel]
      }
    }
  }
  return batch
}

/// The values of a batch as `[sample][channel][pixel]`.
func values(_ batch: LaneBatch) -> [Float] {
  (0..<batch.count).flatMap { sample in
    (0..<batch.channels).flatMap { channel in
      (0..<batch.pixels).map { pixel in
        batch.storage[batch.offset(sample: sample, channel: channel, pixel: pixel)]
      }
    }
  }
}

/// The largest difference, relative to the largest expected value.
func deviation(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  let scale = expected.reduce(1e-30) { max($0, abs($1)) }
  let worst = zip(actual, expected).reduce(0.0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
  return worst / scale
}
