public import Tensors

/// The complex-mask U-Net of speech enhancement (paper §7): spectra in, the two planes of a mask out, 37,368
/// prunable weights.
///
/// Encoder 2 → 12 → 12 → 12 → 24 → 48, decoder 48 → 24 and, with the encoder's maps of the same size side by
/// side, 48 → 12, 24 → 12, 24 → 12, 24 → 2. Kernels 3 × 3, the first and the last 3 × 5; every stride (1, 2);
/// batch normalisation and ELU after each but the last, which has a bias instead. With 513 frequencies the
/// encoder's maps have 257, 129, 65, 33 and 17.
public enum SpectralUNet {
  /// Channels of the spectra and of the mask: real and imaginary part.
  public static let planes = 2
  /// Fewest frequencies: each layer of the encoder halves them.
  public static let fewestBins = 17

  private static let encoder = [12, 12, 12, 24, 48]
  private static let decoder = [24, 12, 12, 12]

  /// A network for spectra of a shape.
  /// - Parameters:
  ///   - capacity: the largest batch, in samples.
  ///   - pool: runs its passes.
  public static func network(
    _ shape: SpectralShape, capacity: Int, pool: WorkerPool
  ) -> Network {
    Network(spectra: shape, channels: planes, capacity: capacity, pool: pool, describedBy: build)
  }

  static func build(_ builder: NetworkBuilder) {
    var map = builder.spectra
    var encoded = [map]
    for (index, outputs) in encoder.enumerated() {
      map = builder.spectralConvolution(
        "encoder.\(index)", map, outputs: outputs, kernel: index == 0 ? 5 : 3)
      encoded.append(map)
    }
    var sources = [encoded.removeLast()]
    for (index, outputs) in (decoder + [planes]).enumerated() {
      let isLast = index == decoder.count
      let skip = encoded.removeLast()
      let up = builder.spectralTransposedConvolution(
        "decoder.\(index)", sources, outputs: outputs, kernel: isLast ? 5 : 3, bins: skip.bins,
        isLast: isLast)
      sources = isLast ? [up] : [up, skip]
    }
    builder.spectralOutput(sources[0])
  }
}
