/// What a recipe comes to, worked out layer by layer before there is a network.
struct RecipeShapes {
  /// A map's channels, and the pixels of its rows and columns; a vector has one.
  struct Shape: Equatable, CustomStringConvertible {
    var channels: Int
    var side: Int

    var description: String {
      side == 1 ? "a vector of \(channels)" : "a map of \(channels) × \(side) × \(side)"
    }
  }

  /// What does not fit, and at which layer: `3.2` is the second entry of the residual at layer 3.
  struct Misfit: Error, Equatable {
    var layer: String
    var message: String
  }

  /// The most parameters of a network, and the longest vector.
  static let (parameterLimit, vectorLimit) = (100_000_000, 1 << 16)

  private(set) var prunable = 0
  private(set) var dense = 0

  /// Goes through a recipe for colour images of a side.
  /// - Throws: `Misfit` for the first layer that does not fit what comes before it.
  init(_ layers: [LayerRecipe], side: Int) throws(Misfit) {
    _ = try append(layers, to: Shape(channels: 3, side: side), prefix: "")
    guard prunable > 0 else {
      throw Misfit(layer: "1", message: "found no conv, depthwise or linear layer, expected one")
    }
  }

  private mutating func append(
    _ layers: [LayerRecipe], to shape: Shape, prefix: String
  ) throws(Misfit) -> Shape {
    var shape = shape
    for (index, layer) in layers.enumerated() {
      let number = "\(prefix)\(index + 1)"
      shape = try append(layer, to: shape, number)
      guard prunable + dense <= Self.parameterLimit else {
        throw Misfit(
          layer: number,
          message: "found \(prunable + dense) parameters up to here, expected at most "
            + "\(Self.parameterLimit)")
      }
    }
    return shape
  }

  private mutating func append(
    _ layer: LayerRecipe, to input: Shape, _ number: String
  ) throws(Misfit) -> Shape {
    func misfit(_ expected: String) -> Misfit {
      Misfit(layer: number, message: "found \(input), expected \(expected)")
    }
    var output = input
    switch layer {
    case .convolution(let outputs, let kernel, let stride):
      prunable += outputs * input.channels * kernel * kernel
      output = Shape(channels: outputs, side: (input.side - 1) / stride + 1)
    case .depthwise(let kernel, let stride):
      prunable += input.channels * kernel * kernel
      output.side = (input.side - 1) / stride + 1
    case .linear(let outputs):
      guard input.side == 1 else {
        throw misfit("a vector: put 'pool: global' or 'flatten' before 'linear'")
      }
      prunable += outputs * input.channels
      dense += outputs
      output.channels = outputs
    case .batchNorm: dense += 2 * input.channels
    case .rectifier: break
    case .maxPool(let size), .averagePool(let size):
      guard input.side % size == 0 else { throw misfit("sides that \(size) divides") }
      output.side = input.side / size
    case .globalPool: output.side = 1
    case .flatten:
      output = Shape(channels: input.channels * input.side * input.side, side: 1)
      guard output.channels <= Self.vectorLimit else {
        throw misfit("at most \(Self.vectorLimit) values to flatten")
      }
    case .squeezeExcitation(let reduction):
      guard input.channels >= reduction else {
        throw misfit("at least \(reduction) channels to reduce \(reduction)-fold")
      }
      let width = input.channels / reduction
      dense += 2 * input.channels * width + input.channels + width
    case .residual(let body, let shortcut):
      output = try append(body, to: input, prefix: "\(number).")
      let side = try append(shortcut, to: input, prefix: "\(number).shortcut.")
      guard output == side else {
        throw Misfit(
          layer: number,
          message: "found \(output) at the body's end and \(side) at the shortcut's, "
            + "expected the same of both")
      }
    }
    return output
  }
}
