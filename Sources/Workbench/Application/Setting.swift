/// A setting of the screen with its new value, as `:set` gives it.
package enum Setting: Sendable, Hashable {
  case smoothing(Smoothing)
  case isLogarithmic(Bool)
  case xAxis(ChartAxis)
  case metric(ChartMetric)
  case mouse(Bool)

  /// Whether it means something without a run, too.
  var isForTheProgram: Bool {
    if case .mouse = self { return true }
    return false
  }
}

/// A row of the table of settings: a name and the values it can have.
struct SettingRow: Sendable {
  /// Its word on the command line.
  let name: String
  /// One sentence for the list of candidates.
  let help: String
  /// The words for its values and what they set.
  let values: [(word: String, setting: Setting)]

  /// Every setting; a new one is a row here and a case of ``Setting``.
  static let all: [SettingRow] = [
    SettingRow(
      name: "smoothing", help: "how far the loss is smoothed",
      values: [
        ("none", .smoothing(.none)), ("light", .smoothing(.light)), ("strong", .smoothing(.strong)),
      ]),
    SettingRow(
      name: "y", help: "scale of the loss and of the speed",
      values: [("linear", .isLogarithmic(false)), ("log", .isLogarithmic(true))]),
    SettingRow(
      name: "x", help: "what the charts are drawn over",
      values: ChartAxis.allCases.map { ($0.rawValue, .xAxis($0)) }),
    SettingRow(
      name: "metric", help: "what the charts show",
      values: ChartMetric.allCases.map { ($0.word, .metric($0)) }),
    SettingRow(
      name: "mouse", help: "wheel and click",
      values: [("on", .mouse(true)), ("off", .mouse(false))]),
  ]
}

extension WorkbenchState {
  /// Gives a setting its new value.
  mutating func apply(_ setting: Setting) -> [Effect] {
    switch setting {
    case .smoothing(let level): lossView.smoothing = level
    case .isLogarithmic(let isLogarithmic): lossView.isLogarithmic = isLogarithmic
    case .xAxis(let axis): lossView.use(axis)
    case .metric(let metric): lossView.metric = metric
    case .mouse(let on): return setMouse(on)
    }
    return []
  }
}
