import Experiments
import Foundation
import Testing

/// The lock, the cut of a log, the recorder on a disk that comes back, hashes and room.
struct DurabilityTests {
  private let runs = NSTemporaryDirectory() + "durable-\(UUID().uuidString)"

  private func create() throws -> RunDirectory {
    try RunDirectory.create(
      name: "run", defaultName: "run", in: runs, configText: "# mine\n", config: ExperimentConfig())
  }

  private func event(_ number: Int) -> RecordedEvent {
    RecordedEvent(sequence: number, time: 1, event: .roundFinished(round: number))
  }

  @Test("a run has one writer; the second is told who the first is")
  func lock() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    var first: RunLock? = try RunLock(directory)
    do {
      _ = try RunLock(directory)
      Issue.record("two locks on one run")
    } catch {
      #expect("\(error)".contains("process \(ProcessInfo.processInfo.processIdentifier) on "))
    }
    withExtendedLifetime(first) {}
    first = nil
    _ = try RunLock(directory)
  }

  @Test("a log is cut at a position, and what followed is kept aside")
  func cut() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    let lines = try (0..<5).map { try EventLog.encode(event($0)) }
    try (lines.reduce(Data(), +) + Data("torn".utf8))
      .write(to: URL(fileURLWithPath: directory.eventsPath))
    let position = LogPosition(events: 3, bytes: lines[..<3].reduce(0) { $0 + $1.count })
    #expect(try EventLog.prefix(directory.eventsPath, upTo: position) == (0..<3).map(event))
    #expect(EventLog.last(directory.eventsPath) == nil, "torn")
    // A position that is no end of a line, or counts other events, is refused.
    for (events, bytes) in [
      (3, 1), (2, 0), (3, -4), (3, 1_000_000), (3, -100_000), (-3, 0), (0, 0),
    ] {
      #expect(throws: ExperimentError.self, "\(events), \(bytes)") {
        try EventLog.prefix(
          directory.eventsPath,
          upTo: LogPosition(events: events, bytes: position.bytes + bytes))
      }
    }
    for _ in 0..<2 {
      try EventLog.cut(
        directory.eventsPath, at: position, keepingRestIn: directory.discardedEventsPath)
    }
    #expect(try EventLog.read(directory.eventsPath).events == (0..<3).map(event))
    #expect(EventLog.last(directory.eventsPath) == event(2))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: directory.discardedEventsPath))
        == lines[3...].reduce(Data(), +) + Data("torn\n".utf8))
  }

  @Test("a resumed stream numbers on, hands out the past once, and the recorder appends to the log")
  func continued() async throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    let lines = try (0..<3).map { try EventLog.encode(event($0)) }.reduce(Data(), +)
    try lines.write(to: URL(fileURLWithPath: directory.eventsPath))
    let stream = EventStream(continuing: (0..<3).map(event))
    let pump = Task { await stream.run() }
    let recorder = RunRecorder(
      directory: directory, mailbox: await stream.subscribe(.everything),
      continuing: (0..<3).map(event), at: LogPosition(events: 3, bytes: lines.count),
      onFailure: { Issue.record("\($0)") })
    let recording = Task { await recorder.run() }
    for number in 3..<6 { stream.send(.roundFinished(round: number)) }
    let sequence = await withCheckedContinuation { done in
      stream.mark { done.resume(returning: $0) }
    }
    #expect(sequence == 6)
    stream.send(.roundFinished(round: 6))
    stream.send(.stateChanged(.running))
    let position = try await recorder.position(through: sequence)
    stream.finish()
    await pump.value
    #expect(await recording.value)
    let data = try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath))
    let content = try EventLog.read(directory.eventsPath)
    #expect(content.events.map(\.sequence) == Array(0...7))
    #expect(content.events.prefix(7).map(\.event) == (0...6).map { .roundFinished(round: $0) })
    #expect(position.events == 6)
    #expect(
      data.prefix(position.bytes).filter { $0 == 10 }.count == 6
        && data[position.bytes - 1] == 10)
    #expect(try EventLog.prefix(directory.eventsPath, upTo: position).count == 6)
  }

  @Test("events that cannot be written are kept, and written when they can be")
  func recovery() async throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    // A folder stands where the log should be.
    try FileManager.default.createDirectory(
      atPath: directory.eventsPath, withIntermediateDirectories: false)
    let stream = EventStream()
    let pump = Task { await stream.run() }
    let (failures, failed) = AsyncStream.makeStream(of: String.self)
    let (recoveries, recovered) = AsyncStream.makeStream(of: Void.self)
    let recorder = RunRecorder(
      directory: directory, mailbox: await stream.subscribe(.everything),
      onFailure: { failed.yield("\($0)") }, onRecovery: { recovered.yield() })
    let recording = Task { await recorder.run() }
    stream.send(.roundFinished(round: 0))
    var failure = failures.makeAsyncIterator()
    #expect(await failure.next()?.contains("events.jsonl: cannot be written") == true)
    stream.send(.roundFinished(round: 1))
    await #expect(throws: ExperimentError.self) { try await recorder.position(through: 2) }
    try FileManager.default.removeItem(atPath: directory.eventsPath)
    await recorder.retry()
    var recovery = recoveries.makeAsyncIterator()
    _ = await recovery.next()
    stream.send(.roundFinished(round: 2))
    stream.finish()
    await pump.value
    #expect(await recording.value)
    #expect(try EventLog.read(directory.eventsPath).events.map(\.sequence) == [0, 1, 2])
  }

  @Test("hashes of files are those of sha256sum, and damage is named")
  func sums() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    // The SHA-256 of "abc" is the standard's own example.
    try Data("abc".utf8).write(to: URL(fileURLWithPath: directory.path + "/masks/a"))
    var sums = try FileSums(of: directory)
    try sums.add("masks/a", in: directory)
    try sums.write(to: directory)
    #expect(
      try String(contentsOfFile: directory.sumsPath, encoding: .utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  masks/a\n")
    #expect(try FileSums(of: directory) == sums && sums.complaints(in: directory).isEmpty)
    try Data("abd".utf8).write(to: URL(fileURLWithPath: directory.path + "/masks/a"))
    #expect(
      sums.complaints(in: directory).first?.contains("masks/a: found SHA-256 a52d159f") == true)
    try Data("no sums\n".utf8).write(to: URL(fileURLWithPath: directory.sumsPath))
    #expect(throws: ExperimentError.self) { try FileSums(of: directory) }
  }

  @Test("room is measured where a path will be")
  func room() throws {
    let free = try #require(FreeSpace.bytes(at: NSTemporaryDirectory() + "not/there/yet"))
    #expect(free > 0)
    try FreeSpace.require(1, at: NSTemporaryDirectory())
    #expect(throws: ExperimentError.self) {
      try FreeSpace.require(.max, at: NSTemporaryDirectory() + "not/there/yet")
    }
  }
}
