internal import Experiments
internal import TerminalUI

/// Why a line cannot be taken, in one sentence for the strip.
package struct CommandProblem: Error, Equatable, CustomStringConvertible {
  /// The sentence.
  package let description: String

  init(_ description: String) { self.description = description }

  /// A word that means nothing, and the nearest that would.
  /// - Parameter kind: what was expected, as `theme`.
  static func unknown(_ word: String, _ kind: String, among known: [String]) -> CommandProblem {
    guard !word.isEmpty else {
      return CommandProblem("expected a \(kind): \(known.joined(separator: ", "))")
    }
    let advice =
      NearestName.find(word, among: known).map { "did you mean '\($0)'?" }
      ?? "there are \(known.joined(separator: ", "))"
    return CommandProblem("no \(kind) '\(Names.printable(word))'; \(advice)")
  }
}

/// A word that may come next on the command line.
package struct CommandWord: Sendable, Equatable {
  /// The word.
  package var text: String
  /// What it means.
  package var help: String
}

/// A command of the command line that takes words after its name.
///
/// A new one is a row of ``all``: what may follow, for completion, and what the line comes to.
package struct ArgumentCommand: Sendable {
  /// Its name, unlike that of any row of the key table.
  package var name: String
  /// What follows, as documentation writes it.
  package var arguments: String
  /// One sentence for the list of candidates.
  package var help: String
  /// What may come after these words.
  var next: @Sendable (WorkbenchState, [String]) -> [CommandWord]
  /// The command for these words.
  var parse: @Sendable (WorkbenchState, [String]) throws(CommandProblem) -> Command

  /// Every command with arguments.
  package static let all: [ArgumentCommand] = [theme, pane, set, run, annotate, write]

  private static let theme = ArgumentCommand(
    name: "theme", arguments: "NAME", help: "use a theme",
    next: { state, words in
      words.isEmpty ? state.themes.names.map { CommandWord(text: $0, help: "") } : []
    },
    parse: { state, words throws(CommandProblem) in
      .theme(
        try choose(words, 0, "theme", among: state.themes.names.map { ($0, $0) }, isLast: true))
    })

  private static let pane = ArgumentCommand(
    name: "pane", arguments: "NAME", help: "go to a pane",
    next: { _, words in
      words.isEmpty
        ? Pane.allCases.map { CommandWord(text: $0.title.lowercased(), help: "") } : []
    },
    parse: { _, words throws(CommandProblem) in
      let panes = Pane.allCases.map { ($0.title.lowercased(), $0) }
      return .pane(try choose(words, 0, "pane", among: panes, isLast: true))
    })

  private static let set = ArgumentCommand(
    name: "set", arguments: "SETTING VALUE", help: "change how the screen shows something",
    next: { _, words in
      switch words.count {
      case 0: SettingRow.all.map { CommandWord(text: $0.name, help: $0.help) }
      case 1:
        SettingRow.all.first { $0.name == words[0] }?.values
          .map { CommandWord(text: $0.word, help: "") } ?? []
      default: []
      }
    },
    parse: { _, words throws(CommandProblem) in
      let row = try choose(
        words, 0, "setting", among: SettingRow.all.map { ($0.name, $0) }, isLast: false)
      let values = row.values.map { ($0.word, $0.setting) }
      return .set(try choose(words, 1, "value of \(row.name)", among: values, isLast: true))
    })

  private static let run = ArgumentCommand(
    name: "run", arguments: "N UNIT", help: "run N batches, epochs or rounds, then pause",
    next: { _, words in
      words.count == 1
        ? RunLength.Unit.allCases.map { CommandWord(text: $0.rawValue, help: "") } : []
    },
    parse: { _, words throws(CommandProblem) in
      guard let count = words.first.flatMap({ Int($0) }), (1...RunLength.mostUnits).contains(count)
      else {
        throw CommandProblem(
          "expected a whole number from 1, found '\(Names.printable(words.first ?? ""))'")
      }
      let units = RunLength.Unit.allCases.map { ($0.rawValue, $0) }
      return .runForLength(
        RunLength(count, try choose(words, 1, "unit", among: units, isLast: true)))
    })

  private static let annotate = ArgumentCommand(
    name: "annotate", arguments: "TEXT", help: "words on this moment, kept with the run",
    next: { _, _ in [] },
    parse: { _, words throws(CommandProblem) in
      let text = words.joined(separator: " ")
      if let problem = Note.problem(with: text) { throw CommandProblem(problem) }
      return .annotate(text)
    })

  private static let write = ArgumentCommand(
    name: "write", arguments: "FILE",
    help: "the focused pane, or the comparison, as .csv, .svg or .txt",
    next: { _, _ in [] },
    parse: { _, words throws(CommandProblem) in
      guard !words.isEmpty else { throw CommandProblem("expected a file name, such as loss.csv") }
      return .write(words.joined(separator: " "))
    })

  /// The value that a word stands for.
  /// - Throws: `CommandProblem` with the nearest word if it stands for none, or for words too many.
  static func choose<Value>(
    _ words: [String], _ index: Int, _ kind: String, among known: [(String, Value)], isLast: Bool
  ) throws(CommandProblem) -> Value {
    let word = words.indices.contains(index) ? words[index] : ""
    guard let found = known.first(where: { $0.0 == word }) else {
      throw .unknown(word, kind, among: known.map(\.0))
    }
    if isLast, words.count > index + 1 {
      throw CommandProblem("nothing may follow the \(kind) '\(Names.printable(word))'")
    }
    return found.1
  }
}
