import Experiments
import TerminalUI
import Workbench

/// Looks and states that the tests share.
enum Fixture {
  static let color = Look(
    theme: (Theme.named("dark") ?? .standard).adapted(to: .indexed256), glyphs: .braille)
  static let mono = Look(
    theme: (Theme.named("dark") ?? .standard).adapted(to: .mono), glyphs: .braille)
  static let ascii = Look(
    theme: (Theme.named("dark") ?? .standard).adapted(to: .mono), glyphs: .ascii)

  static let configurations = [
    ConfigurationListing(
      name: "demo", path: "sample-configs/demo.yaml", summary: "generated images, five minutes"),
    ConfigurationListing(name: "cifar10-paper", path: nil, summary: "the paper's settings"),
  ]

  /// A run screen on which the events have arrived.
  static func state(
    _ run: ScriptedRun, size: Size = Size(width: 80, height: 24), canLaunch: Bool = false
  ) -> WorkbenchState {
    var state = WorkbenchState(
      runName: run.description.runName, canLaunch: canLaunch, now: ScriptedRun.start, size: size)
    _ = update(&state, .events(run.events))
    _ = update(&state, .tick(run.time))
    return state
  }
}

extension WorkbenchState {
  /// Presses keys one after the other and gives back all effects.
  @discardableResult
  mutating func press(_ keys: Key...) -> [Effect] {
    keys.flatMap { update(&self, .key($0)) }
  }

  /// Types a text.
  @discardableResult
  mutating func type(_ text: String) -> [Effect] {
    text.flatMap { update(&self, .key(.character($0))) }
  }

  /// Takes one more event in.
  @discardableResult
  mutating func receive(_ event: Event) -> [Effect] {
    update(&self, .events([RecordedEvent(sequence: 0, time: now, event: event)]))
  }

  /// Lets a moment pass.
  @discardableResult
  mutating func tick() -> [Effect] { update(&self, .tick(now)) }
}
