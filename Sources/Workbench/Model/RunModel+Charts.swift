internal import Experiments

extension RunModel {
  /// The memory of the histories behind the charts, in bytes.
  package var historyBytes: Int {
    subnetworks.reduce(0) { $0 + $1.extraction.historyBytes + $1.retraining.historyBytes }
  }

  /// Puts a line on the charts where the run is now.
  mutating func mark(
    _ kind: RunMarker.Kind, stage: Stage? = nil, round: Int? = nil, step: Int? = nil
  ) {
    let stage = stage ?? self.stage
    markers.append(
      RunMarker(
        kind: kind, stage: stage, round: round ?? self.round,
        step: step ?? furthestStep(in: stage), seconds: elapsed(at: lastTime)))
    if markers.count > Self.markerLimit { markers.removeFirst(markers.count - Self.markerLimit) }
  }

  /// Keeps a person's words: a line of the log and a line on the charts.
  mutating func take(_ note: Note) {
    let text = Names.printable(note.text)
    self.note(.good, "note: \(text)")
    guard let place = note.place, subnetworks.indices.contains(place.subnetwork) else {
      mark(.note(text))
      return
    }
    // Who came late knows the steps only roughly; the note knows its own.
    let progress = subnetworks[place.subnetwork].progress(in: place.stage)
    mark(
      .note(text), stage: place.stage, round: place.round,
      step: progress.totalSteps(round: place.round, step: place.step))
  }

  /// Adds a point to the curve of a subnetwork.
  mutating func chart(_ value: Double, of metric: ChartMetric, subnetwork: Int, stage: Stage) {
    let seconds = elapsed(at: lastTime)
    if stage == .retraining {
      subnetworks[subnetwork].retraining.record(value, of: metric, seconds: seconds)
    } else {
      subnetworks[subnetwork].extraction.record(value, of: metric, seconds: seconds)
    }
  }

  /// Adds a judgement to the curves of a subnetwork.
  mutating func chart(_ quality: SubnetworkQuality, of stage: Stage) {
    guard quality.score.metric == .balancedAccuracy else {
      return chart(
        quality.score.value, of: ChartMetric(quality.score.metric),
        subnetwork: quality.subnetwork, stage: stage)
    }
    for (metric, value) in [
      (ChartMetric.balancedAccuracy, quality.balancedAccuracy), (.f1, quality.f1),
      (.precision, quality.precision), (.recall, quality.recall),
    ] {
      chart(value, of: metric, subnetwork: quality.subnetwork, stage: stage)
    }
  }
}
