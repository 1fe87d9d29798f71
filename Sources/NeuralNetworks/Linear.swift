internal import Tensors

/// A linear layer on one vector per channel, y = W x + b, for some groups at once; weights
/// `[outputs, inputs]`.
struct Linear {
  /// Places in the flat store; an empty bias is none.
  let weight: Range<Int>
  let bias: Range<Int>
  let outputs: Int

  /// - Parameter outputs: needed where there is no bias to count.
  init(weight: Range<Int>, bias: Range<Int>, outputs: Int? = nil) {
    (self.weight, self.bias) = (weight, bias)
    self.outputs = outputs ?? bias.count
  }

  var inputs: Int { weight.count / outputs }

  /// y[g][o] = b[o] + Σᵢ w[o][i] · x[g][i].
  func forward(_ x: Planes, into y: Planes, groups: Int, _ pass: ShardPass) {
    for group in 0..<groups {
      let values = y.plane(group: group, channel: 0)
      for (o, at) in bias.enumerated() { values[o] = Lanes(repeating: pass.weights[at]) }
    }
    Pointwise.multiply(
      matrix(pass), x, into: y, adding: bias.isEmpty ? nil : y, groups: groups, pixels: 1)
  }

  /// dw[o][i] += Σ dy[g][o] · x[g][i], db[o] += Σ dy[g][o], dx[g][i] = Σₒ w[o][i] · dy[g][o].
  func backward(_ dy: Planes, input x: Planes, into dx: Planes, groups: Int, _ pass: ShardPass) {
    Pointwise.accumulateGradient(
      pass.gradients + weight.lowerBound, outputs: outputs, inputs: inputs, dy: dy, x: x,
      groups: groups, pixels: 1)
    for (o, at) in bias.enumerated() {
      for group in 0..<groups { pass.gradients[at] += dy.plane(group: group, channel: o)[0].total }
    }
    Pointwise.multiply(matrix(pass).transposed, dy, into: dx, groups: groups, pixels: 1)
  }

  private func matrix(_ pass: ShardPass) -> Pointwise.Matrix {
    Pointwise.Matrix(pass.weights + weight.lowerBound, outputs: outputs, inputs: inputs)
  }
}
