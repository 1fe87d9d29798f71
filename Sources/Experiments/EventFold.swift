/// What is made of the events of a log, one by one, and how far the log has been read: of one that grows
/// only what is new is read. Steps and epochs are left out.
public struct EventFold<Value: Sendable>: Sendable {
  /// What has come of the events so far.
  public private(set) var value: Value

  private let beginning: Value
  private let take: @Sendable (inout Value, RecordedEvent) -> Void
  private var reader = EventLogReader(keepsProgress: false)
  private var position = 0

  /// A log of which nothing is read.
  /// - Parameters:
  ///   - beginning: what there is before the first event.
  ///   - take: takes an event in.
  public init(_ beginning: Value, take: @escaping @Sendable (inout Value, RecordedEvent) -> Void) {
    value = beginning
    self.beginning = beginning
    self.take = take
  }

  /// Takes an event in.
  public mutating func apply(_ event: RecordedEvent) { take(&value, event) }

  /// Takes in what a log holds beyond the part that was read. One that was cut since, as by a resume, is
  /// read from its beginning.
  /// - Returns: whether there was anything new.
  /// - Throws: `ExperimentError.file` if it cannot be read.
  public mutating func read(_ path: String) throws -> Bool {
    try ExperimentFiles.withOpenFile(path) { descriptor, size in
      let isCut = size < position
      if isCut { beginAnew() }
      guard size > position else { return isCut }
      let (isContinued, losses) = (position > 0, reader.losses)
      try readRest(of: descriptor, path)
      // What does not follow what was read: the log was cut and has grown again.
      if isContinued, reader.losses != losses {
        beginAnew()
        try readRest(of: descriptor, path)
      }
      return true
    }
  }

  private mutating func beginAnew() {
    value = beginning
    reader = EventLogReader(keepsProgress: false)
    position = 0
  }

  private mutating func readRest(of descriptor: Int32, _ path: String) throws {
    while true {
      let chunk = try ExperimentFiles.read(descriptor, from: position, count: 1 << 20, path: path)
      guard !chunk.isEmpty else { return }
      position += chunk.count
      var present = reader
      present.take(chunk) { take(&value, $0) }
      reader = present
    }
  }
}
