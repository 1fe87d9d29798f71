/// How well images find their subnetwork when nobody says which; the content of `analysis/routing.json`.
public struct RoutingReport: Sendable, Codable, Equatable {
  /// The run's name.
  public var run: String
  /// The run that it is compared with, if there is one.
  public var baseline: String?
  /// Which images calibrated; none of them judged.
  public var split: CalibrationReport.Split
  /// Held-out images that judged: those that belong to a subset.
  public var judgedSamples: Int
  /// What an image is given: the subset it belongs to, or its class.
  public var decision: CalibrationReport.Decision
  /// Threads that the times were measured on.
  public var threads: Int
  /// The network that predicts the subset.
  public var gate: Gate
  /// One per joint retraining that reached a target.
  public var targets: [Target]

  /// A report.
  public init(
    run: String, baseline: String?, split: CalibrationReport.Split, judgedSamples: Int,
    decision: CalibrationReport.Decision, threads: Int, gate: Gate, targets: [Target]
  ) {
    self.run = run
    self.baseline = baseline
    self.split = split
    self.judgedSamples = judgedSamples
    self.decision = decision
    self.threads = threads
    self.gate = gate
    self.targets = targets
  }

  /// The gate: a small network that predicts the subset from the image.
  public struct Gate: Sendable, Codable, Equatable {
    /// Its weights and biases.
    public var parameters: Int
    /// Training images it has seen, and how often.
    public var trainingSamples: Int
    /// Epochs of its training.
    public var epochs: Int
    /// Multiply-adds per image.
    public var multiplyAdds: Int
    /// The share of judged images whose subset it holds for the likeliest.
    public var topOne: Double
    /// The share of judged images whose subset is among its two likeliest.
    public var topTwo: Double

    /// A gate.
    public init(
      parameters: Int, trainingSamples: Int, epochs: Int, multiplyAdds: Int, topOne: Double,
      topTwo: Double
    ) {
      self.parameters = parameters
      self.trainingSamples = trainingSamples
      self.epochs = epochs
      self.multiplyAdds = multiplyAdds
      self.topOne = topOne
      self.topTwo = topTwo
    }
  }

  /// The routes at one target.
  public struct Target: Sendable, Codable, Equatable {
    /// The round whose masks were retrained.
    public var round: Int
    /// The target sparsity, if it was for one.
    public var target: Double?
    /// What each way of choosing comes to.
    public var routes: [Route]
    /// What the subnetworks have in common when all see the same image.
    public var sharing: Sharing

    /// The routes at one target.
    public init(round: Int, target: Double?, routes: [Route], sharing: Sharing) {
      self.round = round
      self.target = target
      self.routes = routes
      self.sharing = sharing
    }
  }

  /// A way from an image to a decision.
  public struct Route: Sendable, Codable, Equatable {
    /// Which way.
    public var kind: Kind
    /// The share of judged images that are decided rightly.
    public var accuracy: Double
    /// Multiply-adds per image, only kept weights counted.
    public var multiplyAdds: Double
    /// Milliseconds per image, reading it included.
    public var millisecondsPerImage: Double

    /// A way.
    public init(
      kind: Kind, accuracy: Double, multiplyAdds: Double, millisecondsPerImage: Double
    ) {
      self.kind = kind
      self.accuracy = accuracy
      self.multiplyAdds = multiplyAdds
      self.millisecondsPerImage = millisecondsPerImage
    }

    /// The ways there are.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// Somebody says the subset; right where its subnetwork says yes, or names the class.
      case oracle
      /// All subnetworks; the largest score as trained decides.
      case argmax
      /// All subnetworks; the largest calibrated score decides.
      case calibratedArgmax
      /// The gate's likeliest subset; its subnetwork decides.
      case gateTopOne
      /// The gate's two likeliest subsets; the larger calibrated score decides.
      case gateTopTwo
      /// The run that it is compared with, by its argmax.
      case baseline
    }
  }

  /// The arithmetic of K subnetworks on the same image, in multiply-adds per image.
  public struct Sharing: Sendable, Codable, Equatable {
    /// Whether the subnetworks share θ; without it a weight in common has two values.
    public var sharesWeights: Bool
    /// Layer by layer; last all that masks do not cover.
    public var layers: [Layer]
    /// Milliseconds per image of all subnetworks one after the other, the image read for each.
    public var millisecondsAlone: Double
    /// Milliseconds per image of all subnetworks as the program does it, the image read once.
    public var millisecondsTogether: Double

    /// The arithmetic of K subnetworks.
    public init(
      sharesWeights: Bool, layers: [Layer], millisecondsAlone: Double, millisecondsTogether: Double
    ) {
      self.sharesWeights = sharesWeights
      self.layers = layers
      self.millisecondsAlone = millisecondsAlone
      self.millisecondsTogether = millisecondsTogether
    }

    /// One layer.
    public struct Layer: Sendable, Codable, Equatable {
      /// The tensor's name, or `dense` for all that masks do not cover.
      public var name: String
      /// K passes: each weight as often as it is in a mask.
      public var separate: Int
      /// Each weight that is in some mask once: what sharing can come to at best.
      public var union: Int
      /// What may be shared without changing a result: products of the same weight and the same input,
      /// which only a layer that reads the image has.
      public var exact: Int

      /// A layer.
      public init(name: String, separate: Int, union: Int, exact: Int) {
        self.name = name
        self.separate = separate
        self.union = union
        self.exact = exact
      }
    }

    /// All layers of K passes.
    public var separate: Int { layers.reduce(0) { $0 + $1.separate } }
    /// All layers with each weight once.
    public var union: Int { layers.reduce(0) { $0 + $1.union } }
    /// All layers with what may be shared exactly.
    public var exact: Int { layers.reduce(0) { $0 + $1.exact } }
  }
}
