/// A recorded event as one flat JSON object: `sequence` and `time` beside the event's own keys. It is
/// a line of `events.jsonl`.
extension RecordedEvent: Codable {
  private struct Place: Codable {
    var sequence: Int
    var time: Double
  }

  /// Reads place, time and event.
  public init(from decoder: any Decoder) throws {
    let place = try Place(from: decoder)
    self.init(sequence: place.sequence, time: place.time, event: try Event(from: decoder))
  }

  /// Writes place, time and event side by side.
  public func encode(to encoder: any Encoder) throws {
    try Place(sequence: sequence, time: time).encode(to: encoder)
    try event.encode(to: encoder)
  }
}
