import Attachment
import Experiments
import Foundation
import Workbench

/// Where a run is, as `rtl status` tells it.
struct RunStatus {
  let name: String
  /// The engine's word; `interrupted` if no engine holds the run and it has not ended.
  let state: String
  /// The engine's process, if there is one.
  let engine: Int32?
  /// Who holds the run, in words; `nil` if nobody does.
  let holder: String?
  /// Whether the engine answers at its socket.
  let isReachable: Bool
  var stage: Stage?
  var round = 0
  var plannedRounds: Int?
  var subnetwork: String?
  var epoch: Int?
  var step: Int?
  var plannedSteps: Int?
  var sparsity: Double?
  var balancedAccuracy: Double?
  /// The mean of what the subnetworks are judged by if not by balanced accuracy.
  var score: QualityScore?
  var meanJaccard: Double?
  var samplesPerSecond: Double?
  var secondsLeft: Double?
  /// Whether more is left than can be foreseen.
  var isLowerBound: Bool?
  var seconds = 0.0
  var subnetworks: [SubnetworkStatus] = []
  /// The worst level of the collapse watch's alarms; `ok` without any.
  var alarm = "ok"
  /// The alarms in words, the reason in numbers.
  var alarms: [String] = []

  /// The status of a run, from its engine or, where none answers, from its folder. Whether it is live is
  /// for the run's lock to say: a socket can be removed, and a lock cannot be left behind.
  /// - Throws: `AttachmentError` if its engine does not answer; `ExperimentError` if there is no
  ///   engine and the folder cannot be read.
  static func of(_ directory: RunDirectory) async throws -> RunStatus {
    if let snapshot = try await Attachment.snapshot(of: directory) {
      return RunStatus(snapshot, name: directory.name)
    }
    let holder = RunLock.holder(of: directory)
    let lastStep = try EventLog.lastStep(directory.eventsPath)
    do {
      return RunStatus(try directory.summary(), lastStep: lastStep, holder: holder)
    } catch  where holder != nil {
      // It has only just begun and has reported nothing yet.
      return RunStatus(name: directory.name, holder: holder)
    }
  }

  private init(_ snapshot: Attachment.Snapshot, name: String) {
    var run = RunModel(name: name)
    for event in snapshot.events { run.apply(event) }
    self.name = name
    state = run.state.rawValue
    engine = snapshot.process
    holder = "process \(snapshot.process)"
    isReachable = true
    round = run.round
    if run.description != nil {
      plannedRounds = run.plannedRounds
      sparsity = run.meanSparsity
    }
    take(run.meanScore)
    subnetworks = run.subnetworks.map { SubnetworkStatus($0, in: run.stage) }
    meanJaccard = Figure.mean(subnetworks.compactMap(\.meanJaccard))
    if run.round > 0 { stage = run.stage }
    if let active = run.activeSubnetwork, run.subnetworks.indices.contains(active) {
      let progress = run.subnetworks[active].progress(in: run.stage)
      subnetwork = run.subnetworks[active].name
      epoch = progress.epoch
      step = progress.step
      plannedSteps = progress.plannedSteps
    }
    if run.state == .running {
      samplesPerSecond = run.speed.samplesPerSecond
      secondsLeft = run.remaining?.seconds
      isLowerBound = run.remaining?.isLowerBound
    }
    alarm = run.alarms.map(\.level).max()?.rawValue ?? "ok"
    alarms = run.alarms.map { run.text(of: $0) }
    let now = run.state.isFinal ? run.lastTime : Date().timeIntervalSince1970
    seconds = run.elapsed(at: now)
  }

  private init(name: String, holder: RunLock.Holder?) {
    self.name = name
    state = RunState.preparing.rawValue
    engine = holder?.process
    self.holder = holder?.description
    isReachable = false
  }

  private init(_ summary: RunSummary, lastStep: StepReport?, holder: RunLock.Holder?) {
    name = summary.name
    state = summary.state.word(isHeld: holder != nil)
    engine = holder?.process
    self.holder = holder?.description
    isReachable = false
    round = max(summary.rounds, lastStep?.round ?? 0)
    if !summary.subnetworks.isEmpty {
      sparsity =
        summary.subnetworks.reduce(0) { $0 + $1.sparsity } / Double(summary.subnetworks.count)
    }
    subnetworks = summary.subnetworks.indices.map { SubnetworkStatus($0, of: summary) }
    take(QualityScore.mean(subnetworks.compactMap { $0.quality?.judged }))
    meanJaccard = Figure.mean(subnetworks.compactMap(\.meanJaccard))
    if let lastStep {
      stage = lastStep.stage
      epoch = lastStep.epoch
      step = lastStep.step
      plannedSteps = lastStep.plannedSteps
      if summary.subnetworks.indices.contains(lastStep.subnetwork) {
        subnetwork = summary.subnetworks[lastStep.subnetwork].name
      }
    }
    seconds = summary.seconds
    alarm = summary.alarmLevel?.rawValue ?? "ok"
    alarms = summary.alarmLines
  }

  private mutating func take(_ quality: QualityScore?) {
    if quality?.metric == .balancedAccuracy {
      balancedAccuracy = quality?.value
    } else {
      score = quality
    }
  }

  /// The status on one line.
  var line: String {
    var parts = ["\(name): \(state)"]
    if let stage { parts.append(stage.rawValue) }
    if round > 0 { parts.append("round \(round)" + (plannedRounds.map { "/\($0)" } ?? "")) }
    if let subnetwork { parts.append(subnetwork) }
    if let epoch { parts.append("epoch \(epoch)") }
    if let step, let plannedSteps { parts.append("step \(step)/\(plannedSteps)") }
    if let sparsity { parts.append("\(Figure.percent(sparsity)) sparse") }
    if let samplesPerSecond { parts.append("\(Int(samplesPerSecond.rounded())) samples/s") }
    if let secondsLeft {
      parts.append("ETA \(isLowerBound == true ? "≥ " : "")\(Figure.duration(secondsLeft))")
    }
    if let first = alarms.first {
      parts.append(first + (alarms.count > 1 ? " (and \(alarms.count - 1) more)" : ""))
    }
    if isReachable, let engine {
      parts.append("engine \(engine)")
    } else if let holder {
      parts.append("held by \(holder), which cannot be attached to: its engine.socket is not there")
    }
    return parts.joined(separator: ", ")
  }
}
