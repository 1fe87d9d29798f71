internal import Experiments
internal import TerminalUI

/// A line of a script on its way to a step.
struct ScriptLine {
  private let file: String
  private let number: Int
  private let words: [Substring]
  private let rest: String

  init(_ line: String, file: String, number: Int) {
    self.file = file
    self.number = number
    let line = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    rest = String(line.dropFirst(words.first?.count ?? 0).drop { $0 == " " || $0 == "\t" })
  }

  /// The step; `nil` for an empty line and a comment.
  mutating func step() throws -> WorkbenchScript.Step? {
    guard let verb = words.first, !verb.hasPrefix("#") else { return nil }
    let arguments = words.dropFirst().map(String.init)
    switch verb {
    case "key", "keys":
      guard !arguments.isEmpty else { throw problem("no key", "one such as p, Enter, ctrl-u, F1") }
      return .press(try arguments.map(key))
    case "type":
      return .press(try text().map { .character($0) })
    case "size":
      return .resize(try size(arguments))
    case "wait":
      return try wait(arguments)
    case "save-screen":
      return try save(arguments)
    case "assert": return .assert(try text(), isThere: true)
    case "assert-not": return .assert(try text(), isThere: false)
    case "quit":
      guard arguments.isEmpty else { throw problem("'\(arguments[0])'", "nothing after quit") }
      return .quit
    default:
      throw problem("'\(verb)'", "a step", among: WorkbenchScript.verbs, near: String(verb))
    }
  }

  private func problem(
    _ found: String, _ expected: String, among names: [String] = [], near word: String? = nil
  ) -> ScriptError {
    var sentence = "\(file):\(number): found \(Names.printable(found)), expected \(expected)"
    if let word, let nearest = NearestName.find(word, among: names) {
      sentence += "; did you mean '\(nearest)'?"
    } else if !names.isEmpty {
      sentence += ": " + names.joined(separator: ", ")
    }
    return ScriptError(isMistake: true, description: sentence)
  }

  private func key(_ text: String) throws -> Key {
    if let key = Key(text: text) { return key }
    let names = [
      "Enter", "Esc", "Tab", "shift-Tab", "Space", "Backspace", "Delete", "Up", "Down", "Left",
      "Right", "Home", "End", "PgUp", "PgDn",
    ]
    throw problem("'\(text)'", "a key", among: names, near: text)
  }

  /// The text of the line, without the quotes that may stand around it.
  private func text() throws -> String {
    var text = rest
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.first == "\"" else {
      guard !text.isEmpty else {
        throw problem("no text", "one, in quotes where it has spaces at an end")
      }
      return text
    }
    guard text.count >= 3, text.last == "\"" else {
      throw problem(text, "a text with a quote at either end")
    }
    return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"")
  }

  private func size(_ arguments: [String]) throws -> Size {
    let numbers = arguments.first?.split(separator: "x").map { Int($0) } ?? []
    guard arguments.count == 1, numbers.count == 2, let width = numbers[0], let height = numbers[1],
      (1...1000).contains(width), (1...1000).contains(height)
    else { throw problem("'\(rest)'", "columns and rows such as 120x40, at most 1000 of each") }
    return Size(width: width, height: height)
  }

  private func wait(_ arguments: [String]) throws -> WorkbenchScript.Step {
    var arguments = arguments
    var seconds = WorkbenchScript.patience
    if let index = arguments.firstIndex(of: "within") {
      guard arguments.count == index + 2, let limit = Double(arguments[index + 1]), limit > 0,
        limit <= 86400
      else { throw problem("'\(rest)'", "a number of seconds after within") }
      seconds = limit
      arguments.removeSubrange(index...)
    }
    let kinds = ["idle", "state", "round", "event"]
    guard let kind = arguments.first else {
      throw problem("nothing", "what to wait for", among: kinds)
    }
    func value(_ expected: String) throws -> String {
      guard arguments.count == 2 else { throw problem("'\(rest)'", expected) }
      return arguments[1]
    }
    switch kind {
    case "idle":
      guard arguments.count == 1 else { throw problem("'\(arguments[1])'", "nothing after idle") }
      return .wait(.idle, seconds: seconds)
    case "state":
      let word = try value("one state")
      guard let state = RunState(rawValue: word) else {
        throw problem("'\(word)'", "a state", among: RunState.allCases.map(\.rawValue), near: word)
      }
      return .wait(.state(state), seconds: seconds)
    case "round":
      let word = try value("one round")
      guard let round = Int(word), round > 0 else { throw problem("'\(word)'", "a round from 1") }
      return .wait(.round(round), seconds: seconds)
    case "event":
      let word = try value("one event")
      guard Event.names.contains(word) else {
        throw problem("'\(word)'", "an event", among: Event.names, near: word)
      }
      return .wait(.event(word), seconds: seconds)
    default: throw problem("'\(kind)'", "what to wait for", among: kinds, near: kind)
    }
  }

  private func save(_ arguments: [String]) throws -> WorkbenchScript.Step {
    let options = arguments.filter { $0.hasPrefix("--") }
    let paths = arguments.filter { !$0.hasPrefix("--") }
    guard paths.count == 1, options.count <= 1 else {
      throw problem("'\(rest)'", "a file and at most one of --text, --svg, --colours")
    }
    guard let option = options.first else {
      return .save(path: paths[0], paths[0].hasSuffix(".svg") ? .svg : .text)
    }
    guard let picture = WorkbenchScript.Picture(rawValue: option) else {
      throw problem(
        "'\(option)'", "a form", among: WorkbenchScript.Picture.allCases.map(\.rawValue),
        near: option)
    }
    return .save(path: paths[0], picture)
  }
}
