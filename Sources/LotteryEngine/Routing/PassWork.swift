internal import Experiments
internal import NeuralNetworks
internal import Tensors

/// Multiply-adds of subnetworks, counted from their masks.
struct PassWork {
  private let layout: ParameterLayout
  private let tensors: [Architecture.TensorWork]

  init(_ architecture: Architecture, outputs: Int) {
    layout = architecture.parameterLayout(outputs: outputs)
    tensors = architecture.work(outputs: outputs)
  }

  /// What masks do not cover: squeeze-and-excitation and the classifier.
  private var dense: Int {
    tensors.filter { !$0.isPrunable }.reduce(0) { $0 + $1.weights * $1.multiplyAddsPerWeight }
  }

  /// A pass of one subnetwork on one image, only kept weights counted.
  func multiplyAdds(_ mask: BitVector) -> Int {
    tensors.filter(\.isPrunable).reduce(dense) { $0 + kept(mask, $1) * $1.multiplyAddsPerWeight }
  }

  /// All subnetworks on the same image.
  /// - Parameter sharesWeights: whether they share θ.
  func sharing(
    _ masks: [BitVector], sharesWeights: Bool
  ) -> [RoutingReport.Sharing.Layer] {
    var union = masks[0]
    for mask in masks.dropFirst() { union.formUnion(mask) }
    let layers = tensors.filter(\.isPrunable).map { tensor in
      let separate =
        masks.reduce(0) { $0 + kept($1, tensor) } * tensor.multiplyAddsPerWeight
      let once =
        sharesWeights ? kept(union, tensor) * tensor.multiplyAddsPerWeight : separate
      return RoutingReport.Sharing.Layer(
        name: tensor.name, separate: separate, union: once,
        exact: tensor.readsSample ? once : separate)
    }
    let all = masks.count * dense
    return layers + [
      .init(name: "dense", separate: all, union: sharesWeights ? dense : all, exact: all)
    ]
  }

  private func kept(_ mask: BitVector, _ tensor: Architecture.TensorWork) -> Int {
    layout.slice(named: tensor.name).map { mask.populationCount(in: $0.range) } ?? 0
  }
}
