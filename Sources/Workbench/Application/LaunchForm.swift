package import Experiments
package import TerminalUI

/// The form that asks for the settings of one more round.
package struct LaunchForm: Sendable, Equatable {
  /// Its fields.
  package enum Field: Int, Sendable, CaseIterable {
    case pruneCount, epochs, learningRate

    /// What the field is called.
    package var title: String {
      switch self {
      case .pruneCount: "Prune count"
      case .epochs: "Epochs"
      case .learningRate: "Learning rate"
      }
    }

    /// What its figure counts.
    package var unit: String {
      switch self {
      case .pruneCount: "weights from each mask"
      case .epochs: "before pruning"
      case .learningRate: "Adam's step size"
      }
    }
  }

  /// The field that takes the keys.
  package private(set) var focus = Field.pruneCount
  /// What is written in each field.
  private var inputs: [TextInput]
  /// Weights that the smallest mask has left, at most as many as can go.
  package let mostWeights: Int
  /// When the round would begin.
  package let moment: String

  /// A form filled with what a round uses by default.
  package init(defaults: RoundSettings, mostWeights: Int, moment: String) {
    inputs = [
      TextInput(String(defaults.pruneCount)), TextInput(String(defaults.epochs)),
      TextInput("\(defaults.learningRate)"),
    ]
    self.mostWeights = mostWeights
    self.moment = moment
  }

  /// Goes to the next or previous field, around.
  package mutating func move(by offset: Int) {
    let count = Field.allCases.count
    let index = ((focus.rawValue + offset) % count + count) % count
    focus = Field(rawValue: index) ?? .pruneCount
  }

  /// Goes to the first field that cannot be taken.
  package mutating func moveToProblem() {
    if let field = Field.allCases.first(where: { problem(with: $0) != nil }) { focus = field }
  }

  /// Edits the field; a character that no figure has is ignored.
  package mutating func handle(_ key: Key) {
    if case .character(let character) = key {
      let allowed: Set<Character> =
        focus == .learningRate ? Set("0123456789.eE-+") : Set("0123456789,_")
      guard allowed.contains(character), text(of: focus).count < 24 else { return }
    }
    _ = inputs[focus.rawValue].handle(key)
  }

  /// What a field holds, with its cursor.
  package func input(of field: Field) -> TextInput { inputs[field.rawValue] }

  /// What a field holds.
  package func text(of field: Field) -> String { inputs[field.rawValue].text }

  /// Why a field cannot be taken; `nil` if it can.
  package func problem(with field: Field) -> String? {
    switch field {
    case .pruneCount:
      guard let count = whole(field) else { return "a whole number of weights" }
      if count < 1 { return "at least 1" }
      return count > mostWeights ? "only \(Figures.grouped(mostWeights)) weights are left" : nil
    case .epochs:
      guard let count = whole(field) else { return "a whole number of epochs" }
      return (1...10_000).contains(count) ? nil : "between 1 and 10,000"
    case .learningRate:
      guard let rate = Double(text(of: field)), rate.isFinite else { return "a number, as 1e-4" }
      return rate > 0 && rate <= 10 ? nil : "above 0 and at most 10"
    }
  }

  /// The settings; `nil` while a field has a problem.
  package var settings: RoundSettings? {
    guard Field.allCases.allSatisfy({ problem(with: $0) == nil }),
      let pruneCount = whole(.pruneCount), let epochs = whole(.epochs),
      let learningRate = Double(text(of: .learningRate))
    else { return nil }
    return RoundSettings(pruneCount: pruneCount, epochs: epochs, learningRate: learningRate)
  }

  private func whole(_ field: Field) -> Int? {
    Int(text(of: field).filter { $0 != "," && $0 != "_" })
  }
}
