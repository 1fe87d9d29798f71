/// A complete, resolved description of one experiment: the file as given, `--set` changes applied,
/// every default filled in.
///
/// A value of this type plus a seed determines the bits of a run. The keys of the YAML file are the
/// property names in snake case; `sample-configs/reference.yaml` documents each.
public struct ExperimentConfig: Sendable, Equatable, Codable {
  /// The name of the run made from it unless the command line says otherwise.
  public var name = "experiment"
  /// The one seed; a random stream per purpose is derived from it.
  public var seed: UInt64 = 1
  /// The paper's method, a baseline or a control.
  public var method = Method.rtl
  /// The folder of a finished run whose masks at the targets are taken instead of extracting some;
  /// relative to the config file.
  public var masksFrom: String?
  /// Where the samples come from.
  public var dataset = DatasetConfig()
  /// How the training set is split into the K disjoint subsets 𝒟₁…𝒟_K (paper §1).
  public var subsets = SubsetsConfig()
  /// What subnetwork k is asked to do.
  public var task = TaskConfig()
  /// The network all subnetworks share.
  public var model = ModelConfig()
  /// How θ moves.
  public var optimizer = OptimizerConfig()
  /// Samples per mini-batch, positives and negatives together (paper §4: 320).
  public var batchSize = 320
  /// Algorithm 1: train, prune, rewind.
  public var extraction = ExtractionConfig()
  /// Algorithm 2: joint retraining with masked updates.
  public var retraining = RetrainingConfig()
  /// Whose running statistics batch normalisation keeps.
  public var batchNorm = BatchNormConfig()
  /// What is measured on held-out data, and when.
  public var evaluation = EvaluationConfig()
  /// When the collapse watch raises an alarm.
  public var watch = WatchConfig()
  /// How often the state of a run is saved; changes no bit of it.
  public var checkpoints = CheckpointConfig()

  /// The defaults everywhere.
  public init() {}

  /// What a pruning round uses unless a person says otherwise.
  public var defaultRound: RoundSettings {
    RoundSettings(
      pruneCount: extraction.pruneCount, epochs: extraction.epochsPerRound * exposure,
      learningRate: extraction.learningRate ?? optimizer.learningRate)
  }
}

/// The named datasets; one case per loader in the engine's catalogue.
public enum DatasetKind: String, Sendable, Codable, CaseIterable {
  /// Built-in generator of colour images in ten classes; needs no file.
  case procedural
  /// CIFAR-10 in its binary layout, from a folder.
  case cifar10
  /// CIFAR-100 in its binary layout, from a folder.
  case cifar100
  /// MNIST and its kin: IDX files, plain or packed with gzip, from a folder.
  case mnist
  /// Any images, from folders SUBSET/CLASS/.
  case folder
  /// One picture of any size with a map of its regions, from two files.
  case image
  /// The built-in picture with a map of its regions; needs no file.
  case landscape
  /// Clean speech and the noise of scenes, from a folder.
  case speech
  /// The built-in corpus of speech and noise; needs no file.
  case proceduralSpeech = "procedural_speech"

  /// Whether it is one picture, whose points are the samples.
  public var isPicture: Bool { self == .image || self == .landscape }

  /// Whether it is speech in the noise of scenes.
  public var isSpeech: Bool { self == .speech || self == .proceduralSpeech }

  /// Whether it is made, and read from no file.
  public var isBuiltIn: Bool {
    self == .procedural || self == .landscape || self == .proceduralSpeech
  }
}

/// The `dataset` section.
public struct DatasetConfig: Sendable, Equatable, Codable {
  /// Which loader.
  public var kind: DatasetKind = .procedural
  /// The folder of the files, for kinds that read some; relative to the config file.
  public var path: String?
  /// Training samples to use, spread evenly over the classes; `nil` is all of them
  /// (procedural: 10,000).
  public var trainSamples: Int?
  /// Held-out samples to use, spread evenly over the classes; `nil` is all (procedural: 2,000).
  public var testSamples: Int?
  /// The share of each class of each subset of an image folder that is held out.
  public var testFraction = 0.2
  /// The share of the training images, the same of each class, that nothing is trained on, so that
  /// calibration has images of its own; 0 is none.
  public var calibrationFraction = 0.0
  /// What is done about images of a folder that cannot be decoded.
  public var brokenImages: BrokenImages = .refuse
  /// Pixels of a row and of a column; images of another size are resized once.
  public var imageSize = 32
  /// Where decoded and resized images are kept; `nil` is `rtl` in the user's cache folder.
  public var cache: String?
  /// Per-channel mean and deviation of the training set, or the values in 0…1 as they are.
  public var normalization: Normalization = .perChannel
  /// Changes made to training images on the fly.
  public var augmentation: Augmentation = .none
  /// The map of a picture's regions; relative to the config file.
  public var regions: String?
  /// Numbers of the map that mean "not labelled".
  public var unlabelled: [Int] = [0]
  /// Numbers of the map that cover less than this share of the picture are no regions of their own.
  public var sliverShare = 0.01
  /// To what a picture is shrunk if it is larger; the size of the built-in one. `nil` keeps a picture,
  /// and makes the built-in one 96 pixels wide.
  public var longestSide: Int?
  /// Samples per second of a sound; `nil` is those of the files, or 8,000 of the built-in corpus.
  public var sampleRate: Int?
  /// The length of the sounds that training sees.
  public var seconds = 10.0
  /// The least signal-to-noise ratio of mixtures, in dB.
  public var lowestSNR = -5.0
  /// The greatest.
  public var highestSNR = 10.0
  /// Mixtures of each held-out sentence in each scene.
  public var testMixtures = 4

  /// The defaults.
  public init() {}

  /// What is done about broken images.
  public enum BrokenImages: String, Sendable, Codable, CaseIterable {
    /// The dataset is refused.
    case refuse
    /// They are left out.
    case skip
  }

  /// How inputs are scaled (paper §10).
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    /// Mean 0 and deviation 1 per channel, by the training set.
    case perChannel = "per_channel"
    /// Values in 0…1.
    case none
  }

  /// Training-time augmentation (paper §10: none).
  public enum Augmentation: String, Sendable, Codable, CaseIterable {
    /// Images as they are.
    case none
    /// Random shift by up to an eighth of the side (four pixels of 32) and horizontal flip.
    case shiftAndFlip = "shift_and_flip"
  }
}

/// The `subsets` section.
public struct SubsetsConfig: Sendable, Equatable, Codable {
  /// The rule that makes subsets.
  public var by: Rule = .class
  /// The classes that get a subset, by name, in this order; `nil` is all of them. The samples of
  /// the other classes still serve as negatives.
  public var classes: [String]?
  /// The subsets of rule `groups`, in order, with the names of their classes.
  public var groups: [Group]?
  /// The `.npy` file with a vector for each class, for the rules that cluster; relative to the config
  /// file.
  public var embedding: String?
  /// How many subsets the rules that cluster make.
  public var count: Int?

  /// The defaults.
  public init() {}

  /// Some classes under one name.
  public struct Group: Sendable, Equatable, Codable {
    /// The subset's name.
    public var name: String
    /// The names of its classes.
    public var classes: [String]

    /// A named group of classes.
    public init(name: String, classes: [String]) {
      self.name = name
      self.classes = classes
    }
  }

  /// The partitions of the training set.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// One subset per class.
    case `class`
    /// One subset holding everything (K = 1): ordinary iterative magnitude pruning with rewinding.
    case all
    /// One subset per domain of an image folder; each is an ordinary multi-class task.
    case domain
    /// One subset per group of classes that the config lists.
    case groups
    /// One subset per superclass of the dataset (CIFAR-100: 20).
    case superclass
    /// The paper's eight semantic clusters of CIFAR-100's classes (§4).
    case paperClusters = "paper_clusters"
    /// Clusters of the classes by k-means of an embedding.
    case kMeans = "k_means"
    /// Clusters of the classes by agglomerative clustering (average linkage) of an embedding.
    case agglomerative
    /// One subset per region of a picture.
    case region
    /// One subset per acoustic scene of a corpus of speech.
    case scene

    /// Whether the subsets come from an embedding of the classes.
    public var isClustering: Bool { self == .kMeans || self == .agglomerative }
  }
}

/// The `task` section.
public struct TaskConfig: Sendable, Equatable, Codable {
  /// What a subnetwork decides.
  public var kind: Kind = .binary
  /// How many output units a binary network has (paper §10: one per class).
  public var outputs: Outputs = .perSubset
  /// How the negatives of a binary subnetwork are drawn.
  public var negatives: Negatives = .balanced
  /// Steps that make an epoch of a picture's region, whatever its size, or of a scene of a corpus of speech.
  public var stepsPerEpoch = 100

  /// The defaults.
  public init() {}

  /// What a network can be asked to do.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Subnetwork k: is it class k? Binary cross entropy on its own unit.
    case binary
    /// An ordinary classifier with softmax cross entropy over all classes (baselines, domains).
    case multiclass
    /// The colours of a region's points: an implicit representation of a picture (paper §6).
    case inr
    /// Speech from speech in the noise of a scene, by a complex mask of its spectra (paper §7).
    case speech

    /// Whether samples have classes.
    public var isClassification: Bool { self == .binary || self == .multiclass }
  }

  /// The output layer of a binary network.
  public enum Outputs: String, Sendable, Codable, CaseIterable {
    /// K units; subnetwork k is trained and read on unit k.
    case perSubset = "per_subset"
    /// One unit that all subnetworks share.
    case single
  }

  /// The rule for negatives.
  public enum Negatives: String, Sendable, Codable, CaseIterable {
    /// As many as positives in each mini-batch, uniform over the other subsets, redrawn each epoch.
    case balanced
    /// Every sample that is not positive, in its natural proportion.
    case all
  }
}

/// The `optimizer` section: Adam (paper §4) with masked updates (§3).
public struct OptimizerConfig: Sendable, Equatable, Codable {
  /// Step size.
  public var learningRate = 1e-4
  /// Decay of the first moment.
  public var beta1 = 0.9
  /// Decay of the second moment.
  public var beta2 = 0.999
  /// Added to the root of the second moment.
  public var epsilon = 1e-8
  /// Decoupled weight decay, inside the active mask only.
  public var weightDecay = 0.0
  /// Which step count corrects the moments' bias (paper §10).
  public var biasCorrection: BiasCorrection = .perSubnetwork

  /// The defaults.
  public init() {}

  /// The step count of Adam's bias correction in joint retraining.
  public enum BiasCorrection: String, Sendable, Codable, CaseIterable {
    /// Each weight counts the updates it has itself received.
    case perWeight = "per_weight"
    /// Subnetwork k counts its own steps.
    case perSubnetwork = "per_subnetwork"
  }
}

/// The `extraction` section: Algorithm 1 (paper §2).
public struct ExtractionConfig: Sendable, Equatable, Codable {
  /// Epochs of training before each pruning (paper: 10).
  public var epochsPerRound = 10
  /// Weights removed from each mask in a round (paper: 4,096). The round that would pass a target
  /// sparsity removes just enough to land on it.
  public var pruneCount = 4096
  /// What a weight is judged by; the least go.
  public var criterion: Criterion = .magnitude
  /// How the weights that go are spread over the rounds.
  public var schedule: Schedule = .constant
  /// Rounds to the last target, for schedules that spread over a number of them; `nil` is as many as
  /// constant counts of `pruneCount` take.
  public var rounds: Int?
  /// The largest share of its weights that a mask may lose in a planned round.
  public var largestShare = 1.0
  /// Over what the criterion ranks.
  public var ranking: Ranking = .global
  /// Ascending sparsities in 0…1 to stop at; the last ends the extraction.
  public var targets: [Double] = [0.25, 0.5, 0.75]
  /// The learning rate of extraction; `nil` is the optimizer's.
  public var learningRate: Double?

  /// The defaults.
  public init() {}

  /// The scope of the ranking (paper §10).
  public enum Ranking: String, Sendable, Codable, CaseIterable {
    /// All prunable weights compete.
    case global
    /// The same fraction from every layer.
    case layer
  }
}

/// The `batch_norm` section.
public struct BatchNormConfig: Sendable, Equatable, Codable {
  /// Who owns a set of running statistics; the affine parameters are shared either way.
  public var statistics: Statistics = .perSubnetwork
  /// The weight of a new batch in the running statistics.
  public var momentum = 0.1

  /// The defaults.
  public init() {}

  /// The owner of running means and variances (paper §10).
  public enum Statistics: String, Sendable, Codable, CaseIterable {
    /// K sets.
    case perSubnetwork = "per_subnetwork"
    /// One set.
    case shared
  }
}

/// The `evaluation` section.
public struct EvaluationConfig: Sendable, Equatable, Codable {
  /// Held-out samples that judge each subnetwork at the end of an extraction round, before the
  /// rewind; 0 is none.
  public var roundSamples = 1000
  /// Whether to report, besides the oracle setting, the argmax over the K subnetworks' scores.
  public var argmax = true

  /// The defaults.
  public init() {}
}

/// The `checkpoints` section. One is also saved at the end of every round and retraining, when a run
/// is paused, and when it is told to stop.
public struct CheckpointConfig: Sendable, Equatable, Codable {
  /// Seconds between two checkpoints.
  public var everySeconds = 60.0
  /// Optimizer steps, of all subnetworks together, between two checkpoints; 0 goes by time alone.
  public var everySteps = 0

  /// The defaults.
  public init() {}
}
