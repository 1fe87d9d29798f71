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
    #expect(
      try EventLog.prefix(directory.eventsPath, upTo: position)
        == EventLog.Prefix(events: (0..<3).map(event), end: position))
    #expect(EventLog.last(directory.eventsPath) == nil, "torn")
    // Of a position that is no end of a line, or counts other events, the numbers decide.
    for (events, bytes) in [(3, 1), (2, 0), (3, -4), (3, 1_000_000), (0, 0), (4, 0)] {
      let prefix = try EventLog.prefix(
        directory.eventsPath, upTo: LogPosition(events: events, bytes: position.bytes + bytes))
      #expect(prefix.complaint != nil, "\(events), \(bytes)")
      #expect(prefix.events == (0..<events).map(event))
      #expect(prefix.end.events == events)
      #expect(prefix.end.bytes == lines[..<events].reduce(0) { $0 + $1.count })
    }
    for (events, bytes) in [(3, -100_000), (-3, 0)] {
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

  @Test(
    "a log is what it was if its hash says so; of another one the events that are left are found")
  func changedLog() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create()
    let lines = try (0..<6).map { try EventLog.encode(event($0)) }
    func write(_ parts: [Data]) throws {
      try parts.reduce(Data(), +).write(to: URL(fileURLWithPath: directory.eventsPath))
    }
    let whole = lines[..<4].reduce(Data(), +)
    let position = LogPosition(events: 4, bytes: whole.count, sha256: ContentHash.of(whole))
    func prefix() throws -> EventLog.Prefix {
      try EventLog.prefix(directory.eventsPath, upTo: position)
    }
    try write(lines)
    #expect(try prefix() == EventLog.Prefix(events: (0..<4).map(event), end: position))
    // The same events in other words.
    let other = Data(
      String(decoding: lines[1], as: UTF8.self).replacing(#""round":1"#, with: #""round":9"#).utf8)
    #expect(other != lines[1] && other.count == lines[1].count)
    try write([lines[0], other] + lines[2...])
    #expect(try prefix().complaint?.contains("found 4 of the first 4 events") == true)
    // A line that is gone, one that is none, the last that counts; and what follows is cut off.
    for (parts, left) in [
      ([lines[0], lines[2], lines[3], lines[4]], [0, 2, 3]),
      ([lines[0], Data("garbage\n".utf8), lines[2], lines[3], lines[4]], [0, 2, 3]),
      ([lines[0], lines[1], lines[2], lines[4], lines[5]], [0, 1, 2]),
      ([lines[4], lines[5]], []), ([Data("torn".utf8)], []), ([], []),
    ] {
      try write(parts)
      let found = try prefix()
      #expect(found.events == left.map(event) && found.complaint != nil, "\(left)")
      #expect(found.end.events == 4)
      try EventLog.cut(
        directory.eventsPath, at: found.end, keepingRestIn: directory.discardedEventsPath)
      #expect(try EventLog.read(directory.eventsPath).events == left.map(event), "\(left)")
    }
    try FileManager.default.removeItem(atPath: directory.eventsPath)
    let gone = try prefix()
    #expect(gone.events.isEmpty && gone.complaint?.contains("found no such file") == true)
    #expect(gone.end == LogPosition(events: 4, bytes: 0))
    // A log that cannot be read at the moment is not taken for a damaged one.
    try FileManager.default.createDirectory(
      atPath: directory.eventsPath, withIntermediateDirectories: false)
    #expect(throws: ExperimentError.self) { try prefix() }
  }

  @Test("after a gap in the log the numbers go on where they would have")
  func gap() async throws {
    let stream = EventStream(continuing: [event(0), event(1)], from: 5)
    let mailbox = await stream.subscribe(.everything)
    stream.send(.roundFinished(round: 5))
    stream.finish()
    await stream.run()
    #expect(mailbox.drain().map(\.sequence) == [0, 1, 5])
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
    #expect(position.sha256 == ContentHash.of(data.prefix(position.bytes)))
    #expect(try EventLog.prefix(directory.eventsPath, upTo: position).events.count == 6)
    #expect(try EventLog.prefix(directory.eventsPath, upTo: position).complaint == nil)
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
    // A run has those of its configs from its beginning.
    #expect(
      try FileSums(of: directory).sums["config.yaml"] == ContentHash.of(Data("# mine\n".utf8)))
    #expect(
      try FileSums(of: directory).sums.keys.sorted() == ["config.resolved.yaml", "config.yaml"])
    #expect(try FileSums(of: directory).complaints(in: directory).isEmpty)
    var sums = FileSums()
    sums.add("masks/a", Data("abc".utf8))
    try sums.write(to: directory)
    #expect(
      try String(contentsOfFile: directory.sumsPath, encoding: .utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  masks/a\n")
    #expect(try FileSums(of: directory) == sums && sums.complaints(in: directory).isEmpty)
    try Data("abd".utf8).write(to: URL(fileURLWithPath: directory.path + "/masks/a"))
    #expect(
      sums.complaints(in: directory).first?.contains("masks/a: found SHA-256 a52d159f") == true)
    #expect(throws: ExperimentError.self) { try sums.check("masks/b", in: directory) }
    try Data("no sums\n".utf8).write(to: URL(fileURLWithPath: directory.sumsPath))
    #expect(throws: ExperimentError.self) { try FileSums(of: directory) }
  }

  @Test("a file is hashed piece by piece")
  func growing() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let path = try create().path + "/growing"
    // More than one piece of a mebibyte.
    let data = Data((0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) })
    try data.write(to: URL(fileURLWithPath: path))
    #expect(try ContentHash.of(file: path) == ContentHash.of(data))
    #expect(throws: ExperimentError.self) { try ContentHash.of(file: path + "-not") }
  }

  @Test("what computed a checkpoint names this very program, and older checkpoints can be read")
  func program() throws {
    let build = ProgramVersion.build
    #expect(build.wholeMatch(of: /0\.1\.0 \(build [0-9a-f]{12}\)/) != nil, "\(build)")
    let executable = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"))
    #expect(build.contains(ContentHash.of(executable).prefix(12)))
    let library = try #require(ProgramVersion.cLibrary)
    #expect(library.contains(/[0-9]/), "\(library)")
    let older = try ExperimentJSON.decode(
      ComputedWith.self,
      from: Data(#"{"program":"0.1.0","instruction_sets":"AVX2","blas_core":"Haswell"}"#.utf8))
    let newer = ComputedWith(
      program: build, instructionSets: "AVX2", blasCore: "Haswell", cLibrary: library)
    #expect(
      newer.differences(from: older) == [
        "program: 0.1.0 then, \(build) now", "C library: unknown then, \(library) now",
      ])
    #expect(newer.differences(from: newer).isEmpty)
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
