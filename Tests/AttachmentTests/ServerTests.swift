import Attachment
import Experiments
import Foundation
import Glibc
import Testing

/// Server and clients in one process, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServerTests {
  @Test("a client sees the run, commands it, and hears its end")
  func control() async throws {
    let served = try await Served()
    let client = try await served.attach()
    #expect(client.name == "scripted" && client.process == getpid())
    client.send(.pause)
    client.send(.resume)
    served.runner.stream.send(ScriptedRunner.step(1))
    client.send(.stop(.now))
    let events = await events(client)
    #expect(
      events.filter { !$0.isProgress } == [
        .stateChanged(.running), .commandAccepted(.pause), .stateChanged(.paused),
        .commandAccepted(.resume), .stateChanged(.running), .commandAccepted(.stop(.now)),
        .runEnded(.stopped),
      ])
    #expect(served.runner.received == [.pause, .resume, .stop(.now)])
    await client.waitUntilEnded()
    #expect(client.contact == RunContact())
    await served.server.close()
    #expect(!FileManager.default.fileExists(atPath: served.folder.path + "/engine.socket"))
    await #expect(throws: AttachmentError.noEngine(run: "scripted", wayBack: .scripted)) {
      try await served.attach()
    }
  }

  @Test("who comes late sees every lifecycle event and the steps")
  func late() async throws {
    let served = try await Served()
    for number in 1...200 {
      served.runner.stream.send(ScriptedRunner.step(number))
      served.runner.stream.send(.rewound(round: number, subnetwork: 0))
    }
    let early = try await served.attach(.watch)
    #expect(await eventually { await early.subscribe(.everything).drain().count == 401 })
    let snapshot = try #require(
      try await Attachment.snapshot(of: served.folder.directory, within: 120))
    #expect(snapshot.events.map(\.sequence) == Array(0...400))
    #expect(snapshot.process == getpid())
  }

  @Test("another version, another role or no hello is refused in one sentence")
  func hello() async throws {
    let served = try await Served()
    let lines = [
      #"{"protocol": 99, "role": "control", "more": [1]}"#: "found protocol 99, expected 2",
      #"{"protocol": 2, "role": "god"}"#: "found no role",
      #"{"role": "watch"}"#: "found no hello",
      "GET / HTTP/1.1": "found no hello",
      "": "found no hello",
      "\u{0}\u{1}\u{7F}{[[": "found no hello",
    ]
    for (line, sentence) in lines {
      let connection = try served.connect()
      try await connection.send(Data(line.utf8))
      let reason = reason(try await frames(connection))
      #expect(reason?.contains(sentence) == true, "\(line): \(reason ?? "nothing")")
    }
    // The server is none the worse for it.
    #expect(try await served.attach().name == "scripted")
  }

  @Test("garbage and oversized lines end a client, not the server")
  func garbage() async throws {
    let served = try await Served()
    let other = try await served.attach(.watch)
    for data in [Data("what".utf8), Data(#"{"id": 1}"#.utf8), Data(count: 300_000)] {
      let connection = try served.connect()
      connection.post(try ExperimentJSON.line(Hello(role: .order)))
      connection.post(data)
      let sentence = data.count > 1000 ? "more than 65536 bytes" : "no command"
      let reason = reason(try await frames(connection))
      #expect(reason?.contains(sentence) == true, "\(reason ?? "nothing")")
    }
    // Without a line feed and before the hello, too.
    let endless = try served.connect()
    endless.post(Data(repeating: 65, count: 300_000))
    #expect(reason(try await frames(endless))?.contains("no hello") == true)
    served.runner.stream.send(.roundFinished(round: 3))
    #expect(
      await eventually {
        await other.subscribe(.everything).drain().last?.event == .roundFinished(round: 3)
      })
    #expect(served.runner.received.isEmpty)
  }

  @Test("nobody waits for a client that does not read: neither the engine nor other clients")
  func slow() async throws {
    let served = try await Served()
    let slow = try served.connect()
    slow.post(try ExperimentJSON.line(Hello(role: .watch)))
    let good = try await served.attach(.watch)
    let watching = Task { await events(good) }
    // More than the socket's queue takes.
    for number in 1...4000 {
      served.runner.stream.send(ScriptedRunner.step(number))
      if number % 10 == 0 { served.runner.stream.send(.rewound(round: number, subnetwork: 0)) }
    }
    served.runner.end(.finished)
    let seen = await watching.value
    #expect(seen.filter { !$0.isProgress }.count == 400 + 2)
    #expect(seen.last == .runEnded(.finished))
    // The run is over, and the slow one keeps the server for a few seconds only.
    await served.server.close()
  }

  @Test("a client that does not read for too long is dropped while the run goes on")
  func dropped() async throws {
    let served = try await Served(patience: 0.2)
    for number in 1...2000 {
      served.runner.stream.send(.rewound(round: number, subnetwork: number))
      served.runner.stream.send(ScriptedRunner.step(number))
    }
    let slow = try served.connect()
    slow.post(try ExperimentJSON.line(Hello(role: .control)))
    _ = try await slow.nextLine(within: 120)
    // Its place is free again once it is dropped; until then it has control.
    var successor: AttachedRunner?
    #expect(
      await eventually {
        successor = try? await served.attach()
        return successor != nil
      })
    let frames = try? await frames(slow)
    #expect(frames?.contains(.end) != true)
  }

  @Test("commands are answered in their order, with the engine's reason")
  func answers() async throws {
    let served = try await Served(ScriptedRunner(refusing: [(.pauseAtRoundEnd, "not now")]))
    #expect(
      try await Attachment.order(
        .pause, of: served.folder.directory, wayBack: .scripted, within: 120) == nil)
    #expect(
      try await Attachment.order(
        .pauseAtRoundEnd, of: served.folder.directory, wayBack: .scripted, within: 120)
        == "not now")
    #expect(served.runner.received == [.pause, .pauseAtRoundEnd])
    let connection = try served.connect()
    connection.post(try ExperimentJSON.line(Hello(role: .order)))
    let commands: [RunCommand] = [.pause, .pauseAtRoundEnd, .pause, .resume, .pauseAtRoundEnd]
    for (id, command) in commands.enumerated() {
      connection.post(
        try ExperimentJSON.line(ClientFrame.command(NumberedCommand(id: id, command: command))))
    }
    connection.post(
      try ExperimentJSON.line(
        ClientFrame.command(NumberedCommand(id: 5, command: .stop(.finishRound)))))
    let answers = try await frames(connection).compactMap { frame -> (Int, String?)? in
      guard case .answer(let answer) = frame else { return nil }
      return (answer.id, answer.refusal)
    }
    #expect(answers.map(\.0) == [0, 1, 2, 3, 4, 5])
    #expect(answers.map(\.1) == [nil, "not now", nil, nil, "not now", nil])
  }

  @Test("one controls; another is told who, may watch, and may take over")
  func controllers() async throws {
    let served = try await Served()
    let first = try await served.attach()
    await #expect(throws: AttachmentError.controlled(run: "scripted", by: getpid())) {
      try await served.attach()
    }
    let watcher = try await served.attach(.watch)
    let mailbox = await watcher.subscribe(.everything)
    watcher.send(.pause)
    let refused = await mailbox.next()?.map(\.event) ?? []
    #expect(
      refused.contains {
        if case .commandRefused(.pause, let reason) = $0 {
          return reason.contains("attach scripted")
        }
        return false
      })
    let second = try await served.attach(takeOver: true)
    #expect(await eventually { first.contact.refusal?.contains("\(getpid())") == true })
    first.send(.pause)
    second.send(.resume)
    #expect(await eventually { served.runner.received == [.resume] })
    // Control is free again when its holder leaves.
    await second.leave()
    var third: AttachedRunner?
    #expect(
      await eventually {
        third = try? await served.attach()
        return third != nil
      })
    #expect(third?.contact.refusal == nil)
  }

  @Test("a watcher's command is refused by the server, too")
  func watcherWhoInsists() async throws {
    let served = try await Served()
    let connection = try served.connect()
    connection.post(try ExperimentJSON.line(Hello(role: .watch)))
    connection.post(
      try ExperimentJSON.line(ClientFrame.command(NumberedCommand(id: 7, command: .stop(.now)))))
    while let line = try await connection.nextLine(within: 120) {
      guard case .answer(let answer) = try ExperimentJSON.decode(ServerFrame.self, from: line)
      else { continue }
      #expect(answer.id == 7 && answer.refusal == "this process only watches")
      #expect(!answer.isFromEngine)
      break
    }
    #expect(served.runner.received.isEmpty)
  }

  @Test("silence is told, and the end of it; a line that breaks is told as lost")
  func stalledAndLost() async throws {
    // A server that says hello and nothing more until it is told to.
    var pair: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    let engine = Connection(descriptor: pair[1], limit: 1 << 16)
    let clock = TestClock()
    let client = AttachedRunner(
      connection: Connection(descriptor: pair[0], limit: 1 << 20),
      welcome: .init(run: "silent", process: getpid()), role: .control,
      wayBack: WayBack(attach: "attach silent", status: "status silent", resume: "resume silent"),
      now: { clock.now })
    #expect(client.contact.link == .live)
    clock.advance(by: .seconds(5))
    #expect(client.contact.link == .live)
    clock.advance(by: .seconds(4))
    #expect(client.contact.link == .stalled(seconds: 9))
    try await engine.send(ExperimentJSON.line(ServerFrame.heartbeat))
    #expect(await eventually { client.contact.link == .live })
    engine.hangUp()
    #expect(await eventually { client.contact.isLost })
    guard case .lost(let advice) = client.contact.link else { return }
    #expect(advice.contains("attach silent"), "its process is this one, which is there")
    // Nobody waits for good, and commands are answered.
    await client.waitUntilEnded()
    client.send(.pause)
    #expect(await events(client).isEmpty)
  }

  @Test("heartbeats come while nothing happens")
  func heartbeats() async throws {
    let served = try await Served(heartbeat: .milliseconds(20))
    let connection = try served.connect()
    connection.post(try ExperimentJSON.line(Hello(role: .watch)))
    var count = 0
    while count < 5 {
      let line = try #require(try await connection.nextLine(within: 120))
      if try ExperimentJSON.decode(ServerFrame.self, from: line) == .heartbeat { count += 1 }
    }
  }

  @Test("control that is given up is free, and what was ordered before counts")
  func released() async throws {
    let runner = ScriptedRunner()
    let served = try await Served(runner, onUnattended: { runner.send(.stop(.finishRound)) })
    let client = try await served.attach()
    runner.stream.send(.stateChanged(.waiting))
    client.send(.startRetraining(epochs: 1))
    client.release()
    #expect(client.contact.refusal != nil)
    // The order came first, so the run was not taken for one that waits.
    #expect(await eventually { (try? await served.attach()) != nil })
    #expect(runner.received == [.startRetraining(epochs: 1)])
    runner.end(.finished)
    await client.waitUntilEnded()
  }

  @Test("a run that waits for orders is ended when nobody has control, not before")
  func unattended() async throws {
    let runner = ScriptedRunner()
    let served = try await Served(runner, onUnattended: { runner.send(.stop(.finishRound)) })
    let client = try await served.attach()
    let mailbox = await client.subscribe(.everything)
    runner.stream.send(.stateChanged(.waiting))
    var seen: [Event] = []
    while !seen.contains(.stateChanged(.waiting)) {
      seen += await mailbox.next()?.map(\.event) ?? []
    }
    #expect(runner.received.isEmpty)
    await client.leave()
    #expect(await eventually { runner.received == [.stop(.finishRound)] })
    await served.server.close()
  }
}
