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
  let rows: KeptEntries
  /// By input.
  let columns: KeptEntries
  /// For each output and each input whether a kept weight meets it.
  let outputs: [Bool]
  let inputs: [Bool]

  init(rows: KeptEntries, columns: KeptEntries) {
    (self.rows, self.columns) = (rows, columns)
    (outputs, inputs) = (rows.keepsSomething, columns.keepsSomething)
  }
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
  /// Whether its backward pass itself sums the gradients of its sources that it finishes.
  var sumsSources: Bool { false }
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

  /// The channels of all sources side by side.
  final let readers: [ChannelReader]
  /// The channels of what it wrote, with their gradients; empty before there is memory for these.
  final private(set) var outputGradients: [ChannelGradient] = []
  /// Where the contributions to the sources' channels go, side by side; empty before as well.
  final private(set) var channelEdges: [ChannelEdge] = []
  /// The channels that `sumCompleted` sums, with their pixels.
  final private(set) var completed: [(channel: ChannelGradient, pixels: Int)] = []

  init(sources: [FeatureMap], output: FeatureMap?) {
    self.sources = sources
    self.output = output
    readers = sources.flatMap(\.readers)
  }

  /// Finds the places of all gradients; called once they have memory.
  final func findGradients() {
    outputGradients = output?.gradients ?? []
    let summed = sumsSources ? edges.map(\.map) : []
    completed = completes.filter { map in !summed.contains { $0 === map } }
      .flatMap { map in map.gradients.map { ($0, map.pixels) } }
    channelEdges = edges.flatMap { edge in
      let (own, base) = (edge.map.ownPlanes, edge.basePlanes)
      let sums = completes.contains { $0 === edge.map } ? edge.map.normalization?.sums : nil
      return (0..<edge.map.channels).map { channel in
        ChannelEdge(
          destination: own.plane(group: 0, channel: channel), destinationStride: own.groupStride,
          base: base?.plane(group: 0, channel: channel), baseStride: base?.groupStride ?? 0,
          sums: sums.map { $0 + channel }, sumsStride: edge.map.channels)
      }
    }
  }

  /// Sums the gradients of a group that are finished after its backward pass, but for those that it
  /// sums itself.
  final func sumCompleted(group: Int) {
    for (channel, pixels) in completed { channel.sum(group: group, pixels: pixels) }
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
  final var inputs: Int { readers.count }
}
