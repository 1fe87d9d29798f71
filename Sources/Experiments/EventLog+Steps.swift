extension EventLog {
  /// The line of a step, with its line feed.
  ///
  /// Nine of ten lines of a log are steps, hundreds a second while a small network trains. Written here
  /// directly, to the byte as `ExperimentJSON` would write them, they cost the training next to nothing.
  static func stepLine(_ report: StepReport, sequence: Int, time: Double) -> String {
    var line = "{\"data\":{\"epoch\":"
    line += "\(report.epoch),\"loss\":\(number(report.loss)),\"planned_steps\":"
    line += "\(report.plannedSteps),\"round\":\(report.round),\"samples\":\(report.samples)"
    line += ",\"stage\":\"\(report.stage.rawValue)\",\"step\":\(report.step),\"subnetwork\":"
    line += "\(report.subnetwork)},\"event\":\"step_finished\",\"sequence\":\(sequence)"
    line += ",\"time\":\(number(time))}\n"
    return line
  }

  /// A number as JSON has it: the shortest decimal that reads back to the same bits, whole ones without
  /// a fraction; one that is not finite as a string.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else {
      return value.isNaN ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\""
    }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
