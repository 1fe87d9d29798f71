package import Experiments
package import TerminalUI

/// A form that asks the engine for something: one more round, other settings, some more work.
package struct LaunchForm: Sendable, Equatable {
  /// What it asks for.
  package enum Purpose: Sendable, Equatable {
    case round, settings, runFor

    /// Its fields, in order.
    package var fields: [Field] {
      self == .runFor ? [.count, .unit] : [.pruneCount, .epochs, .learningRate, .scope]
    }

    /// The command that opens it.
    package var command: Command {
      switch self {
      case .round: .launchRound
      case .settings: .settings
      case .runFor: .runFor
      }
    }
  }

  /// A field of a form.
  package enum Field: Sendable, CaseIterable {
    case pruneCount, epochs, learningRate, scope, count, unit

    /// What the field is called.
    package var title: String {
      switch self {
      case .pruneCount: "Prune count"
      case .epochs: "Epochs"
      case .learningRate: "Learning rate"
      case .scope: "For"
      case .count: "Run"
      case .unit: "Of"
      }
    }

    /// What its figure counts.
    package var hint: String {
      switch self {
      case .pruneCount: "weights from each mask"
      case .epochs: "before pruning"
      case .learningRate: "Adam's step size"
      case .count: "how many"
      case .scope: "← → or a letter; * is all"
      case .unit: "← → or b, e, r"
      }
    }

    /// Whether one picks instead of writing.
    var isChoice: Bool { self == .scope || self == .unit }
  }

  /// What the form knows of a subnetwork.
  package struct Subnetwork: Sendable, Equatable {
    /// Its short label.
    package var letter: String
    /// The subset's name.
    package var name: String
    /// Weights in its mask.
    package var weightsLeft: Int
    /// Whether its mask stays.
    package var isFrozen: Bool
    /// What it uses from the next round on.
    package var settings: RoundSettings
  }

  /// What it asks for.
  package let purpose: Purpose
  /// The field that takes the keys.
  package private(set) var focus: Field
  /// When it takes effect.
  package let moment: String
  /// The subnetwork it is for; `nil` is all.
  package private(set) var scope: Int?
  /// The unit of the count.
  package private(set) var unit = RunLength.Unit.batches
  /// What is written in each field.
  private var inputs: [Field: TextInput]
  /// The settings of all; each subnetwork has its own.
  private let settings: RoundSettings
  private let subnetworks: [Subnetwork]
  private var isEdited = false

  /// A form filled with what holds now.
  /// - Parameter scope: the subnetwork it is for at first; `nil` is all.
  package init(
    _ purpose: Purpose, settings: RoundSettings, subnetworks: [Subnetwork], moment: String,
    scope: Int? = nil
  ) {
    self.purpose = purpose
    self.settings = settings
    self.subnetworks = subnetworks
    self.moment = moment
    self.scope = scope.flatMap { subnetworks.indices.contains($0) ? $0 : nil }
    focus = purpose.fields[0]
    inputs = [.count: .proposing("1")]
    fill()
  }

  /// Goes to the next or previous field, around.
  package mutating func move(by offset: Int) {
    let fields = purpose.fields
    let index = (fields.firstIndex(of: focus) ?? 0) + offset
    focus(on: fields[(index % fields.count + fields.count) % fields.count])
  }

  /// Goes to a field; one that has the keys already and offers a choice goes on to the next one.
  package mutating func choose(_ field: Field) {
    guard purpose.fields.contains(field) else { return }
    if focus == field, field.isChoice { handle(.right) }
    focus(on: field)
  }

  /// Goes to the first field that cannot be taken.
  package mutating func moveToProblem() {
    if let field = purpose.fields.first(where: { problem(with: $0) != nil }) {
      focus(on: field)
    }
  }

  /// Hands the keys to a field; what it holds is a proposal to who comes from elsewhere.
  private mutating func focus(on field: Field) {
    if field != focus { inputs[field]?.propose() }
    focus = field
  }

  /// Edits the field; a character that no figure has is ignored.
  package mutating func handle(_ key: Key) {
    if focus.isChoice { return choose(key) }
    if case .character(let character) = key {
      let allowed: Set<Character> =
        focus == .learningRate ? Set("0123456789.eE-+") : Set("0123456789,_")
      guard allowed.contains(character), text(of: focus).count < 24 else { return }
    }
    isEdited = true
    _ = inputs[focus, default: TextInput("")].handle(key)
  }

  /// What a field holds, with its cursor.
  package func input(of field: Field) -> TextInput {
    switch field {
    case .scope:
      TextInput(scope.map { "\(subnetworks[$0].letter) \(subnetworks[$0].name)" } ?? "all")
    case .unit: TextInput(unit.rawValue)
    default: inputs[field] ?? TextInput("")
    }
  }

  /// What a field holds.
  package func text(of field: Field) -> String { input(of: field).text }

  /// Why a field cannot be taken; `nil` if it can.
  package func problem(with field: Field) -> String? {
    switch field {
    case .pruneCount:
      guard let count = whole(field) else { return "a whole number of weights" }
      if count < 1 { return "at least 1" }
      let most = mostWeights
      return count > most ? "only \(Figures.grouped(most)) weights are left" : nil
    case .epochs:
      guard let count = whole(field) else { return "a whole number of epochs" }
      return (1...100_000).contains(count) ? nil : "between 1 and 100,000"
    case .learningRate:
      guard let rate = Double(text(of: field)), rate.isFinite else { return "a number, as 1e-4" }
      return rate > 0 && rate <= 10 ? nil : "above 0 and at most 10"
    case .scope:
      guard purpose == .round, let scope, subnetworks[scope].isFrozen else { return nil }
      return "its mask is frozen"
    case .count:
      guard let count = whole(field) else { return "a whole number" }
      return (1...RunLength.mostUnits).contains(count) ? nil : "between 1 and 1,000,000,000"
    case .unit: return nil
    }
  }

  /// What is asked of the engine; `nil` while a field has a problem. Settings are changed where they
  /// differ from what holds now.
  package var command: RunCommand? {
    guard purpose.fields.allSatisfy({ problem(with: $0) == nil }) else { return nil }
    if purpose == .runFor { return whole(.count).map { .runFor(RunLength($0, unit)) } }
    guard let pruneCount = whole(.pruneCount), let epochs = whole(.epochs),
      let rate = Double(text(of: .learningRate))
    else { return nil }
    if purpose == .round {
      return .launchRound(
        RoundSettings(pruneCount: pruneCount, epochs: epochs, learningRate: rate),
        subnetwork: scope)
    }
    let now = present
    return .changeSettings(
      SettingsChange(
        pruneCount: pruneCount == now.pruneCount ? nil : pruneCount,
        epochs: epochs == now.epochs ? nil : epochs,
        learningRate: rate == now.learningRate ? nil : rate), subnetwork: scope)
  }

  // MARK: - Inside

  /// What holds now for those it is for.
  private var present: RoundSettings { scope.map { subnetworks[$0].settings } ?? settings }

  /// Weights that can go at most.
  private var mostWeights: Int {
    if let scope { return subnetworks[scope].weightsLeft }
    return subnetworks.filter { !$0.isFrozen }.map(\.weightsLeft).min() ?? 1_000_000_000
  }

  /// Writes what holds now into the fields.
  private mutating func fill() {
    let now = present
    // A round can prune no more than there is; a standing count may be higher and lands on targets.
    let count = purpose == .round ? max(1, min(now.pruneCount, mostWeights)) : now.pruneCount
    inputs[.pruneCount] = .proposing(String(count))
    inputs[.epochs] = .proposing(String(now.epochs))
    inputs[.learningRate] = .proposing("\(now.learningRate)")
  }

  private mutating func choose(_ key: Key) {
    let offset: Int
    switch key {
    case .left: offset = -1
    case .right, .character(" "): offset = 1
    case .character(let character): return choose(character)
    default: return
    }
    if focus == .unit {
      let units = RunLength.Unit.allCases
      let index = (units.firstIndex(of: unit) ?? 0) + offset
      unit = units[(index + units.count) % units.count]
    } else {
      // All come before the first.
      let index = (scope.map { $0 + 1 } ?? 0) + offset
      let count = subnetworks.count + 1
      let chosen = (index + count) % count
      pick(chosen == 0 ? nil : chosen - 1)
    }
  }

  private mutating func choose(_ character: Character) {
    if focus == .unit {
      unit = RunLength.Unit.allCases.first { $0.rawValue.first == character } ?? unit
    } else if character == "*" {
      pick(nil)
    } else {
      let letters = subnetworks.map(\.letter)
      let index =
        letters.firstIndex(of: "\(character)")
        ?? letters.firstIndex { $0.lowercased() == character.lowercased() }
      if let index { pick(index) }
    }
  }

  private mutating func pick(_ subnetwork: Int?) {
    scope = subnetwork
    if !isEdited { fill() }
  }

  private func whole(_ field: Field) -> Int? {
    Int(text(of: field).filter { $0 != "," && $0 != "_" })
  }
}
