internal import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// The outcome of one kind of check.
  public struct Finding: Sendable, Equatable {
    /// What was checked, and how much of it.
    public var subject: String
    /// What is not as it was written; empty if all is well.
    public var complaints: [String] = []
    /// What a person should know, though nothing is damaged.
    public var notes: [String] = []
  }

  /// Checks the run's files against every hash there is, and computes its first steps again.
  /// - Parameters:
  ///   - steps: how many steps to compare with the recorded losses.
  ///   - threads: how many threads compute; they change no bit.
  public func verify(steps: Int, threads: Int) -> [Finding] {
    var findings = [verifyFiles(), verifyCheckpoints(), verifyMasks(), verifyLog()]
    if steps > 0 { findings.append(verifySteps(count: steps, threads: threads)) }
    return findings
  }

  private func verifyFiles() -> Finding {
    do {
      let sums = try FileSums(of: directory)
      return Finding(
        subject: "\(sums.sums.count) lasting file(s) against SHA256SUMS",
        complaints: sums.complaints(in: directory),
        notes: sums.sums.isEmpty ? ["the run keeps no hashes of its files"] : [])
    } catch { return Finding(subject: "SHA256SUMS", complaints: ["\(error)"]) }
  }

  private func verifyCheckpoints() -> Finding {
    let store = CheckpointStore(folder: directory.checkpointsPath)
    var finding = Finding(subject: "checkpoints")
    do {
      let numbers = try store.numbers()
      finding.subject = "\(numbers.count) checkpoint(s) against their manifests"
      for number in numbers {
        do {
          let checkpoint = try store.read(number)
          let log = try EventLog.prefix(directory.eventsPath, upTo: checkpoint.manifest.log)
          if let complaint = log.complaint {
            finding.complaints.append("checkpoint \(number): \(complaint)")
          }
        } catch { finding.complaints.append("checkpoint \(number): \(error)") }
      }
    } catch { finding.complaints.append("\(error)") }
    return finding
  }

  /// The masks of every round against the hash beside them, the hash in the log, and their parents.
  private func verifyMasks() -> Finding {
    var finding = Finding(subject: "masks")
    var recorded: [Int: [Int: String]] = [:]
    let events = (try? EventLog.read(directory.eventsPath).events) ?? []
    for case .pruned(let report) in events.map(\.event) {
      recorded[report.round, default: [:]][report.subnetwork] = report.maskHash
    }
    do {
      let rounds = try directory.maskRounds()
      finding.subject = "masks of \(rounds.count) round(s) against the log and each other"
      var before: [Mask]?
      for round in rounds {
        do {
          let masks = try readMasks(round: round, layout: makeLayout())
          for (k, mask) in masks.enumerated() {
            let place = "round \(round), \(mask.subset)"
            if let hash = recorded[round]?[k], hash != mask.hash {
              finding.complaints.append(
                "\(place): mask \(mask.hash.prefix(12))…, in the log \(hash.prefix(12))…")
            }
            // A mask that stayed in a round is still the one of before.
            if let parent = before?[k], parent.round == round - 1, mask.hash != parent.hash,
              mask.parentHash != parent.hash, config.extractsMasks
            {
              finding.complaints.append("\(place): not made from the mask of round \(round - 1)")
            }
          }
          before = masks
        } catch {
          finding.complaints.append("\(error)")
          before = nil
        }
      }
    } catch { finding.complaints.append("\(error)") }
    return finding
  }

  private func verifyLog() -> Finding {
    var finding = Finding(subject: "the event log")
    do {
      let content = try EventLog.read(directory.eventsPath)
      finding.subject = "\(content.events.count) event(s) numbered without gaps"
      if let gap = content.events.enumerated().first(where: { $0.offset != $0.element.sequence }) {
        finding.complaints.append(
          "\(directory.eventsPath): found event \(gap.element.sequence), expected \(gap.offset)")
      }
      if content.skippedLines > 0 {
        finding.complaints.append(
          "\(directory.eventsPath): \(content.skippedLines) line(s) that are no event")
      }
      if content.hasTornTail { finding.notes.append("the last line is torn; a resume cuts it off") }
    } catch { finding.complaints.append("\(error)") }
    return finding
  }

  /// Trains the first subnetwork of the log again for some steps, and compares the losses.
  private func verifySteps(count: Int, threads: Int) -> Finding {
    var finding = Finding(subject: "the first steps")
    do {
      var plans: [Int: RoundPlan] = [:]
      var reports: [StepReport] = []
      var here: String?
      for case let event in try EventLog.read(directory.eventsPath).events.map(\.event) {
        switch event {
        case .runStarted(let description): here = description.computedWith
        case .roundStarted(let start): plans[start.round] = start.plan
        case .stepFinished(let report) where report.stage == .extraction && report.epoch == 1:
          let first = reports.first ?? report
          if report.round == first.round, report.subnetwork == first.subnetwork,
            reports.count < count
          {
            reports.append(report)
          }
        default: break
        }
      }
      guard let first = reports.first, let settings = plans[first.round]?[first.subnetwork]
      else {
        finding.notes.append(
          config.extractsMasks
            ? "no step is in the log yet"
            : "none to compute again: the masks are given, so no step of an extraction is in the log"
        )
        return finding
      }
      finding.subject =
        "\(reports.count) step(s) of \(subnetworkNames[first.subnetwork]) in round \(first.round) "
        + "computed again"
      let losses = try losses(
        like: first, learningRate: settings.learningRate, count: reports.count, threads: threads)
      for (report, loss) in zip(reports, losses) where report.loss.bitPattern != loss.bitPattern {
        finding.complaints.append("step \(report.step): loss \(loss), in the log \(report.loss)")
      }
      if let here, here != ComputedWith.here.instructionSets {
        finding.notes.append(
          "computed with \(here), now with \(ComputedWith.here.instructionSets): the bits may differ"
        )
      }
    } catch { finding.complaints.append("\(error)") }
    return finding
  }

  private func losses(
    like first: StepReport, learningRate: Double, count: Int, threads: Int
  ) throws -> [Double] {
    let task = try TaskCatalogue.task(config)
    let (k, round) = (first.subnetwork, first.round)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    let layout = trainer.network.layout
    let initial = try Tickets.readWeights(directory.initialParametersPath, layout: layout)
    let mask = try readMasks(round: round - 1, layout: layout)[k]
    let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
    let learner = Learner(task, layout: layout, initial: initial, pool: trainer.pool)
    var random = RandomStream(
      seed: config.seed, purpose: "extraction augmentation", round, k, 1)
    return try task.epoch(stage: .extraction, round: round, subnetwork: k, epoch: 1).prefix(count)
      .map {
        try trainer.step(
          $0, subnetwork: k, mask: mask.bits, learner: learner, statistics: statistics,
          learningRate: learningRate, random: &random)
      }
  }
}
