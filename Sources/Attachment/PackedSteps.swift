package import Experiments
internal import Foundation

/// Steps on their way to a client: ten whole numbers of eight bytes each, little endian, in base 64.
///
/// A small network takes hundreds of steps a second, and on two cores whatever their reports cost is
/// taken from the training. As JSON objects they cost both sides more than all the rest of a report.
package struct PackedSteps: Sendable, Codable, Equatable {
  /// The steps, in the order of the run.
  package let events: [RecordedEvent]

  /// Numbers of a step.
  private static let width = 10

  /// The steps among some events.
  package init(_ events: some Sequence<RecordedEvent>) {
    self.events = events.filter(\.event.isProgress)
  }

  /// Reads the text.
  /// - Throws: `DecodingError.dataCorrupted` if it is no base 64, holds a part of a step, or one of a stage
  ///   that nobody knows.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let data = Data(base64Encoded: try container.decode(String.self)),
      data.count.isMultiple(of: Self.width * 8)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "steps that are not \(Self.width * 8) bytes each")
    }
    let words = data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      stride(from: 0, to: bytes.count, by: 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
    events = try stride(from: 0, to: words.count, by: Self.width).map { start in
      guard let event = Self.step(words[start..<(start + Self.width)]) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a step of stage \(words[start + 2])")
      }
      return event
    }
  }

  /// Writes the text.
  package func encode(to encoder: any Encoder) throws {
    var data = Data(capacity: events.count * Self.width * 8)
    for event in events {
      guard case .stepFinished(let report) = event.event else { continue }
      let stage = Stage.allCases.firstIndex(of: report.stage) ?? 0
      let whole = [
        report.round, report.subnetwork, report.epoch, report.step, report.plannedSteps,
        report.samples,
      ]
      let words =
        [UInt64(bitPattern: Int64(event.sequence)), event.time.bitPattern, UInt64(stage)]
        + whole.map { UInt64(bitPattern: Int64($0)) } + [report.loss.bitPattern]
      for word in words { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
    }
    var container = encoder.singleValueContainer()
    try container.encode(data.base64EncodedString())
  }

  private static func step(_ words: ArraySlice<UInt64>) -> RecordedEvent? {
    let words = Array(words)
    guard words[2] < UInt64(Stage.allCases.count) else { return nil }
    func whole(_ index: Int) -> Int { Int(truncatingIfNeeded: words[index]) }
    return RecordedEvent(
      sequence: whole(0), time: Double(bitPattern: words[1]),
      event: .stepFinished(
        StepReport(
          stage: Stage.allCases[whole(2)], round: whole(3), subnetwork: whole(4), epoch: whole(5),
          step: whole(6), plannedSteps: whole(7), loss: Double(bitPattern: words[9]),
          samples: whole(8))))
  }
}
