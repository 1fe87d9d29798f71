import Foundation
import Glibc
import Testing

/// Runs on a small file system that fills up, or cannot be written.
@Suite(
  "full disks", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: SmallDisk.reasonAgainst == nil, "a small file system cannot be mounted here"))
struct FullDiskTests {
  /// What the run is that was left alone, and the config of both.
  private func whole(in folder: TemporaryFolder) async throws -> (
    config: String, outcome: DurableExperiment.Outcome
  ) {
    let config = try folder.write(DurableExperiment.config, to: "durable.yaml")
    let whole = try await Program.rtl(
      "run", config, "--headless", "--runs", folder.path("runs"), "--name", "run",
      "--threads", "1")
    #expect(whole.status == 0, "\(whole.summary)")
    return (config, try DurableExperiment.outcome(of: folder.path("runs/run")))
  }

  /// A run on a disk that cannot be written for a while stands still, says why, and ends as the one that
  /// was left alone.
  private func expectPatience(
    on disk: String, outside: TemporaryFolder, reason: String, begin: () throws -> Void,
    end: () throws -> Void
  ) async throws {
    let (config, whole) = try await whole(in: outside)
    let runs = disk + "/runs"
    async let outcome = Program.rtl(
      "run", config, "--headless", "--runs", runs, "--name", "run", "--threads", "1")
    while !FileManager.default.fileExists(atPath: runs + "/run/theta0.safetensors") {
      try await Task.sleep(for: .milliseconds(5))
    }
    try begin()
    // For long enough to be noticed by everything that writes.
    try await Task.sleep(for: .seconds(4))
    let log = try Data(contentsOf: URL(fileURLWithPath: runs + "/run/events.jsonl")).count
    try await Task.sleep(for: .seconds(1))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: runs + "/run/events.jsonl")).count == log,
      "it stands still")
    try end()
    let result = try await outcome
    #expect(result.status == 0, "\(result.summary)")
    for sentence in [reason, "stands still", "everything can be written again"] {
      #expect(result.output.contains(sentence), "\(result.summary)")
    }
    #expect(try DurableExperiment.outcome(of: runs + "/run") == whole)
    let verified = try await Program.rtl("verify", "run", "--runs", runs)
    #expect(verified.status == 0, "\(verified.summary)")
  }

  @Test("a full disk pauses a run; with room it goes on, and nothing is lost")
  func fillsUp() async throws {
    let disk = try SmallDisk(mebibytes: 40)
    let filler = disk.path + "/filler"
    try await expectPatience(
      on: disk.path, outside: disk.outside, reason: "No space left on device",
      begin: { try SmallDisk.fill(filler) },
      end: { try FileManager.default.removeItem(atPath: filler) })
  }

  @Test(
    "a quota that is used up pauses a run, which goes on when it is raised",
    .enabled(if: FullDiskTests.hasSubvolumes, "no btrfs here"))
  func quota() async throws {
    let disk = try MountedImage(.btrfs)
    let part = disk.path + "/part"
    try MountedImage.call("btrfs", "quota", "enable", disk.path)
    try MountedImage.call("btrfs", "subvolume", "create", part)
    try await expectPatience(
      on: part, outside: disk.outside, reason: "Disk quota exceeded",
      // By number and from outside of it: what is over its quota cannot even have that raised.
      begin: { try MountedImage.call("btrfs", "qgroup", "limit", "64K", "0/256", disk.path) },
      end: { try MountedImage.call("btrfs", "qgroup", "limit", "none", "0/256", disk.path) })
  }

  @Test(
    "a disk that turns read-only pauses a run, which goes on when it can be written again",
    .enabled(if: FullDiskTests.hasSubvolumes, "no btrfs here"))
  func readOnlyForAWhile() async throws {
    let disk = try MountedImage(.btrfs)
    let part = disk.path + "/part"
    try MountedImage.call("btrfs", "subvolume", "create", part)
    try await expectPatience(
      on: part, outside: disk.outside, reason: "Read-only file system",
      begin: { try MountedImage.call("btrfs", "property", "set", "-ts", part, "ro", "true") },
      end: { try MountedImage.call("btrfs", "property", "set", "-ts", part, "ro", "false") })
  }

  private static let hasSubvolumes = MountedImage.reasonAgainst(.btrfs) == nil

  /// A run that is told to end while its disk cannot be written fails, and resumes from what it had.
  private func expectOlderCheckpoint(
    on disk: String, outside: TemporaryFolder, reason: String, begin: () throws -> Void,
    end: () throws -> Void
  ) async throws {
    let (config, whole) = try await whole(in: outside)
    let runs = disk + "/runs"
    let number = outside.path("number")
    async let outcome = Program.run(
      try #require(Program.find("sh")),
      [
        "-c", "echo $$ > \"$0\"; exec \"$@\"", number, try #require(Program.path), "run", config,
        "--headless", "--runs", runs, "--name", "run", "--threads", "1",
      ])
    // One that is being written is none yet.
    while !TemporaryFolder.files(below: runs + "/run/checkpoints", suffix: "manifest.json")
      .contains(where: { !$0.hasPrefix("part-") })
    {
      try await Task.sleep(for: .milliseconds(2))
    }
    try begin()
    // For long enough to be noticed.
    try await Task.sleep(for: .seconds(4))
    let process = try String(contentsOfFile: number, encoding: .utf8)
    kill(try #require(Int32(process.trimmingCharacters(in: .whitespacesAndNewlines))), SIGTERM)
    let result = try await outcome
    #expect(!result.timedOut && result.output.contains(reason), "\(result.summary)")
    try end()
    let resumed = try await Program.rtl(
      "resume", "run", "--headless", "--runs", runs, "--threads", "1")
    #expect(resumed.status == 0, "\(resumed.summary)")
    #expect(resumed.output.contains("resumed from checkpoint"), "\(resumed.summary)")
    #expect(try DurableExperiment.outcome(of: runs + "/run") == whole)
  }

  @Test("stopped on a full disk, a run fails, keeps its older checkpoint, and resumes from it")
  func stoppedWhileFull() async throws {
    let disk = try SmallDisk(mebibytes: 40)
    let filler = disk.path + "/filler"
    try await expectOlderCheckpoint(
      on: disk.path, outside: disk.outside, reason: "No space left on device",
      begin: { try SmallDisk.fill(filler) },
      end: { try FileManager.default.removeItem(atPath: filler) })
  }

  @Test(
    "a disk that breaks under a run keeps the run's checkpoint; mended, the run resumes from it",
    .enabled(if: MountedImage.reasonAgainst(.ext4) == nil, "no ext4 here"))
  func broken() async throws {
    let disk = try MountedImage(.ext4)
    try await expectOlderCheckpoint(
      on: disk.path, outside: disk.outside, reason: "Read-only file system",
      // What ext4 does by itself at an error in its own structures.
      begin: { try MountedImage.call("mount", "-o", "remount,abort", disk.path) },
      end: disk.mend)
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
