/// A plain convolutional network for quick runs: three 3×3 convolutions of stride 2 with batch
/// normalisation and ReLU (16, 32 and 64 channels), global average pooling, a linear layer; 23,472
/// prunable weights.
enum SmallCNN {
  static func build(_ builder: NetworkBuilder) {
    var map = builder.images
    for (index, outputs) in [16, 32, 64].enumerated() {
      map = builder.convolution(
        "layers.\(index)", map, outputs: outputs, kernel: 3, stride: 2, rectified: true)
    }
    builder.classifier(map)
  }
}
