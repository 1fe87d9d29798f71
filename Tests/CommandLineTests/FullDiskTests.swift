import Foundation
import Glibc
import Testing

/// Runs on a small file system that fills up, or cannot be written.
@Suite(
  "full disks", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: SmallDisk.reasonAgainst == nil, "a small file system cannot be mounted here"))
struct FullDiskTests {
  @Test("a full disk pauses a run; with room it goes on, and nothing is lost")
  func fillsUp() async throws {
    let disk = try SmallDisk(mebibytes: 40)
    let config = try disk.outside.write(DurableExperiment.config, to: "durable.yaml")
    let whole = try await Program.rtl(
      "run", config, "--headless", "--runs", disk.outside.path("runs"), "--name", "full",
      "--threads", "1")
    #expect(whole.status == 0, "\(whole.summary)")

    let (runs, place) = (disk.path + "/runs", disk.path)
    async let outcome = Program.rtl(
      "run", config, "--headless", "--runs", runs, "--name", "full", "--threads", "1")
    while !FileManager.default.fileExists(atPath: runs + "/full/theta0.safetensors") {
      try await Task.sleep(for: .milliseconds(5))
    }
    let filler = place + "/filler"
    try SmallDisk.fill(filler)
    // Full for long enough to be noticed by everything that writes.
    try await Task.sleep(for: .seconds(4))
    let log = try Data(contentsOf: URL(fileURLWithPath: runs + "/full/events.jsonl")).count
    try await Task.sleep(for: .seconds(1))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: runs + "/full/events.jsonl")).count == log,
      "it stands still")
    try FileManager.default.removeItem(atPath: filler)
    let end = try await outcome
    #expect(end.status == 0, "\(end.summary)")
    #expect(end.output.contains("No space left on device"), "\(end.summary)")
    #expect(end.output.contains("stands still"), "\(end.summary)")
    #expect(end.output.contains("everything can be written again"), "\(end.summary)")
    #expect(
      try DurableExperiment.outcome(of: runs + "/full")
        == DurableExperiment.outcome(of: disk.outside.path("runs/full")))
    let verified = try await Program.rtl("verify", "full", "--runs", runs)
    #expect(verified.status == 0, "\(verified.summary)")
  }

  @Test("stopped on a full disk, a run fails, keeps its older checkpoint, and resumes from it")
  func stoppedWhileFull() async throws {
    let disk = try SmallDisk(mebibytes: 40)
    let config = try disk.outside.write(DurableExperiment.config, to: "durable.yaml")
    let whole = try await Program.rtl(
      "run", config, "--headless", "--runs", disk.outside.path("runs"), "--name", "full",
      "--threads", "1")
    #expect(whole.status == 0, "\(whole.summary)")
    let (runs, place) = (disk.path + "/runs", disk.path)
    async let outcome = Program.run(
      try #require(Program.find("timeout")),
      [
        "--foreground", "-s", "TERM", "4", try #require(Program.path), "run", config, "--headless",
        "--runs", runs,
        "--name", "full", "--threads", "1",
      ])
    let checkpoints = runs + "/full/checkpoints"
    while TemporaryFolder.files(below: checkpoints, suffix: "manifest.json").isEmpty {
      try await Task.sleep(for: .milliseconds(2))
    }
    try SmallDisk.fill(place + "/filler")
    let end = try await outcome
    #expect(!end.timedOut && end.output.contains("No space left on device"), "\(end.summary)")
    try FileManager.default.removeItem(atPath: place + "/filler")
    let resumed = try await Program.rtl(
      "resume", "full", "--headless", "--runs", runs, "--threads", "1")
    #expect(resumed.status == 0, "\(resumed.summary)")
    #expect(resumed.output.contains("resumed from checkpoint"), "\(resumed.summary)")
    #expect(
      try DurableExperiment.outcome(of: runs + "/full")
        == DurableExperiment.outcome(of: disk.outside.path("runs/full")))
  }

  @Test("room is checked before a run starts, and a read-only disk is named")
  func refused() async throws {
    let disk = try SmallDisk(mebibytes: 1)
    let config = try disk.outside.write(DurableExperiment.config, to: "durable.yaml")
    let tooSmall = try await Program.rtl("run", config, "--headless", "--runs", disk.path + "/runs")
    #expect(tooSmall.status == 2, "\(tooSmall.summary)")
    #expect(tooSmall.errors.contains("MiB free, expected at least"), "\(tooSmall.summary)")
    #expect(!FileManager.default.fileExists(atPath: disk.path + "/runs"), "nothing is left behind")

    let other = try SmallDisk(mebibytes: 40)
    let started = try await Program.rtl(
      "run", config, "--headless", "--runs", other.path + "/runs", "--name", "x", seconds: 0.6)
    #expect(started.timedOut || started.status == 0, "\(started.summary)")
    try other.makeReadOnly()
    for verb in [["run", config], ["resume", "x"]] {
      let outcome = try await Program.run(
        try #require(Program.path), verb + ["--headless", "--runs", other.path + "/runs"])
      #expect(outcome.status == 2, "\(outcome.summary)")
      #expect(outcome.errors.contains("Read-only file system"), "\(outcome.summary)")
    }
  }
}

/// A mounted file system in memory; unmounted with its owner.
final class SmallDisk: Sendable {
  /// Where it is mounted.
  let path: String
  /// A folder that is not on it.
  let outside: TemporaryFolder

  /// Why none can be had; `nil` if one can.
  static let reasonAgainst: String? = {
    guard getuid() == 0 else {
      print("tests of full disks skip: mounting a file system needs root")
      return "not root"
    }
    let place = TemporaryFolder.freshPath
    mkdir(place, 0o755)
    defer { rmdir(place) }
    guard mount("none", place, "tmpfs", 0, "size=1m") == 0 else {
      print("tests of full disks skip: \(String(cString: strerror(errno)))")
      return "no mount"
    }
    umount2(place, 0)
    return nil
  }()

  init(mebibytes: Int) throws {
    outside = try TemporaryFolder()
    path = outside.path("disk")
    mkdir(path, 0o755)
    guard mount("none", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }

  /// Refuses every write from now on.
  func makeReadOnly() throws {
    guard mount("none", path, "tmpfs", UInt(MS_RDONLY | MS_REMOUNT), nil) == 0
    else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  /// Takes all the room there is.
  static func fill(_ file: String) throws {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 1, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}
