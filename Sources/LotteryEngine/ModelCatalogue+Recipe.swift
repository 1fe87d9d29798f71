internal import Experiments
internal import NeuralNetworks

extension StackLayer {
  /// A layer of a config's recipe.
  init(_ recipe: LayerRecipe) {
    switch recipe {
    case .convolution(let outputs, let kernel, let stride):
      self = .convolution(outputs: outputs, kernel: kernel, stride: stride)
    case .depthwise(let kernel, let stride): self = .depthwise(kernel: kernel, stride: stride)
    case .linear(let outputs): self = .linear(outputs: outputs)
    case .batchNorm: self = .batchNorm
    case .rectifier: self = .rectifier
    case .maxPool(let size): self = .maxPool(size: size)
    case .averagePool(let size): self = .averagePool(size: size)
    case .globalPool: self = .globalPool
    case .flatten: self = .flatten
    case .squeezeExcitation(let reduction): self = .squeezeExcitation(reduction: reduction)
    case .residual(let body, let shortcut):
      self = .residual(body: body.map(StackLayer.init), shortcut: shortcut.map(StackLayer.init))
    }
  }
}
