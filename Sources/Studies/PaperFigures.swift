/// What the paper reports for a method at a target sparsity (its tables of classification results).
public struct PaperFigures: Sendable, Codable, Equatable {
  /// The sparsity.
  public var target: Double
  /// Mean over the subnetworks.
  public var balancedAccuracy: Double
  /// Mean over the subnetworks.
  public var precision: Double
  /// Mean over the subnetworks.
  public var recall: Double
  /// Weights: of the union of the masks, or of all K models where nothing is shared.
  public var parameters: Double

  /// A line of the paper's table.
  public init(
    target: Double, balancedAccuracy: Double, precision: Double, recall: Double, parameters: Double
  ) {
    self.target = target
    self.balancedAccuracy = balancedAccuracy
    self.precision = precision
    self.recall = recall
    self.parameters = parameters
  }
}
