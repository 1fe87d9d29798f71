package import Experiments
package import TerminalUI

/// What to do at the workbench without a person: a step a line, `#` begins a comment.
///
/// ```
/// size 120x40
/// wait round 2
/// keys 3 Down Enter
/// assert "airplane"
/// save-screen overlap.svg
/// ```
public struct WorkbenchScript: Sendable, Equatable {
  /// The form a screen is saved in.
  package enum Picture: String, Sendable, CaseIterable {
    case text = "--text"
    case svg = "--svg"
    case colours = "--colours"
  }

  /// What a script waits for.
  package enum Condition: Sendable, Equatable {
    /// Nothing is under way: no event has come and nothing was drawn for a while.
    case idle
    /// The run is in a state.
    case state(RunState)
    /// A pruning round has begun.
    case round(Int)
    /// An event of this name has come since the last wait for something else; each counts once.
    case event(String)
  }

  /// One step.
  package enum Step: Sendable, Equatable {
    case press([Key])
    case resize(Size)
    case wait(Condition, seconds: Double)
    case save(path: String, Picture)
    case assert(String, isThere: Bool)
    case quit
  }

  /// The file, for messages.
  package let file: String
  /// The steps with their lines, from 1.
  package let steps: [(line: Int, step: Step)]

  /// Seconds that a `wait` takes at most unless it says otherwise.
  static let patience = 60.0

  package static let verbs = [
    "key", "keys", "type", "size", "wait", "save-screen", "assert", "assert-not", "quit",
  ]

  /// Reads a script.
  /// - Throws: `ScriptError` for the first line that cannot be understood.
  public init(parsing text: String, file: String) throws {
    self.file = file
    var steps: [(line: Int, step: Step)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      var reader = ScriptLine(String(line), file: file, number: index + 1)
      if let step = try reader.step() { steps.append((index + 1, step)) }
    }
    self.steps = steps
  }

  /// Whether two scripts have the same steps on the same lines.
  public static func == (left: WorkbenchScript, right: WorkbenchScript) -> Bool {
    left.file == right.file && left.steps.count == right.steps.count
      && zip(left.steps, right.steps).allSatisfy { $0 == $1 }
  }
}

/// A line of a script that cannot be understood, or that did not hold.
public struct ScriptError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Whether the script itself is wrong, rather than what the screen showed.
  public let isMistake: Bool
  /// The file, the line, what was found and what was expected.
  public let description: String

  /// What is wrong, as a sentence with its place.
  public init(isMistake: Bool, description: String) {
    self.isMistake = isMistake
    self.description = description
  }
}
