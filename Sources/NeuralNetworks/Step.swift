internal import Tensors

/// What one shard of a pass works with.
struct ShardPass {
  /// The effective weights m ⊙ θ.
  var weights: UnsafePointer<Float>
  /// The shard's own gradient sums, as long as the parameter store.
  var gradients: UnsafeMutablePointer<Float>
  /// The groups of sixteen samples it covers.
  var groups: Range<Int>
  /// The worker's scratch memory.
  var scratch: UnsafeMutablePointer<Lanes>
  /// Whether the batch statistics are wanted.
  var isTraining: Bool
  /// The group with padding lanes, if there is one, and ones where it holds samples.
  var partialGroup: Int
  var partialPresence: Lanes

  /// Ones and zeros of a group with padding lanes; `nil` for a full group.
  @inline(__always)
  func presence(group: Int) -> Lanes? { group == partialGroup ? partialPresence : nil }
}

/// The weights of one step that a mask keeps.
struct Kept: Sendable {
  /// By output.
  var rows: KeptEntries
  /// By input.
  var columns: KeptEntries
}

/// One operation of a network over the groups of a shard, forward and backward side by side.
///
/// A step reads feature maps and writes one. Backward it reads the finished gradient of what it
/// wrote, adds its weights' gradients to the shard's sums and contributes to the gradients of what
/// it read; when it is a map's last contributor it sums the map's gradient for the normalisation.
class Step {
  /// The maps it reads, side by side.
  let sources: [FeatureMap]
  /// The map it writes; the classifier has none.
  let output: FeatureMap?
  /// What it is called in a profile.
  var kind: String { "step" }
  /// Multiply-adds per sample.
  var multiplyAdds: Int { 0 }
  /// Vectors of scratch memory it needs.
  var scratchCount: Int { 0 }

  /// The kept weights of the present pass; without them all weights take part.
  final var kept: Kept?
  /// Where its contributions to the sources' gradients go; set by `wire`.
  final var edges: [FeatureMap.GradientEdge] = []
  /// The maps whose gradients are finished after its backward pass; set by the network.
  final var completes: [FeatureMap] = []

  init(sources: [FeatureMap], output: FeatureMap?) {
    self.sources = sources
    self.output = output
  }

  /// Registers with the sources' gradients; called from the last step to the first.
  func wire() { edges = sources.map { $0.contribute() } }

  /// The weights that a mask keeps, if they are so few that passing over the others pays.
  func keep(_ mask: BitVector) -> Kept? { nil }

  /// Computes the output of the pass's groups.
  func forward(_ pass: ShardPass) {}

  /// Computes gradients for the pass's groups.
  func backward(_ pass: ShardPass) {}

  /// Channels of all sources together.
  final var inputs: Int { sources.reduce(0) { $0 + $1.channels } }

  /// The source and its channel of a channel of all sources together.
  final func locate(_ channel: Int) -> (source: Int, channel: Int) {
    var channel = channel
    for (index, source) in sources.enumerated() {
      if channel < source.channels { return (index, channel) }
      channel -= source.channels
    }
    preconditionFailure("channel out of range")
  }
}
