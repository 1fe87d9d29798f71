internal import Tensors

/// A layer's output over spectra; readers see it normalised and through the exponential linear unit if it
/// has a batch normalisation, as it is otherwise.
package struct SpectralMap {
  let map: FeatureMap
  let shape: SpectralShape

  /// Frequencies of a window.
  package var bins: Int { shape.bins }
}

extension NetworkBuilder {
  /// The spectra that the network reads.
  package var spectra: SpectralMap {
    guard let spectralShape else { preconditionFailure("a network over images has no spectra") }
    return SpectralMap(map: images, shape: spectralShape)
  }

  /// A convolution with kernel 3 × k and stride (1, 2), then batch normalisation and ELU: half as many
  /// frequencies, rounded up.
  package func spectralConvolution(
    _ name: String, _ source: SpectralMap, outputs: Int, kernel: Int
  ) -> SpectralMap {
    let geometry = SpectralGeometry(
      frames: source.shape.frames, fineBins: source.bins, fineChannels: source.map.channels,
      coarseChannels: outputs, kernel: kernel)
    let taps = source.map.channels * SpectralGeometry.taps * kernel
    let weights = declare(
      "\(name).conv.weight", [outputs, source.map.channels, SpectralGeometry.taps, kernel],
      isPrunable: true, .kaiming(fanIn: taps))
    let output = spectralMap(name, outputs, source.shape.frames, geometry.coarseBins)
    append(
      SpectralConvolution(
        sources: [source.map], output: output.map, weights: weights, geometry: geometry,
        isFirst: source.map === images))
    return output
  }

  /// A transposed convolution with kernel 3 × k and stride (1, 2) over maps side by side, then batch
  /// normalisation and ELU, or, as the last layer, neither of them but a bias.
  ///
  /// The weights' deviation counts the inputs that an output meets: half of the taps, as every second one
  /// falls between two of the inputs.
  /// - Parameter bins: frequencies of the output, twice those of the input or one less.
  package func spectralTransposedConvolution(
    _ name: String, _ sources: [SpectralMap], outputs: Int, kernel: Int, bins: Int, isLast: Bool
  ) -> SpectralMap {
    let shape = sources[0].shape
    precondition(sources.allSatisfy { $0.shape == shape }, "maps of different shapes side by side")
    let inputs = sources.reduce(0) { $0 + $1.map.channels }
    let geometry = SpectralGeometry(
      frames: shape.frames, fineBins: bins, fineChannels: outputs, coarseChannels: inputs,
      kernel: kernel)
    precondition(
      geometry.coarseBins == shape.bins, "frequencies that a stride of two does not reach")
    let taps = inputs * SpectralGeometry.taps * kernel
    let weights = declare(
      "\(name).conv.weight", [inputs, outputs, SpectralGeometry.taps, kernel], isPrunable: true,
      .kaiming(fanIn: taps / 2))
    let bias = isLast ? dense("\(name).conv.bias", [outputs], .constant(0)) : nil
    let output =
      isLast
      ? SpectralMap(
        map: FeatureMap(
          channels: outputs, height: shape.stretch, width: bins, capacity: capacity),
        shape: SpectralShape(frames: shape.frames, bins: bins))
      : spectralMap(name, outputs, shape.frames, bins)
    append(
      SpectralTransposedConvolution(
        sources: sources.map(\.map), output: output.map, weights: weights, bias: bias,
        geometry: geometry, isFirst: sources.contains { $0.map === images }))
    return output
  }

  /// The end of a network over spectra: the map's values are the outputs.
  package func spectralOutput(_ source: SpectralMap) {
    precondition(source.map.normalization == nil, "outputs are what the last layer stores")
    regression(source.map)
  }

  private func spectralMap(_ name: String, _ channels: Int, _ frames: Int, _ bins: Int)
    -> SpectralMap
  {
    let shape = SpectralShape(frames: frames, bins: bins)
    return SpectralMap(
      map: map(
        channels, shape.stretch, bins, Reading(normalization: "\(name).bn"),
        valuesPerGroup: frames * bins),
      shape: shape)
  }
}
