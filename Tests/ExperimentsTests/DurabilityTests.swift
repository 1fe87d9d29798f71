import Experiments
import Foundation
import Glibc
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
    let holder = try #require(RunLock.holder(of: directory))
    #expect(holder.process == ProcessInfo.processInfo.processIdentifier)
    #expect(holder.description.hasPrefix("process "))
    withExtendedLifetime(first) {}
    first = nil
    #expect(RunLock.holder(of: directory) == nil)
    _ = try RunLock(directory)
    // What a killed process left written in it holds nothing.
    try Data("process 1 on here\n".utf8).write(to: URL(fileURLWithPath: directory.lockPath))
    #expect(RunLock.holder(of: directory) == nil)
  }

  @Test("who only looks who holds a run is in nobody's way")
  func lookers() async throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    _ = try RunLock(directory)
    let looking = Task.detached {
      while !Task.isCancelled { _ = RunLock.holder(of: directory) }
    }
    for _ in 0..<200 { _ = try RunLock(directory) }
    looking.cancel()
    await looking.value
  }

  @Test("pipes in place of a run's files are refused, and nobody waits for their other ends")
  func pipes() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    func pipe(_ path: String) throws -> String {
      unlink(path)
      try #require(mkfifo(path, 0o600) == 0)
      return path
    }
    let log = directory.eventsPath
    try Data((0..<2).map { try EventLog.encode(event($0)) }.reduce(Data(), +))
      .write(to: URL(fileURLWithPath: log))
    let aside = try pipe(directory.discardedEventsPath)
    #expect(
      throws: ExperimentError.file(
        path: aside, reason: "cannot be written: it is not an ordinary file")
    ) { try EventLog.cut(log, at: .start, keepingRestIn: aside) }
    #expect(try EventLog.read(log).events.count == 2)
    let part = try pipe(directory.summaryPath + ".part")
    #expect(throws: ExperimentError.self) {
      try ExperimentFiles.writeAtomically(Data("x".utf8), to: directory.summaryPath)
    }
    #expect(throws: ExperimentError.self) { try SystemFiles().write(Data("x".utf8), to: part) }
    let events = try pipe(log)
    #expect(
      throws: ExperimentError.file(
        path: events, reason: "cannot be read: it is not an ordinary file")
    ) { try EventLog.lastStep(log) }
    #expect(RunLock.holder(of: directory) == nil)
    _ = try pipe(directory.lockPath)
    #expect(RunLock.holder(of: directory) == nil)
  }

  @Test("the last step of a log is found at its end, and nothing in an empty or missing one")
  func lastStep() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    #expect(try EventLog.lastStep(directory.eventsPath) == nil)
    func step(_ number: Int) throws -> Data {
      try EventLog.encode(
        RecordedEvent(
          sequence: number, time: 1,
          event: .stepFinished(
            StepReport(
              stage: .extraction, round: 1, subnetwork: 2, epoch: 1, step: number,
              plannedSteps: 9, loss: 1, samples: 1))))
    }
    var log = Data()
    // More than is looked at.
    for number in 0..<12_000 { log += try step(number) }
    log += try EventLog.encode(
      RecordedEvent(sequence: 12_000, time: 1, event: .roundFinished(round: 1)))
    log += Data("torn".utf8)
    try log.write(to: URL(fileURLWithPath: directory.eventsPath))
    #expect(log.count > 1 << 20)
    #expect(try EventLog.lastStep(directory.eventsPath)?.step == 11_999)
    try Data().write(to: URL(fileURLWithPath: directory.eventsPath))
    #expect(try EventLog.lastStep(directory.eventsPath) == nil)
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
