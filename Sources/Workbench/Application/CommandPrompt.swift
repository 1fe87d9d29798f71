internal import Experiments
package import TerminalUI

/// The command line while it is being typed.
package struct CommandPrompt: Sendable, Equatable {
  /// What is written.
  package private(set) var input: TextInput
  /// What was typed before Tab began to go through the candidates.
  package private(set) var typed: String
  /// The candidate that Tab has come to.
  package private(set) var choice: Int?
  /// How far back in what was entered before; 0 is the line itself.
  private var age = 0
  private var draft = ""

  /// A prompt with something written already.
  package init(_ text: String = "") {
    input = TextInput(text)
    typed = text
  }

  /// The longest line that is taken; nothing that means something is longer.
  private static let lengthLimit = 200

  /// Edits the line; what Tab wrote then counts as typed.
  mutating func handle(_ key: Key) {
    if case .character = key, input.text.count >= Self.lengthLimit { return }
    let before = input.text
    _ = input.handle(key)
    guard input.text != before else { return }
    settle()
    age = 0
  }

  /// Goes to another candidate, around; a single one is taken for good.
  mutating func complete(by offset: Int, among candidates: [CommandLanguage.Candidate]) {
    guard !candidates.isEmpty else { return }
    if candidates.count == 1 {
      input = TextInput(candidates[0].line + (candidates[0].goesOn ? " " : ""))
      return settle()
    }
    let next = choice.map { $0 + offset } ?? (offset > 0 ? 0 : candidates.count - 1)
    let index = (next + candidates.count) % candidates.count
    choice = index
    input = TextInput(candidates[index].line)
  }

  /// Goes to a candidate.
  mutating func choose(_ index: Int, among candidates: [CommandLanguage.Candidate]) {
    guard candidates.indices.contains(index) else { return }
    choice = index
    input = TextInput(candidates[index].line)
  }

  /// Goes back in what was entered before, or forward again.
  mutating func recall(by offset: Int, in lines: [String]) {
    let next = min(max(0, age + offset), lines.count)
    guard next != age else { return }
    if age == 0 { draft = input.text }
    age = next
    input = TextInput(age == 0 ? draft : lines[lines.count - age])
    settle()
  }

  private mutating func settle() {
    typed = input.text
    choice = nil
  }
}

extension WorkbenchState {
  /// Lines that are remembered.
  private static let mostLines = 100

  mutating func press(_ key: Key, in prompt: CommandPrompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .escape, .control("c"),
      .backspace where prompt.input.isEmpty:
      popup = nil
      return []
    case .tab, .backtab:
      let candidates = CommandLanguage.candidates(for: prompt.typed, in: self)
      prompt.complete(by: key == .tab ? 1 : -1, among: candidates)
    case .up, .control("p"): prompt.recall(by: 1, in: enteredLines)
    case .down, .control("n"): prompt.recall(by: -1, in: enteredLines)
    case .enter: return enter(prompt)
    default: prompt.handle(key)
    }
    popup = .prompt(prompt)
    return []
  }

  private mutating func enter(_ prompt: CommandPrompt) -> [Effect] {
    let line = prompt.input.text.split(separator: " ").joined(separator: " ")
    popup = nil
    guard !line.isEmpty else { return [] }
    if enteredLines.last != line { enteredLines.append(line) }
    enteredLines = enteredLines.suffix(Self.mostLines)
    do {
      let command = try CommandLanguage.command(line, in: self)
      return perform(command)
    } catch {
      // Still there to be mended.
      popup = .prompt(prompt)
      say(error.description, .warning)
      return [.ring]
    }
  }
}
