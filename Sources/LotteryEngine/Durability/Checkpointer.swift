package import Experiments
internal import Foundation
internal import Synchronization
internal import Tensors

/// Saves the state of a run: takes it quickly while the workers stand still, and writes it on another
/// queue while they go on.
package final class Checkpointer: Sendable {
  private struct Item: Sendable {
    var snapshot: RunSnapshot
    /// The number of the first event that the snapshot does not know.
    var sequence: Int
  }

  private struct Figures {
    var written = 0
    var bytes = 0
  }

  private let board: RunBoard
  private let store: CheckpointStore
  private let events: EventStream
  private let recorder: RunRecorder
  private let control: EngineControl
  private let settings: CheckpointConfig
  private let computedWith: ComputedWith
  private let steps = Atomic<Int>(0)
  private let isEnding = Atomic<Bool>(false)
  private let figures = Mutex(Figures())
  private let begun = ContinuousClock.now
  private let items: AsyncStream<Item>
  private let intake: AsyncStream<Item>.Continuation
  private let tasks = Mutex<(writer: Task<Void, Never>?, clock: Task<Void, Never>?)>((nil, nil))

  package init(
    board: RunBoard, store: CheckpointStore, events: EventStream, recorder: RunRecorder,
    control: EngineControl, settings: CheckpointConfig, computedWith: ComputedWith
  ) {
    self.board = board
    self.store = store
    self.events = events
    self.recorder = recorder
    self.control = control
    self.settings = settings
    self.computedWith = computedWith
    // A snapshot that waits for an older one to be written gives way to a newer one.
    (items, intake) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Starts the clock and the writer.
  package func begin() {
    let writer = Task.detached { [self] in
      for await item in items { await write(item) }
    }
    let clock = Task.detached { [settings, control] in
      while (try? await Task.sleep(for: .seconds(settings.everySeconds))) != nil {
        control.requestSnapshot()
      }
    }
    tasks.withLock { $0 = (writer, clock) }
  }

  /// Counts a step; asks for a snapshot when it is time by steps.
  package func stepTaken() {
    guard settings.everySteps > 0 else { return }
    let count = steps.wrappingAdd(1, ordering: .relaxed).newValue
    if count % settings.everySteps == 0 { control.requestSnapshot() }
  }

  /// Takes a snapshot; all workers stand still, or there is only the calling one.
  package func save() {
    control.keep(in: board.snapshot) { [intake, events] snapshot in
      events.mark { sequence in
        intake.yield(Item(snapshot: snapshot, sequence: sequence))
      }
    }
  }

  /// Waits until everything taken is written, or cannot be; nothing is saved afterwards.
  package func end() async {
    await withCheckedContinuation { continuation in
      events.mark { _ in continuation.resume() }
    }
    isEnding.store(true, ordering: .sequentiallyConsistent)
    let (writer, clock) = tasks.withLock { $0 }
    clock?.cancel()
    intake.finish()
    await writer?.value
  }

  /// What the checkpoints have cost, in a sentence; `nil` if there were none.
  package var report: String? {
    let figures = figures.withLock { $0 }
    guard figures.written > 0 else { return nil }
    let elapsed = (ContinuousClock.now - begun) / .seconds(1)
    let held = control.secondsHeld
    return String(
      format: "%d checkpoint(s), %.1f MiB each; the workers stood still for %.3f s of %.1f s "
        + "(%.3f %%)", figures.written,
      Double(figures.bytes) / Double(figures.written) / 1_048_576, held, elapsed,
      100 * held / max(elapsed, 1e-9))
  }

  // MARK: - Writing

  private func write(_ item: Item) async {
    while true {
      do {
        let log = try await recorder.position(through: item.sequence)
        let content = try item.snapshot.files()
        try store.save(
          number: (store.numbers().first ?? 0) + 1, content: content, log: log,
          computedWith: computedWith)
        figures.withLock {
          $0.written += 1
          $0.bytes += content.reduce(0) { $0 + $1.data.count }
        }
        return control.storageRecovered(.checkpoints)
      } catch {
        control.storageFailed(.checkpoints, reason: "\(error)")
        if isEnding.load(ordering: .sequentiallyConsistent) { return }
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }
}

extension ComputedWith {
  /// This program on this machine.
  package static var here: ComputedWith {
    ComputedWith(
      program: ProgramVersion.build,
      instructionSets: Processor.compiledFeatures.joined(separator: ", "),
      blasCore: BLAS.coreName, cLibrary: ProgramVersion.cLibrary)
  }
}
