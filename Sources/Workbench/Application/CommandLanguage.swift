internal import Experiments
internal import TerminalUI

/// The language of the command line: the names of the key table, and those that take words.
enum CommandLanguage {
  /// A line that what was typed can become.
  struct Candidate: Equatable {
    /// The whole line.
    var line: String
    /// The part that is new, for the list.
    var word: String
    /// What it does.
    var help: String
    /// Why it would do nothing now; `nil` if it works.
    var reason: String?
    /// Whether words have to follow.
    var goesOn = false
  }

  /// What people type out of habit, and the command they mean.
  private static let habits: [String: Command] = ["q": .leave, "quit": .leave, "h": .help]

  /// The command of a line.
  /// - Throws: `CommandProblem` with the nearest name that there is.
  static func command(_ line: String, in state: WorkbenchState) throws(CommandProblem) -> Command {
    let words = words(of: line)
    guard let name = words.first else { throw CommandProblem("expected a command") }
    if let command = ArgumentCommand.all.first(where: { $0.name == name }) {
      return try command.parse(state, Array(words.dropFirst()))
    }
    let rows = state.keyMap.bindings
    guard let command = rows.first(where: { $0.name == name })?.command ?? habits[name] else {
      let known = rows.map(\.name) + ArgumentCommand.all.map(\.name)
      guard let nearest = NearestName.find(name, among: known) else {
        throw CommandProblem("no command '\(Names.printable(name))'; Tab lists them")
      }
      throw CommandProblem(
        "no command '\(Names.printable(name))'; did you mean '\(nearest)'?")
    }
    guard words.count == 1 else {
      throw CommandProblem("nothing may follow '\(Names.printable(name))'")
    }
    return command
  }

  /// What a line can become: those that begin so, then those that have it somewhere.
  static func candidates(for line: String, in state: WorkbenchState) -> [Candidate] {
    var before = words(of: line)
    let isBetweenWords = line.isEmpty || line.hasSuffix(" ")
    let partial = isBetweenWords ? "" : before.popLast() ?? ""
    guard let name = before.first else { return names(partial, in: state) }
    guard let command = ArgumentCommand.all.first(where: { $0.name == name }) else { return [] }
    let words = command.next(state, Array(before.dropFirst()))
    return ranked(words, partial, by: \.text).map { word in
      let whole = (before + [word.text]).joined(separator: " ")
      let following = command.next(state, Array(before.dropFirst()) + [word.text])
      return Candidate(
        line: whole, word: word.text, help: word.help, goesOn: !following.isEmpty)
    }
  }

  private static func names(_ partial: String, in state: WorkbenchState) -> [Candidate] {
    let simple = state.keyMap.bindings.map { row in
      Candidate(
        line: row.name, word: row.name,
        help: row.keys.isEmpty ? row.help : "\(row.help) (\(row.shortLabel))",
        reason: state.reasonAgainst(row.command))
    }
    let others = ArgumentCommand.all.map {
      Candidate(
        line: $0.name, word: "\($0.name) \($0.arguments)", help: $0.help, goesOn: true)
    }
    return ranked(simple + others, partial, by: \.line)
  }

  private static func ranked<Item>(
    _ items: [Item], _ partial: String, by text: (Item) -> String
  ) -> [Item] {
    let wanted = partial.lowercased()
    let first = items.filter { text($0).lowercased().hasPrefix(wanted) }
    guard !wanted.isEmpty else { return first }
    return first
      + items.filter {
        let word = text($0).lowercased()
        return !word.hasPrefix(wanted) && word.contains(wanted)
      }
  }

  private static func words(of line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }
}
