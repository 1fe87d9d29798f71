internal import Experiments
public import Foundation
public import TerminalUI

/// Presses the keys of a script at a workbench on a terminal in memory, and looks at its screens.
@MainActor
public final class ScriptPlayer {
  /// The terminal to open the workbench on.
  public let terminal: MemoryTerminal

  private let script: WorkbenchScript
  private let write: (Data, String) throws -> Void
  private var counts: [String: Int] = [:]
  private var lastEvent = ContinuousClock.now

  /// A player of a script, with a terminal of 120 × 40 unless the script begins with another size.
  /// - Parameter write: puts what a step saves into a file.
  public init(_ script: WorkbenchScript, write: @escaping (Data, String) throws -> Void) {
    self.script = script
    self.write = write
    var size = Size(width: 120, height: 40)
    if case .resize(let first)? = script.steps.first?.step { size = first }
    terminal = MemoryTerminal(size: size, keepsScreens: false)
  }

  /// Plays the script on a workbench that is running, and leaves that.
  /// - Throws: `ScriptError` for the first step that did not hold, with the screen.
  public func play(on workbench: Workbench) async throws {
    defer { workbench.interrupt() }
    workbench.onEvent = { [self] event in
      lastEvent = .now
      counts[event.event.name, default: 0] += 1
    }
    await settle(workbench)
    for (line, step) in script.steps {
      do {
        guard try await perform(step, workbench) else { return }
      } catch let failure as Failure {
        throw ScriptError(
          isMistake: false,
          description: "\(script.file):\(line): \(failure.reason); the screen is\n"
            + (terminal.screen?.text ?? ""))
      }
    }
  }

  private struct Failure: Error {
    let reason: String
  }

  /// - Returns: whether the script goes on.
  private func perform(_ step: WorkbenchScript.Step, _ workbench: Workbench) async throws -> Bool {
    switch step {
    case .press(let keys):
      // One after the other, as a person would: each finds what the one before has made.
      for key in keys {
        guard !workbench.isOver else { throw Failure(reason: "the workbench was left before") }
        terminal.press(key)
        await settle(workbench)
      }
    case .resize(let size):
      if size != terminal.size { terminal.resize(to: size) }
      await settle(workbench)
    case .wait(let condition, let seconds):
      try await wait(for: condition, seconds: seconds, workbench)
      // What came before is not waited for later; another run may have been on the screen then.
      if case .event = condition {} else { counts = [:] }
    case .save(let path, let picture):
      guard let screen = terminal.screen else { throw Failure(reason: "there is no screen yet") }
      let text =
        switch picture {
        case .text: screen.text + "\n"
        case .colours: screen.styleText + "\n"
        case .svg: screen.svg(in: workbench.state.look)
        }
      do {
        try write(Data(text.utf8), path)
      } catch {
        throw Failure(reason: "\(path): \(error)")
      }
    case .assert(let text, let isThere):
      let isShown = terminal.screen?.lines.contains { $0.contains(text) } == true
      guard isShown == isThere else {
        throw Failure(reason: isThere ? "\"\(text)\" is not shown" : "\"\(text)\" is shown")
      }
    case .quit:
      return false
    }
    return true
  }

  private func wait(
    for condition: WorkbenchScript.Condition, seconds: Double, _ workbench: Workbench
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var quietSince = ContinuousClock.now
    while true {
      let state = workbench.state
      switch condition {
      case .idle:
        let isPlaying = state.contact.playback.map {
          !$0.isOver && (!$0.isPaused || $0.isHurrying)
        }
        if !workbench.isSettled || isPlaying == true { quietSince = .now }
        if max(quietSince, lastEvent).duration(to: .now) > .milliseconds(400) { return }
      case .state(let wanted):
        if state.run.state == wanted { return await settle(workbench) }
      case .round(let round):
        if state.run.round >= round { return await settle(workbench) }
      case .event(let name):
        if let count = counts[name], count > 0 {
          counts[name] = count - 1
          return await settle(workbench)
        }
      }
      guard ContinuousClock.now < deadline, !workbench.isOver else {
        throw Failure(
          reason: workbench.isOver
            ? "the workbench was left before" : "waited \(Figures.rate(seconds)) s in vain")
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// Waits until every key is read and what follows from it is drawn.
  private func settle(_ workbench: Workbench) async {
    repeat {
      workbench.wake()
      try? await Task.sleep(for: .milliseconds(5))
    } while !workbench.isOver && (terminal.hasWaitingKeys || !workbench.isSettled)
  }
}
