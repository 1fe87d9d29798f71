internal import Tensors

extension GemmBenchmark {
  /// GhostNet's kernels on maps that stay in the second-level cache, a set of them for each thread: how far a
  /// training step could come if it never waited for its maps.
  static func ghostKernels(_ pool: WorkerPool) -> [(key: String, name: String, work: Work)] {
    [
      ("pointwise", "1×1 product 40→60, in the cache", pointwise(pool, isGradient: false)),
      (
        "pointwise_gradient", "1×1 gradient of the weights 40→60, in the cache",
        pointwise(pool, isGradient: true)
      ),
      ("depthwise", "3×3 depthwise, both gradients, in the cache", depthwise(pool)),
    ]
  }

  /// The product of 60 × 40 weights with four groups of sixteen pixels, or its gradient by the weights, again
  /// and again.
  private static func pointwise(_ pool: WorkerPool, isGradient: Bool) -> Work {
    let (inputs, outputs, groups, pixels) = (40, 60, 4, 16)
    let (stride, repetitions) = (groups * pixels + 1, 64)
    let weights = values(outputs * inputs)
    let maps = (0..<pool.threads).map { _ in
      (
        x: values(inputs * stride * LaneBatch.lanes), y: values(outputs * stride * LaneBatch.lanes),
        gradient: FloatBuffer(count: outputs * inputs)
      )
    }
    let products = repetitions * inputs * outputs * groups * pixels * LaneBatch.lanes
    return Work(operations: 2 * Double(pool.threads * products)) {
      pool.parallel(shards: pool.threads) { shard in
        let map = maps[shard]
        let x = Planes(map.x.lanes, groupStride: pixels, channelStride: stride)
        let y = Planes(map.y.lanes, groupStride: pixels, channelStride: stride)
        for _ in 0..<repetitions {
          if isGradient {
            Pointwise.accumulateGradient(
              map.gradient.pointer, outputs: outputs, inputs: inputs, dy: y, x: x, groups: groups,
              pixels: pixels)
          } else {
            Pointwise.multiply(
              Pointwise.Matrix(weights.pointer, outputs: outputs, inputs: inputs), x, into: y,
              groups: groups, pixels: pixels)
          }
        }
      }
    }
  }

  /// Both gradients of a 3×3 depthwise convolution of a plane of 16 × 16 pixels, again and again.
  private static func depthwise(_ pool: WorkerPool) -> Work {
    let (side, taps, repetitions) = (16, 9, 2048)
    let border = Depthwise.border(kernel: 3, stride: 1)
    let width = side + 2 * border
    let weights = values(taps)
    let planes = (0..<pool.threads).map { _ in
      (
        dy: values(width * width * LaneBatch.lanes), y: values(side * side * LaneBatch.lanes),
        dx: FloatBuffer(count: side * side * LaneBatch.lanes), gradient: FloatBuffer(count: taps)
      )
    }
    let products = repetitions * 2 * taps * side * side * LaneBatch.lanes
    return Work(operations: 2 * Double(pool.threads * products)) {
      pool.parallel(shards: pool.threads) { shard in
        let plane = planes[shard]
        for _ in 0..<repetitions {
          _ = Depthwise.backward(
            Depthwise.Gradient(
              dy: plane.dy.lanes + border * (width + 1), dyStride: width, y: plane.y.lanes,
              coefficients: Normalization.Coefficients(), isRectified: true, base: nil,
              dx: plane.dx.lanes, next: (plane.dy.lanes, plane.y.lanes), rows: side, columns: side),
            weights: weights.pointer, kernel: 3, stride: 1, weightGradient: plane.gradient.pointer)
        }
      }
    }
  }

  /// Numbers between −1 and 1.
  private static func values(_ count: Int) -> FloatBuffer {
    var random = RandomStream(seed: 1, purpose: "benchmark")
    return FloatBuffer((0..<count).map { _ in random.uniform() * 2 - 1 })
  }
}
