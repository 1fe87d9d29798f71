internal import Tensors

/// A linear layer on one vector per channel, y = W x + b; weights `[outputs, inputs]`.
enum Linear {
  /// y[o] = b[o] + Σᵢ w[o][i] · x[i]; no bias where the range is empty.
  static func forward(
    _ x: UnsafeMutablePointer<Lanes>, weight: Range<Int>, bias: Range<Int>,
    outputs: Int? = nil, into y: UnsafeMutablePointer<Lanes>, _ pass: ShardPass
  ) {
    let outputs = outputs ?? bias.count
    let planes = Planes(y, groupStride: 0, channelStride: 1)
    for (o, at) in bias.enumerated() { y[o] = Lanes(repeating: pass.weights[at]) }
    Pointwise.multiply(
      Pointwise.Matrix(
        pass.weights + weight.lowerBound, outputs: outputs, inputs: weight.count / outputs),
      Planes(x, groupStride: 0, channelStride: 1), into: planes,
      adding: bias.isEmpty ? nil : planes, groups: 1, pixels: 1)
  }

  /// dw[o][i] += Σ dy[o] · x[i], db[o] += Σ dy[o], dx[i] = Σₒ w[o][i] · dy[o].
  static func backward(
    dOutput: UnsafeMutablePointer<Lanes>, input: UnsafeMutablePointer<Lanes>,
    weight: Range<Int>, bias: Range<Int>, outputs: Int? = nil,
    dInput: UnsafeMutablePointer<Lanes>, _ pass: ShardPass
  ) {
    let outputs = outputs ?? bias.count
    let inputs = weight.count / outputs
    let dy = Planes(dOutput, groupStride: 0, channelStride: 1)
    Pointwise.accumulateGradient(
      pass.gradients + weight.lowerBound, outputs: outputs, inputs: inputs, dy: dy,
      x: Planes(input, groupStride: 0, channelStride: 1), groups: 1, pixels: 1)
    for (o, at) in bias.enumerated() { pass.gradients[at] += dOutput[o].total }
    let matrix = Pointwise.Matrix(
      pass.weights + weight.lowerBound, outputs: outputs, inputs: inputs)
    Pointwise.multiply(
      matrix.transposed, dy, into: Planes(dInput, groupStride: 0, channelStride: 1), groups: 1,
      pixels: 1)
  }
}
