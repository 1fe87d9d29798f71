import Experiments
import Foundation
import Testing

struct RunDirectoryTests {
  private let runs = NSTemporaryDirectory() + "runs-\(UUID().uuidString)"

  private func create(_ name: String?, in folder: String? = nil) throws -> RunDirectory {
    try RunDirectory.create(
      name: name, defaultName: "plain", in: folder ?? runs, configText: "# mine\n",
      config: ExperimentConfig())
  }

  @Test("names: taken ones refused, default ones numbered, illegal ones explained")
  func names() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    #expect(try create("one").name == "one")
    #expect(throws: ExperimentError.runExists(name: "one", folder: runs)) { try create("one") }
    #expect(try create(nil).name == "plain")
    #expect(try create(nil).name == "plain-2")
    for name in ["", "a/b", "..", ".hidden", "bell\u{7}", String(repeating: "x", count: 201)] {
      #expect(throws: ExperimentError.self, "\(name)") { try create(name) }
    }
    #expect(try RunDirectory.list(in: runs).map(\.name) == ["one", "plain", "plain-2"])
    #expect(
      throws: ExperimentError.noSuchRun(name: "plian", folder: runs, nearest: "plain")
    ) { try RunDirectory.open("plian", in: runs) }
    #expect(try RunDirectory.list(in: runs + "/nowhere").isEmpty)
  }

  @Test("a place that cannot be written is named with the system's reason")
  func unwritable() throws {
    do {
      _ = try create("x", in: "/proc/rtl-runs")
      Issue.record("a run was made in /proc")
    } catch {
      #expect("\(error)".hasPrefix("/proc/rtl-runs: cannot be made: "))
    }
  }

  @Test("what a person names is written through a link and into a pipe; a folder is no file")
  func outputs() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    try ExperimentFiles.makeFolder(runs)
    let (file, link, pipe) = (runs + "/file", runs + "/link", runs + "/pipe")
    try ExperimentFiles.writeOutput(Data("old".utf8), to: file)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file")
    try ExperimentFiles.writeOutput(Data("new".utf8), to: link)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
    #expect(mkfifo(pipe, 0o600) == 0)
    // Both ends, so that nobody waits.
    let descriptor = open(pipe, O_RDWR)
    defer { close(descriptor) }
    try ExperimentFiles.writeOutput(Data("through".utf8), to: pipe)
    var bytes = [UInt8](repeating: 0, count: 7)
    #expect(read(descriptor, &bytes, 7) == 7 && bytes == Array("through".utf8))
    let folder = runs
    #expect(
      throws: ExperimentError.file(path: folder, reason: "is a folder, expected a file to write")
    ) { try ExperimentFiles.writeOutput(Data(), to: folder) }
    let missing = runs + "/nowhere/file"
    let error = #expect(throws: ExperimentError.self) {
      try ExperimentFiles.writeOutput(Data(), to: missing)
    }
    #expect("\(error as Any)".contains("\(missing): cannot be written") == true)
  }

  @Test("a damaged report says what was found where, and how it is made anew")
  func damagedReport() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create("damaged")
    let head = #""run": "r", "split": "test-half", "calibration_samples": 5, "judged_samples": 5"#
    for (text, words) in [
      (#"{"run": "r""#, "found no JSON (unexpected end of file"),
      (#"{"run": }"#, "found no JSON (invalid value around character 8)"),
      ("[]", "found a value of another kind"),
      (#"{"run": 3}"#, "found a value of another kind at 'run'"),
      (#"{"run": "r", "split": "all"}"#, "found a value that is none of those known at 'split'"),
      (#"{"run": "r", "split": "test-half"}"#, "found no 'calibration_samples'"),
      (
        "{\(head), \"decision\": \"class\", \"targets\": [{\"round\": \"x\"}]}",
        "found a value of another kind at 'targets[0].round'"
      ),
    ] {
      let path = try #require(directory.writeAnalysis([("calibration.json", text)]).first)
      let error = #expect(throws: ExperimentError.self) { try directory.calibration() }
      let told = "\(try #require(error))"
      #expect(told.hasPrefix("\(path): \(words)"), "\(told)")
      #expect(told.hasSuffix(", expected a report of rtl calibrate, which makes it anew"))
    }
  }

  @Test("the recorder keeps every event and a summary that folds them")
  func recorder() async throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let directory = try create("recorded")
    let stream = EventStream()
    let pump = Task { await stream.run() }
    let recorder = RunRecorder(
      directory: directory, mailbox: await stream.subscribe(.everything),
      onFailure: { Issue.record("\($0)") })
    let recording = Task { await recorder.run() }
    let description = RunDescription(
      runName: "recorded", seed: 1, model: "m", dataset: "d", subnetworks: ["a"], layers: [],
      prunableParameters: 10, totalParameters: 10, targets: [0.5], batchSize: 2, plannedRounds: 1,
      defaultRound: RoundSettings(pruneCount: 5, epochs: 1, learningRate: 0.1), computedWith: "AVX2"
    )
    stream.send(.runStarted(description))
    for step in 1...500 {
      stream.send(
        .stepFinished(
          StepReport(
            stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: step, plannedSteps: 500,
            loss: 1, samples: 2)))
    }
    stream.send(.runEnded(.finished))
    stream.finish()
    await pump.value
    #expect(await recording.value)
    let content = try EventLog.read(directory.eventsPath)
    #expect(content.events.map(\.sequence) == Array(0...501))
    #expect(try directory.summary().state == .finished)
    // Without its file the summary comes from the events.
    let summary = try directory.summary()
    #expect(summary.jaccard == [[1]] && summary.chanceJaccard == [[1]], "dense masks are the same")
    try FileManager.default.removeItem(atPath: directory.summaryPath)
    #expect(try directory.summary() == summary)
    #expect(try directory.resolvedConfig() == ExperimentConfig())
  }
}
