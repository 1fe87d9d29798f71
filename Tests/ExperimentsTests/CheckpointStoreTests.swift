import Experiments
import Foundation
import Testing

/// Checkpoints on a disk that fails, loses power and rots.
struct CheckpointStoreTests {
  private let computedWith = ComputedWith(
    program: "1", instructionSets: "AVX2", blasCore: "Haswell")

  private func content(_ number: Int) throws -> [(name: String, data: Data)] {
    let tensors = SafetensorsFile(
      tensors: [
        .init(
          name: "parameters", shape: [300], floats: (0..<300).map { Float($0 * number) }),
        .init(name: "mask", shape: [40], booleans: (0..<40).map { $0 % number == 0 }),
      ], metadata: ["number": "\(number)"])
    return [
      ("state.json", Data(#"{"round":\#(number),"losses":[0.25,1.5]}"#.utf8)),
      ("tensors.safetensors", try tensors.encoded()),
    ]
  }

  private func save(_ number: Int, on disk: UnreliableDisk) throws {
    try CheckpointStore(folder: "/checkpoints", files: disk).save(
      number: number, content: content(number), log: LogPosition(events: 10, bytes: 1000),
      computedWith: computedWith, savedAt: 5)
  }

  /// A disk with checkpoints 1 and 2.
  private func disk() throws -> UnreliableDisk {
    let disk = UnreliableDisk()
    try save(1, on: disk)
    try save(2, on: disk)
    return disk
  }

  private func newest(
    on disk: UnreliableDisk
  ) throws -> (found: CheckpointStore.Checkpoint?, rejected: [String]) {
    try CheckpointStore(folder: "/checkpoints", files: disk).newest { $0 }
  }

  /// Operations of a save that removes an older one.
  private func operationsOfASave() throws -> Int {
    let disk = try disk()
    let before = disk.operations
    try save(3, on: disk)
    return disk.operations - before
  }

  @Test("what is saved is read back; two are kept")
  func roundTrip() throws {
    let disk = try disk()
    try save(3, on: disk)
    let found = try #require(try newest(on: disk).found)
    #expect(found.manifest.number == 3 && found.manifest.computedWith == computedWith)
    #expect(found.manifest.log == LogPosition(events: 10, bytes: 1000))
    for file in try content(3) { #expect(found.files[file.name] == file.data) }
    #expect(try disk.names(in: "/checkpoints").sorted() == ["000002", "000003"])
    #expect(try newest(on: UnreliableDisk()).found == nil)
    // Folders of other names are none of its business.
    for name in ["9223372036854775807", "-1", "7", "part", "000000"] {
      try disk.makeFolder("/checkpoints/" + name)
    }
    #expect(try CheckpointStore(folder: "/checkpoints", files: disk).numbers() == [3, 2])
    try save(4, on: disk)
    #expect(try newest(on: disk).found?.manifest.number == 4)
  }

  @Test("an operation that fails, whichever it is, costs no older checkpoint; the next save works")
  func failures() throws {
    let operations = try operationsOfASave()
    #expect(operations > 15)
    for operation in 0..<operations {
      let disk = try disk()
      disk.plan(.failure, after: operation)
      let isSaved = (try? save(3, on: disk)) != nil
      // A name that cannot be removed yet is the only failure a save may outlive.
      let (found, rejected) = try newest(on: disk)
      let number = try #require(found?.manifest.number, "operation \(operation)")
      #expect(rejected.isEmpty && number >= (isSaved ? 3 : 2), "operation \(operation)")
      try save(number + 1, on: disk)
      #expect(try newest(on: disk).found?.manifest.number == number + 1)
      #expect(
        try disk.names(in: "/checkpoints").count == CheckpointStore.kept, "operation \(operation)")
    }
  }

  @Test(
    "a power cut at any operation, whatever survives of what was not synced, costs at most that save"
  )
  func powerCuts() throws {
    let operations = try operationsOfASave()
    var survivals: [UnreliableDisk.Survival] = [.nothing, .everything]
    survivals += (1...20).map { .some(seed: $0) }
    var outcomes: Set<Int> = []
    for operation in 0...operations {
      for survival in survivals {
        let disk = try disk()
        disk.plan(.powerCut, after: operation)
        let isSaved = (try? save(3, on: disk)) != nil
        #expect(isSaved == (operation == operations))
        disk.restart(survival)
        let (found, rejected) = try newest(on: disk)
        let number = try #require(
          found?.manifest.number, "operation \(operation), \(survival): \(rejected)")
        #expect(number >= (isSaved ? 3 : 2), "operation \(operation), \(survival)")
        #expect(rejected.isEmpty, "operation \(operation), \(survival): \(rejected)")
        outcomes.insert(number)
        try save(number + 1, on: disk)
        #expect(try newest(on: disk).found?.manifest.number == number + 1)
      }
    }
    #expect(outcomes == [2, 3], "cuts before and after the new one counts")
  }

  @Test("without its syncs a save would be lost: the disk of these tests can tell")
  func diskTells() throws {
    let disk = UnreliableDisk()
    try disk.makeFolder("/a")
    try disk.sync("/")
    try disk.write(Data([1, 2, 3]), to: "/a/file")
    try disk.sync("/a")
    disk.restart(.nothing)
    #expect(try disk.read("/a/file") == Data(), "the name is there, the content is not")
    try disk.write(Data([1, 2, 3]), to: "/a/other")
    try disk.sync("/a/other")
    disk.restart(.nothing)
    #expect(throws: ExperimentError.self) { try disk.read("/a/other") }
  }

  @Test("a file cut at any 64 bytes, or gone, is named and the previous checkpoint used")
  func cuts() throws {
    let names = ["manifest.json"] + (try content(2)).map(\.name)
    for name in names {
      let path = "/checkpoints/000002/" + name
      let length = try disk().read(path).count
      for cut in stride(from: 0, to: length, by: 64) + [length - 1] {
        let disk = try disk()
        disk.damage(path) { $0 = $0.prefix(cut) }
        try expectPrevious(on: disk, naming: path, "\(name) cut at \(cut)")
      }
      let disk = try disk()
      try disk.remove(path)
      try expectPrevious(on: disk, naming: path, "\(name) gone")
      disk.damage("/checkpoints/000001/\(name)") { $0.append(0) }
      let (found, rejected) = try newest(on: disk)
      #expect(found == nil && rejected.count == 2, "both are damaged")
    }
  }

  @Test("a flipped bit in any byte is named and the previous checkpoint used")
  func flips() throws {
    for name in ["manifest.json"] + (try content(2)).map(\.name) {
      let path = "/checkpoints/000002/" + name
      let disk = try disk()
      let length = try disk.read(path).count
      for byte in 0..<length {
        let bit = UInt8(1) << UInt8(byte % 8)
        disk.damage(path) { $0[$0.startIndex + byte] ^= bit }
        try expectPrevious(on: disk, naming: path, "\(name), byte \(byte)")
        disk.damage(path) { $0[$0.startIndex + byte] ^= bit }
      }
      #expect(try newest(on: disk).found?.manifest.number == 2, "whole again")
    }
  }

  @Test(
    "a checkpoint that cannot be read at the moment is an error, and not passed over as damaged")
  func unreadable() throws {
    for name in ["manifest.json", "tensors.safetensors"] {
      let disk = try disk()
      let path = "/checkpoints/000002/" + name
      disk.makeUnreadable(path)
      #expect(throws: ExperimentError.file(path: path, reason: "Input/output error")) {
        try newest(on: disk)
      }
    }
  }

  private func expectPrevious(
    on disk: UnreliableDisk, naming path: String, _ comment: Comment
  ) throws {
    let (found, rejected) = try newest(on: disk)
    #expect(found?.manifest.number == 1, comment)
    #expect(rejected.count == 1 && rejected.first?.contains(path) == true, comment)
  }
}
