package import Experiments

/// The number of the protocol between engines and those who attach to them; both sides have to speak
/// the same.
package let protocolVersion = 2

/// What somebody wants who attaches to a run.
public enum AttachmentRole: String, Sendable, Codable, CaseIterable {
  /// Sees everything and commands; one at a time.
  case control
  /// Sees everything.
  case watch
  /// Gives single commands and sees only their answers.
  case order
}

/// The first line of a client.
///
/// The number of the protocol comes first and alone decides whether the rest can be understood.
package struct Hello: Sendable, Codable, Equatable {
  /// The client's protocol.
  package var `protocol`: Int
  /// What it wants.
  package var role: AttachmentRole?
  /// Whether it takes control from who has it.
  package var takeOver: Bool?

  /// A hello in the present protocol.
  package init(
    protocol version: Int = protocolVersion, role: AttachmentRole, takeOver: Bool = false
  ) {
    self.protocol = version
    self.role = role
    self.takeOver = takeOver
  }

  /// Reads the protocol's number; a role of another version counts as none.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.protocol = try container.decode(Int.self, forKey: .protocol)
    role = try? container.decodeIfPresent(AttachmentRole.self, forKey: .role)
    takeOver = try? container.decodeIfPresent(Bool.self, forKey: .takeOver)
  }
}

/// Every other line of a client.
package enum ClientFrame: Sendable, Codable, Equatable {
  /// Something is asked of the engine.
  case command(NumberedCommand)
  /// The client gives control up and watches on.
  case release
}

/// A command with the number its answer will carry.
package struct NumberedCommand: Sendable, Codable, Equatable {
  /// The client's own number.
  package var id: Int
  /// What is asked of the engine.
  package var command: RunCommand

  /// A command with its number.
  package init(id: Int, command: RunCommand) {
    self.id = id
    self.command = command
  }
}

/// A line of the server.
package enum ServerFrame: Sendable, Codable, Equatable {
  /// The client is in.
  case welcome(Welcome)
  /// The client is not let in, or the run could not be started.
  case refused(Refusal)
  /// Events, in the order of the run.
  case events([RecordedEvent])
  /// Steps that followed each other, in their place among the events.
  case steps(PackedSteps)
  /// Everything that had happened when the client came has been sent.
  case caughtUp
  /// What became of a command.
  case answer(Answer)
  /// Another process has taken control; this client only watches from now on.
  case demoted(by: Int32)
  /// The engine's process is alive.
  case heartbeat
  /// The run has ended and everything is recorded; the last line.
  case end

  /// The facts of the run that a client was let into.
  package struct Welcome: Sendable, Codable, Equatable {
    /// The server's protocol.
    package var `protocol`: Int
    /// The run's name.
    package var run: String
    /// The engine's process.
    package var process: Int32

    /// The facts of a run.
    package init(protocol version: Int = protocolVersion, run: String, process: Int32) {
      self.protocol = version
      self.run = run
      self.process = process
    }
  }

  /// Why a client is not let in.
  package struct Refusal: Sendable, Codable, Equatable {
    /// The sentence.
    package var reason: String
    /// The exit status that the reason deserves.
    package var status: Int32
    /// The process that has control, if that is the reason.
    package var controller: Int32?
  }

  /// What became of a command.
  package struct Answer: Sendable, Codable, Equatable {
    /// The client's number.
    package var id: Int
    /// The command.
    package var command: RunCommand
    /// Why it was refused; `nil` if it was accepted.
    package var refusal: String?
    /// Whether the engine itself said so, and the run's events with it.
    package var isFromEngine: Bool
  }
}
