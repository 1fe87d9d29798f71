public import Tensors

/// One named tensor of a network's parameters inside the flat store.
public struct ParameterSlice: Sendable, Hashable {
  /// PyTorch's name, such as `blocks.3.ghost1.primary.conv.weight`.
  public let name: String
  /// PyTorch's shape, such as `[outputs, inputs, height, width]`.
  public let shape: [Int]
  /// Where it is in the flat store, row by row.
  public let range: Range<Int>
  /// Whether masks cover it: convolutions and a perceptron's weights, but neither biases, batch
  /// normalisation, squeeze-and-excitation nor the classifier (paper §5, §6).
  public let isPrunable: Bool
  /// How θ₀ is drawn.
  public let initialization: Initialization

  /// The rules for drawing θ₀.
  public enum Initialization: Sendable, Hashable {
    /// Every value the same.
    case constant(Float)
    /// By the Kaiming rule of the draw.
    case kaiming(fanIn: Int)
    /// Normal with deviation 1, PyTorch's default for embeddings.
    case normal
    /// Uniform within ±1 / √fanIn, PyTorch's default for linear layers.
    case uniform(fanIn: Int)
  }
}

/// Where every parameter of a network is in the flat store.
///
/// The prunable slices come first, in module order, then all others in module order, so bit i of a
/// mask belongs to parameter i.
public struct ParameterLayout: Sendable, Hashable {
  /// All slices in the order of the flat store.
  public let slices: [ParameterSlice]
  /// Number of parameters.
  public let count: Int
  /// Number of prunable parameters: the length of a mask.
  public let prunableCount: Int
  private let indices: [String: Int]

  /// Places tensors given in module order.
  package init(_ declarations: [Declaration]) {
    var slices: [ParameterSlice] = []
    var start = 0
    func place(_ declaration: Declaration) {
      let end = start + declaration.shape.reduce(1, *)
      slices.append(
        ParameterSlice(
          name: declaration.name, shape: declaration.shape, range: start..<end,
          isPrunable: declaration.isPrunable, initialization: declaration.initialization))
      start = end
    }
    for declaration in declarations where declaration.isPrunable { place(declaration) }
    prunableCount = start
    for declaration in declarations where !declaration.isPrunable { place(declaration) }
    self.slices = slices
    count = start
    indices = Dictionary(
      slices.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A tensor without its place.
  package struct Declaration {
    var name: String
    var shape: [Int]
    var isPrunable: Bool
    var initialization: ParameterSlice.Initialization
  }

  /// The prunable slices, from the input's side to the output's.
  public var prunableLayers: [ParameterSlice] { slices.filter(\.isPrunable) }

  /// The slice of a name.
  public func slice(named name: String) -> ParameterSlice? { indices[name].map { slices[$0] } }

  /// Kaiming's rules for the weights of convolutions and inner linear layers, over the fan-in.
  public enum KaimingRule: Sendable {
    /// Normal with variance 2 / fan-in, which keeps the variance through rectifiers.
    case normal
    /// Uniform within ±1 / √fan-in, with which PyTorch's layers start: weights smaller by √6.
    case uniform
  }

  /// θ₀: one draw of all parameters, slice by slice.
  ///
  /// By either rule shallow layers hold the larger weights and survive global magnitude pruning, as
  /// the paper reports (§8). Batch normalisation starts as the identity, biases of
  /// squeeze-and-excitation at zero, the classifier as PyTorch's linear layer.
  public func initialParameters(
    from stream: inout RandomStream, rule: KaimingRule = .normal
  ) -> FloatBuffer {
    let parameters = FloatBuffer(count: count)
    for slice in slices {
      switch slice.initialization {
      case .constant(let value): for i in slice.range { parameters[i] = value }
      case .kaiming(let fanIn) where rule == .normal:
        let deviation = (2 / Float(fanIn)).squareRoot()
        for i in slice.range { parameters[i] = deviation * stream.normal() }
      case .normal: for i in slice.range { parameters[i] = stream.normal() }
      case .kaiming(let fanIn), .uniform(let fanIn):
        let bound = 1 / Float(fanIn).squareRoot()
        for i in slice.range { parameters[i] = bound * (2 * stream.uniform() - 1) }
      }
    }
    return parameters
  }

  /// The classifier's weights and biases of every output unit but one: what a step of the binary
  /// subnetwork that owns the unit must leave alone (paper §10).
  public func frozenRanges(keeping output: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for name in ["classifier.weight", "classifier.bias"] {
      guard let slice = slice(named: name), let outputs = slice.shape.first else { continue }
      let row = slice.range.count / outputs
      let start = slice.range.lowerBound + output * row
      let parts = [slice.range.lowerBound..<start, (start + row)..<slice.range.upperBound]
      ranges += parts.filter { !$0.isEmpty }
    }
    return ranges
  }
}
