import Experiments
import Foundation
import Testing

/// Reading a log that grows.
@Suite struct EventFoldTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "fold-\(UUID().uuidString).jsonl").path

  private func lines(_ rounds: Range<Int>) throws -> Data {
    try rounds.reduce(into: Data()) { data, round in
      data += try line(
        RecordedEvent(
          sequence: round, time: Double(round), event: .roundFinished(round: round)))
    }
  }

  private func line(_ event: RecordedEvent) throws -> Data {
    try ExperimentJSON.line(event) + Data("\n".utf8)
  }

  private func fold() -> EventFold<[Int]> {
    EventFold([]) { rounds, recorded in
      if case .roundFinished(let round) = recorded.event { rounds.append(round) }
    }
  }

  @Test("only what is new is taken in, and a line only when it is whole")
  func grows() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var fold = fold()
    #expect(throws: ExperimentError.self) { _ = try fold.read(path) }
    let data = try lines(0..<5)
    for cut in [1, 40, data.count / 2, data.count - 1, data.count] {
      try data.prefix(cut).write(to: URL(fileURLWithPath: path))
      #expect(try fold.read(path))
      #expect(try !fold.read(path), "nothing is new")
      let whole = data.prefix(cut).split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      #expect(fold.value == Array(0..<(whole.count - 1)))
    }
    #expect(fold.value == [0, 1, 2, 3, 4])
  }

  @Test("a log that was cut is read from its beginning, also if it has grown longer since")
  func cut() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var fold = fold()
    try lines(0..<5).write(to: URL(fileURLWithPath: path))
    _ = try fold.read(path)
    #expect(fold.value == [0, 1, 2, 3, 4])
    try lines(0..<2).write(to: URL(fileURLWithPath: path))
    #expect(try fold.read(path))
    #expect(fold.value == [0, 1])
    let other = RecordedEvent(
      sequence: 1, time: 0.125, event: .message(.info, "longer than it was"))
    let grown = try lines(0..<1) + line(other) + lines(2..<9)
    try grown.write(to: URL(fileURLWithPath: path))
    #expect(try fold.read(path))
    #expect(fold.value == [0] + Array(2..<9))
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try fold.read(path))
    #expect(fold.value == [])
  }
}
