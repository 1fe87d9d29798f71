internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Takes a key while the words of a note are asked for.
  mutating func press(_ key: Key, inNote input: TextInput) -> [Effect] {
    var input = input
    switch key {
    case .escape, .control("c"):
      popup = nil
      return []
    case .enter:
      guard Note.problem(with: input.text) == nil else { return [.ring] }
      popup = nil
      if let reason = reasonAgainst(.marker) {
        say(reason, .warning)
        return []
      }
      return [.send(.note(input.text))]
    case .character where input.text.count >= Note.limit: break
    default: _ = input.handle(key)
    }
    popup = .note(input)
    return []
  }
}
