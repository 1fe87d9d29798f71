public import Experiments
public import Foundation
public import TerminalUI

/// The workbench on a terminal: reads keys and events, updates the state, performs the effects and
/// draws.
///
/// It sleeps until a key, an event or the next second comes; an unchanged screen is not written.
@MainActor
public final class Workbench {
  /// Time between two frames that events ask for.
  static let eventFrame = Duration.milliseconds(100)
  /// Time between two frames that keys ask for.
  static let keyFrame = Duration.milliseconds(20)
  /// Time in which events that come together make one frame.
  static let gathering = Duration.milliseconds(10)

  private let terminal: any Terminal
  let launcher: (any ExperimentLauncher)?
  let library: (any RunLibrary)?
  private let now: @Sendable () -> Double
  private let inputs: [InputSignal]
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation
  var runner: (any ExperimentRunner)?
  private(set) var state: WorkbenchState
  private var waiting: [Action] = []
  private var pumps: [Task<Void, Never>] = []
  /// The launch under way; its value is a run that came too late for the screen.
  var launching: Task<(any ExperimentRunner)?, Never>?
  private var shown: Screen?
  /// When the last frame was drawn, by a clock that nobody sets: `now` may jump.
  private var lastFrame: ContinuousClock.Instant?
  /// When the next frame is due, if one is waited for.
  private var frameDue: ContinuousClock.Instant?
  /// Whether it was left.
  private(set) var isOver = false
  /// Whether runs are being read for a comparison.
  var isReading = false
  /// Reads the runs that are compared.
  var comparisonReader: ComparisonReader?
  /// Told of each event before it reaches the screen.
  var onEvent: ((RecordedEvent) -> Void)?
  private(set) var isQuitting = false

  /// A workbench on a terminal, with a run to watch or a launcher to pick one from.
  /// - Parameters:
  ///   - runner: the run to watch; without one the start screen comes first.
  ///   - launcher: starts runs from configurations.
  ///   - library: the other runs.
  ///   - interface: keys, themes and mouse, as the person wants them.
  ///   - runsFolder: the folder of all runs, where exports go unless a person says otherwise.
  ///   - inputDescriptors: one of them is readable when a key waits; with none the terminal is asked
  ///     20 times a second.
  ///   - now: the clock, in seconds since 1970.
  public init(
    terminal: any Terminal, runner: (any ExperimentRunner)? = nil,
    launcher: (any ExperimentLauncher)? = nil, library: (any RunLibrary)? = nil,
    interface: Interface = Interface(), runsFolder: String? = nil,
    inputDescriptors: [Int32] = [],
    now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.terminal = terminal
    self.launcher = launcher
    self.library = library
    self.runner = runner
    self.now = now
    (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    inputs = inputDescriptors.map(InputSignal.init)
    state = WorkbenchState(
      runName: runner?.name,
      configurations: runner == nil ? launcher?.configurations() ?? [] : [],
      canLaunch: launcher != nil, runsFolder: runsFolder, hasRunsFolder: library != nil, now: now(),
      size: terminal.size, keys: interface.keys, themes: interface.themes, theme: interface.theme,
      capabilities: terminal.capabilities)
    state.followsBackground = interface.followsBackground
    if interface.isMouseOn { for effect in state.setMouse(true) { perform(effect) } }
    if let warning = interface.warnings.first {
      let others = interface.warnings.count - 1
      state.say(
        Names.printable(warning) + (others > 0 ? " (and \(others) more, printed before)" : ""),
        .warning, untilKey: true)
    }
    if let runner { apply(.contact(runner.contact)) }
  }

  /// Shows the workbench until it is left; gives the terminal back.
  public func run() async -> WorkbenchOutcome {
    draw()
    if let runner { follow(runner) }
    let waker = waker
    for input in inputs {
      input.start {
        input.disarm()
        waker.yield()
      }
    }
    let seconds = inputs.isEmpty ? 0.05 : 0.5
    let ticker = Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(seconds))
        waker.yield()
      }
    }
    for await _ in wakes {
      turn()
      if isQuitting { break }
      for input in inputs { input.rearm() }
    }
    isOver = true
    ticker.cancel()
    for pump in pumps { pump.cancel() }
    for input in inputs { input.stop() }
    terminal.restore()
    // Left while a run was being launched: it goes on as any other, and is named on the way out.
    if let late = await launching?.value {
      return WorkbenchOutcome(summary: [], runner: late, state: .preparing)
    }
    return WorkbenchOutcome(
      summary: RunReport.lines(of: state.run), runner: runner,
      state: runner == nil ? nil : state.run.state)
  }

  /// Leaves because the process was asked to end; the run goes on.
  public func interrupt() { post(.interrupted) }

  /// Looks for keys at once.
  func wake() { waker.yield() }

  /// Whether everything that came is on the screen, and nothing is being fetched.
  var isSettled: Bool {
    waiting.isEmpty && frameDue == nil && !state.picker.isLaunching && !state.runList.isAsking
      && state.runList.opening == nil && !isReading && !state.isBranching
      && !state.alignment.isAsking
  }

  /// Takes in what has come since the last turn and draws if something changed.
  private func turn() {
    let before = state.now
    var wantsFrame = false
    var hasKeys = false
    if terminal.size != state.size {
      apply(.resize(terminal.size))
      hasKeys = true
    }
    while !isQuitting, let key = terminal.nextKey() {
      hasKeys = true
      if key == .control("z") {
        terminal.suspend()
        shown = nil
      } else {
        if key == .resize { apply(.resize(terminal.size)) }
        apply(.key(key))
      }
    }
    let actions = waiting
    waiting.removeAll(keepingCapacity: true)
    for action in actions where !isQuitting {
      apply(action)
      wantsFrame = true
    }
    let (notice, contact, popup) = (state.notice, state.contact, state.popup)
    // Before the tick, which goes by it.
    if let present = runner?.contact, present != contact { apply(.contact(present)) }
    apply(.tick(now()))
    if state.notice != notice || state.contact != contact || state.popup != popup
      || (state.hasRunningClock && Int(before) != Int(state.now) && !isFresh)
    {
      wantsFrame = true
    }
    guard !isQuitting, hasKeys || wantsFrame || frameDue != nil else { return }
    frame(forKeys: hasKeys)
  }

  /// Whether the last frame is less than a second old; then the clock can wait for the next one.
  private var isFresh: Bool { lastFrame.map { $0.duration(to: .now) < .seconds(1) } ?? false }

  /// Draws now, or a little later if the last frame is too recent.
  private func frame(forKeys: Bool) {
    let least = forKeys ? Self.keyFrame : Self.eventFrame
    let wanted = lastFrame.map { $0 + least } ?? .now
    let due = min(wanted, frameDue ?? wanted)
    guard due > .now else {
      frameDue = nil
      return draw()
    }
    // One that is waited for already comes as soon, unless a key wants its own sooner.
    guard due != frameDue else { return }
    frameDue = due
    let waker = waker
    Task {
      try? await Task.sleep(until: due, clock: .continuous)
      waker.yield()
    }
  }

  private func draw() {
    let screen = render(state, size: terminal.size, look: state.look)
    lastFrame = .now
    guard screen != shown else { return }
    shown = screen
    terminal.show(screen)
  }

  private func apply(_ action: Action) {
    if let onEvent, case .events(let events) = action { for event in events { onEvent(event) } }
    for effect in update(&state, action) { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .send(let command): runner?.send(command)
    case .launch(let configuration): launch(configuration)
    case .branch(let round, let endsThisRun): branch(from: round, endsThisRun: endsThisRun)
    case .listConfigurations:
      if let launcher { post(.configurations(launcher.configurations())) }
    case .export(let request):
      let text = ExportText.of(state, as: request.format, look: state.look)
      post(ExportFile.write(text, for: request))
    case .listRuns(let text): listRuns(matching: text)
    case .openRun(let name): open(name)
    case .resumeRun(let name): resume(name)
    case .compareRuns(let names): compare(names)
    case .readComparisonOn: readComparisonOn()
    case .lookUpNames(let names): lookUp(names)
    case .readAnalysis(let name): readAnalysis(of: name)
    case .readEarlierCourse(let name): readEarlierCourse(of: name)
    case .play(let command): play(command)
    case .quit: isQuitting = true
    case .setMouse(let on): terminal.setMouse(on)
    case .ring: terminal.ring()
    }
  }

  private func launch(_ configuration: ConfigurationListing) {
    guard let launcher else {
      post(.launchFailed("runs cannot be launched from here"))
      return
    }
    begin(onFailure: { .launchFailed($0) }) { try await launcher.launch(configuration) }
  }

  /// Starts a new run from a round of the one on the screen, and goes over to it. Only then the old one
  /// is told to end: where the new one cannot start, nothing has changed.
  private func branch(from round: Int, endsThisRun: Bool) {
    guard let launcher, let old = runner else {
      post(.launchFailed("runs cannot be launched from here"))
      return
    }
    begin(onFailure: { .launchFailed($0) }) {
      let new = try await launcher.branch(run: old.name, round: round, changes: [])
      if endsThisRun { old.send(.stop(.now)) }
      return new
    }
  }

  /// Brings the run's events in, ten times a second at most.
  func follow(_ runner: any ExperimentRunner) {
    for pump in pumps { pump.cancel() }
    pumps = [
      Task { [weak self] in
        let mailbox = await runner.subscribe(.newestProgress(limit: 4096))
        while let events = await mailbox.next(gathering: Self.gathering) {
          guard !Task.isCancelled, let self else { return }
          post(.events(events))
          try? await Task.sleep(for: Self.eventFrame)
        }
      }
    ]
  }

  func post(_ action: Action) {
    waiting.append(action)
    waker.yield()
  }
}
