/// A person's words on a moment of a run.
public struct Note: Sendable, Codable, Equatable {
  /// The most characters of a note.
  public static let limit = 200

  /// Where in the run something was said: the step that was finished last.
  public struct Place: Sendable, Codable, Equatable {
    /// Extraction or retraining.
    public var stage: Stage
    /// The pruning round, from 1.
    public var round: Int
    /// Index of the subnetwork that took the step.
    public var subnetwork: Int
    /// Step of that subnetwork within the stage, from 1.
    public var step: Int

    /// A place.
    public init(stage: Stage, round: Int, subnetwork: Int, step: Int) {
      self.stage = stage
      self.round = round
      self.subnetwork = subnetwork
      self.step = step
    }

    /// The place of a step.
    public init(_ report: StepReport) {
      self.init(
        stage: report.stage, round: report.round, subnetwork: report.subnetwork, step: report.step)
    }
  }

  /// The words, one line.
  public var text: String
  /// The place; `nil` before the first step.
  public var place: Place?

  /// A note.
  public init(text: String, place: Place?) {
    self.text = text
    self.place = place
  }

  /// Why a text cannot be a note; `nil` if it can.
  public static func problem(with text: String) -> String? {
    if !text.contains(where: { !$0.isWhitespace }) { return "a note needs some words" }
    if text.count > limit {
      return "a note has at most \(limit) characters; this one has \(text.count)"
    }
    let isPlain = text.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
    return isPlain ? nil : "a note is one line without control characters"
  }
}
