/// An event as JSON: `{"event": "step_finished", "data": {…}}`; events without data have no `data`.
extension Event: Codable {
  private enum Key: String, CodingKey {
    case event, data
  }

  /// The events' names in a log.
  private enum Name: String, CaseIterable {
    case runStarted = "run_started"
    case stateChanged = "state_changed"
    case roundStarted = "round_started"
    case stepFinished = "step_finished"
    case epochFinished = "epoch_finished"
    case pruned
    case rewound
    case overlapMeasured = "overlap_measured"
    case roundFinished = "round_finished"
    case retrainingStarted = "retraining_started"
    case retrainingFinished = "retraining_finished"
    case evaluated
    case pictureDrawn = "picture_drawn"
    case soundEnhanced = "sound_enhanced"
    case alarmRaised = "alarm_raised"
    case alarmCleared = "alarm_cleared"
    case settingsChanged = "settings_changed"
    case commandAccepted = "command_accepted"
    case commandRefused = "command_refused"
    case noted
    case message
    case runEnded = "run_ended"
  }

  /// The names of all events, as they stand in a log.
  public static var names: [String] { Name.allCases.map(\.rawValue) }

  /// The event's name, as it stands in a log.
  public var name: String {
    // The cases of `Event` and of `Name` are called alike.
    let label = Mirror(reflecting: self).children.first?.label ?? "\(self)"
    return Name.allCases.first { "\($0)" == label }?.rawValue ?? label
  }

  private struct State: Codable { var state: RunState }
  private struct Place: Codable {
    var round: Int
    var subnetwork: Int?
    var epochs: Int?
  }
  private struct Command: Codable {
    var command: RunCommand
    var reason: String?
  }
  private struct Settings: Codable {
    var settings: StandingSettings
    var fromRound: Int
  }
  private struct Message: Codable {
    var level: MessageLevel
    var text: String
  }

  /// Writes the name and the data.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func put(_ name: Name, _ data: some Encodable) throws {
      try container.encode(name.rawValue, forKey: .event)
      try container.encode(data, forKey: .data)
    }
    switch self {
    case .runStarted(let data): try put(.runStarted, data)
    case .stateChanged(let state): try put(.stateChanged, State(state: state))
    case .roundStarted(let data): try put(.roundStarted, data)
    case .stepFinished(let data): try put(.stepFinished, data)
    case .epochFinished(let data): try put(.epochFinished, data)
    case .pruned(let data): try put(.pruned, data)
    case .rewound(let round, let subnetwork):
      try put(.rewound, Place(round: round, subnetwork: subnetwork))
    case .overlapMeasured(let data): try put(.overlapMeasured, data)
    case .roundFinished(let round): try put(.roundFinished, Place(round: round))
    case .retrainingStarted(let round, let epochs):
      try put(.retrainingStarted, Place(round: round, epochs: epochs))
    case .retrainingFinished(let round): try put(.retrainingFinished, Place(round: round))
    case .evaluated(let data): try put(.evaluated, data)
    case .pictureDrawn(let data): try put(.pictureDrawn, data)
    case .soundEnhanced(let data): try put(.soundEnhanced, data)
    case .alarmRaised(let alarm): try put(.alarmRaised, alarm)
    case .alarmCleared(let alarm): try put(.alarmCleared, alarm)
    case .settingsChanged(let settings, let round):
      try put(.settingsChanged, Settings(settings: settings, fromRound: round))
    case .commandAccepted(let command): try put(.commandAccepted, Command(command: command))
    case .commandRefused(let command, let reason):
      try put(.commandRefused, Command(command: command, reason: reason))
    case .noted(let note): try put(.noted, note)
    case .message(let level, let text): try put(.message, Message(level: level, text: text))
    case .runEnded(let state): try put(.runEnded, State(state: state))
    }
  }

  /// Reads the name, then the data it stands for.
  /// - Throws: `DecodingError.dataCorrupted` at key `event` for a name this version does not know.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let text = try container.decode(String.self, forKey: .event)
    guard let name = Name(rawValue: text) else {
      throw DecodingError.dataCorruptedError(
        forKey: .event, in: container, debugDescription: "unknown event '\(text)'")
    }
    func get<Data: Decodable>(_ type: Data.Type = Data.self) throws -> Data {
      try container.decode(type, forKey: .data)
    }
    switch name {
    case .runStarted: self = .runStarted(try get())
    case .stateChanged: self = .stateChanged(try get(State.self).state)
    case .roundStarted: self = .roundStarted(try get())
    case .stepFinished: self = .stepFinished(try get())
    case .epochFinished: self = .epochFinished(try get())
    case .pruned: self = .pruned(try get())
    case .rewound:
      let place = try get(Place.self)
      self = .rewound(round: place.round, subnetwork: place.subnetwork ?? 0)
    case .overlapMeasured: self = .overlapMeasured(try get())
    case .roundFinished: self = .roundFinished(round: try get(Place.self).round)
    case .retrainingStarted:
      let place = try get(Place.self)
      self = .retrainingStarted(round: place.round, epochs: place.epochs ?? 0)
    case .retrainingFinished: self = .retrainingFinished(round: try get(Place.self).round)
    case .evaluated: self = .evaluated(try get())
    case .pictureDrawn: self = .pictureDrawn(try get())
    case .soundEnhanced: self = .soundEnhanced(try get())
    case .alarmRaised: self = .alarmRaised(try get())
    case .alarmCleared: self = .alarmCleared(try get())
    case .settingsChanged:
      let change = try get(Settings.self)
      self = .settingsChanged(change.settings, fromRound: change.fromRound)
    case .commandAccepted: self = .commandAccepted(try get(Command.self).command)
    case .commandRefused:
      let answer = try get(Command.self)
      self = .commandRefused(answer.command, reason: answer.reason ?? "")
    case .noted: self = .noted(try get())
    case .message:
      let message = try get(Message.self)
      self = .message(message.level, message.text)
    case .runEnded: self = .runEnded(try get(State.self).state)
    }
  }
}
