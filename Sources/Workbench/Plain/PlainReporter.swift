public import Experiments

/// A run told in plain lines, for a pipe, a log file or a terminal without cursor control.
///
/// A fold of events: a line per epoch, round and evaluation, state changes and warnings at once, no
/// line per step, no escape code.
public struct PlainReporter: Sendable {
  private var model = RunModel()
  private var notedLines = 0
  private let firstSequence: Int

  /// A reporter that has told nothing yet.
  /// - Parameter firstSequence: the first event to tell of; those before it are known to the reader, and
  ///   only the figures of the run are taken from them.
  public init(from firstSequence: Int = 0) {
    self.firstSequence = firstSequence
  }

  /// The lines for an event, possibly none; each starts with the time since the run's start.
  public mutating func lines(for recorded: RecordedEvent) -> [String] {
    model.apply(recorded)
    defer { notedLines = model.droppedLogLines + model.log.count }
    // What is no part of the run's course has no place in it, and a number below 0.
    guard recorded.sequence >= firstSequence || recorded.sequence < 0 else { return [] }
    switch recorded.event {
    case .stepFinished(let report):
      guard !report.loss.isFinite else { return [] }
      return notes()
    case .epochFinished(let report):
      return [prefix + epochLine(report)]
    case .roundFinished:
      return notes(suffix: remainingText)
    case .rewound, .commandAccepted:
      return []
    case .overlapMeasured(let report):
      guard let text = EventText.text(report) else { return [] }
      return [
        prefix + "overlap of round \(report.round): \(text), "
          + "union \(Figures.grouped(report.unionParameters)) weights"
      ]
    case .evaluated(let report):
      if report.subnetworks.count == 1 { return report.subnetworks.map(qualityLine) }
      return [prefix + "after retraining: " + EventText.text(report)]
        + report.subnetworks.map(qualityLine)
    default:
      return notes()
    }
  }

  /// What the run amounts to so far, in a few lines.
  public func summary() -> [String] {
    RunReport.lines(of: model)
  }

  private var prefix: String { "[\(Figures.clock(model.elapsed(at: model.lastTime)))] " }

  private var remainingText: String {
    guard let remaining = model.remaining, remaining.seconds > 0 else { return "" }
    return ", \(remaining.isLowerBound ? "more than " : "about ")"
      + "\(Figures.duration(remaining.seconds)) left"
  }

  private func notes(suffix: String = "") -> [String] {
    let fresh = model.droppedLogLines + model.log.count - notedLines
    let lines = model.log.suffix(max(0, fresh)).map { line -> String in
      switch line.level {
      case .warning: prefix + "warning: " + line.text
      case .error: prefix + "error: " + line.text
      default: prefix + line.text
      }
    }
    guard let last = lines.last, !suffix.isEmpty else { return lines }
    return lines.dropLast() + [last + suffix]
  }

  private func label(_ index: Int) -> String {
    guard model.subnetworks.indices.contains(index) else { return "subnetwork \(index)" }
    return "\(model.subnetworks[index].letter) \(model.subnetworks[index].name)"
  }

  private func epochLine(_ report: EpochReport) -> String {
    var line =
      "\(report.stage == .retraining ? "retraining" : "extraction") round \(report.round) "
      + "epoch \(report.epoch) \(label(report.subnetwork)): loss \(Figures.loss(report.meanLoss))"
    if let speed = model.speed.samplesPerSecond { line += ", \(Figures.short(speed)) samples/s" }
    return line
  }

  private func qualityLine(_ quality: SubnetworkQuality) -> String {
    let head = prefix + "\(label(quality.subnetwork)): loss \(Figures.loss(quality.loss)), "
    guard quality.score.metric == .balancedAccuracy else {
      return head + EventText.text(quality.score)
    }
    return head
      + "balanced accuracy \(Figures.ratio(quality.balancedAccuracy, 3)), "
      + "precision \(Figures.ratio(quality.precision, 3)), "
      + "recall \(Figures.ratio(quality.recall, 3)), F1 \(Figures.ratio(quality.f1, 3))"
  }
}
