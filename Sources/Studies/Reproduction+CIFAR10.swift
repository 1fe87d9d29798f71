internal import Experiments

extension Reproduction {
  /// Ten classes of CIFAR-10, a subnetwork for each: the paper's main table, its baselines, and
  /// controls that show what the masks add.
  public static let cifar10 = Reproduction(
    name: "cifar10", title: "CIFAR-10, a subnetwork per class", methods: cifar10Methods,
    ablation: cifar10Ablation,
    quickChanges: [
      "dataset.train_samples=10000", "optimizer.learning_rate=0.001",
      "extraction.epochs_per_round=2", "extraction.prune_count=16384", "retraining.epochs=5",
      "evaluation.round_samples=1000",
    ])

  private static let cifar10Methods: [ReproductionRow] = [
    ReproductionRow(
      .rtl, "K masks extracted, one θ retrained jointly: the paper's method",
      paper: figures(
        (0.781, 0.282, 0.821, 103_000), (0.778, 0.276, 0.810, 72_000),
        (0.772, 0.257, 0.816, 38_000))),
    ReproductionRow(
      .impSingle, "one mask and one multi-class model for all data, twice the epochs",
      paper: figures(
        (0.711, 0.479, 0.480, 94_000), (0.711, 0.478, 0.480, 63_000),
        (0.732, 0.515, 0.518, 31_000))),
    ReproductionRow(
      .impMultiple, "the masks of rtl, each retrained by itself: K models", masksFrom: "rtl",
      paper: figures(
        (0.712, 0.233, 0.701, 944_000), (0.710, 0.222, 0.702, 629_000),
        (0.760, 0.262, 0.766, 314_000))),
    ReproductionRow(
      .impSingleJoint, "the one mask of imp_single for all K, retrained jointly",
      masksFrom: "imp_single"),
    ReproductionRow(.randomJoint, "K random masks, retrained jointly"),
    ReproductionRow(.randomIndependent, "K random masks, each retrained by itself"),
    ReproductionRow(
      .shuffledJoint, "the masks of rtl shuffled within each layer, retrained jointly",
      masksFrom: "rtl"),
    ReproductionRow(
      .shuffledIndependent, "the masks of rtl shuffled within each layer, each by itself",
      masksFrom: "rtl"),
    ReproductionRow(
      .swappedJoint, "the masks of rtl, each for the class before, retrained jointly",
      masksFrom: "rtl"),
    ReproductionRow(.denseJoint, "no pruning: K heads on one dense θ, trained jointly"),
    ReproductionRow(.denseIndependent, "no pruning: K dense models, each by itself"),
  ]

  /// Those with the masks of rtl only retrain again; the others make masks of their own.
  private static let cifar10Ablation: [ReproductionRow] = [
    extracting("cadence_1", "one epoch before each pruning", ["extraction.epochs_per_round=1"]),
    extracting(
      "cadence_3", "three epochs before each pruning", ["extraction.epochs_per_round=3"]),
    extracting(
      "ranking_layer", "the same fraction pruned from every layer", ["extraction.ranking=layer"]),
    extracting(
      "outputs_single", "all subnetworks read the same output unit", ["task.outputs=single"]),
    retraining("retrain_5", "5 epochs of retraining", ["retraining.epochs=5"]),
    retraining("retrain_20", "20 epochs of retraining", ["retraining.epochs=20"]),
    retraining("retrain_40", "40 epochs of retraining", ["retraining.epochs=40"]),
    retraining(
      "rate_3e-4", "retraining at learning rate 3e-4", ["retraining.learning_rate=0.0003"]),
    retraining(
      "rate_1e-3", "retraining at learning rate 1e-3", ["retraining.learning_rate=0.001"]),
    retraining(
      "statistics_shared", "one set of batch-norm statistics for all",
      ["batch_norm.statistics=shared"]),
    retraining(
      "negatives_all", "retraining on all samples in their natural proportion",
      ["task.negatives=all"]),
    retraining(
      "best_20", "20 epochs at 1e-3 with shifts and mirror images",
      best + ["retraining.epochs=20"]),
    retraining(
      "best_40", "40 epochs at 1e-3 with shifts and mirror images",
      best + ["retraining.epochs=40"]),
    retraining(
      "best_80", "80 epochs at 1e-3 with shifts and mirror images",
      best + ["retraining.epochs=80"]),
  ]

  private static let best = [
    "retraining.learning_rate=0.001", "dataset.augmentation=shift_and_flip",
  ]

  private static func extracting(
    _ label: String, _ meaning: String, _ changes: [String]
  ) -> ReproductionRow {
    ReproductionRow(label, .rtl, meaning, changes: changes)
  }

  private static func retraining(
    _ label: String, _ meaning: String, _ changes: [String]
  ) -> ReproductionRow {
    ReproductionRow(
      label, .rtl, meaning + ", masks of rtl", changes: changes, masksFrom: "rtl")
  }

  /// Balanced accuracy, precision, recall and weights at 25, 50 and 75 % sparsity (paper, Table 1).
  private static func figures(
    _ lines: (Double, Double, Double, Double)...
  ) -> [PaperFigures] {
    zip([0.25, 0.5, 0.75], lines).map { target, line in
      PaperFigures(
        target: target, balancedAccuracy: line.0, precision: line.1, recall: line.2,
        parameters: line.3)
    }
  }
}
