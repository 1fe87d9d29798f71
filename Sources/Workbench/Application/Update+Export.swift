internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// What an export would hold: the closer look, or the focused pane.
  var exportSubject: String {
    if page == .comparison { return "Comparison" }
    return switch drills.last {
    case .pair(let first, let second)?:
      "Pair \(Names.letter(first)) × \(Names.letter(second))"
    case .subnetwork(let index)?: "Subnetwork \(Names.letter(index))"
    case .layer(let index)?: "Layer \(layerName(index))"
    case .picture?: "Picture"
    case .collapse?: "Collapse"
    case .alignment?: "Alignment"
    case .analysis(let view)?: view.page.title
    case .spectrogram(let scene)?:
      "Spectrograms" + (shown.spectrograms[scene].map { " " + $0.sceneName } ?? "")
    case nil where focus == .loss && lossView.metric != .loss: lossView.metric.title
    case nil: focus.title
    }
  }

  /// Why nothing can be exported; `nil` if it can.
  var reasonAgainstExport: String? {
    Layout.kind(for: size) > .line ? nil : "the screen is too small to export from"
  }

  /// Asks for a file name; the default is in the run's folder, where there is one.
  mutating func openExport() {
    popup = .export(ExportForm(subject: exportSubject, path: defaultExportPath))
  }

  /// Writes what is in sight to a file, of which the ending says the format; a file that is there
  /// already is asked about.
  package mutating func export(to path: String) -> [Effect] {
    let form = ExportForm(subject: exportSubject, path: path)
    guard let request = form.request else {
      popup = .export(form)
      return [.ring]
    }
    return [.export(request)]
  }

  /// The name of a layer of the latest comparison, without the ending that all share.
  func layerName(_ index: Int) -> String {
    let names =
      shown.overlap.map { $0.layers.map(\.name) } ?? shown.description?.layers.map(\.name) ?? []
    return names.indices.contains(index) ? LayerNames.short(names[index]) : "\(index + 1)"
  }

  /// A key while the file name is asked for.
  mutating func press(_ key: Key, in form: ExportForm) -> [Effect] {
    var form = form
    switch key {
    case .escape, .control("c"):
      popup = nil
      return []
    case .enter:
      popup = nil
      return export(to: form.input.text)
    case .tab, .down: form.changeFormat(by: 1)
    case .backtab, .up: form.changeFormat(by: -1)
    default: form.handle(key)
    }
    popup = .export(form)
    return []
  }

  /// A text as a part of a file's name.
  private static func fileName(_ text: String) -> String {
    let words = text.lowercased().map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || character == ".")
        ? character : "-"
    }
    return String(words).split(separator: "-").joined(separator: "-")
  }

  private var defaultExportPath: String {
    if page == .comparison, let comparison {
      // Beside the runs, for it is of none alone.
      let names = comparison.runs.prefix(3).map { Self.fileName($0.name) }
      let more = comparison.runs.count > 3 ? ["and-\(comparison.runs.count - 3)"] : []
      let file = (["comparison"] + names + more).joined(separator: "-") + ".csv"
      return runsFolder.map { "\($0)/\(file)" } ?? file
    }
    let parts = Self.fileName(exportSubject)
    let view = drills.isEmpty && focus == .sparsity && sparsityView != .bars
    let suffix = view ? (sparsityView == .layers ? "-layers" : "-ownership") : ""
    let drawn: Int? =
      switch drills.last {
      case .spectrogram(let scene)?: shown.spectrograms[scene]?.round
      case .picture?: shown.picture?.round
      default: nil
      }
    let round = (drawn ?? shown.overlap?.round).map { "-round-\($0)" } ?? ""
    // An analysis is exported with all its targets.
    let isAnalysis = if case .analysis? = drills.last { true } else { false }
    let isOfRound =
      !isAnalysis && (!drills.isEmpty || [.sparsity, .overlap, .layers].contains(focus))
    let file = parts + suffix + (isOfRound ? round : "") + ".csv"
    guard let runsFolder, !openName.isEmpty else { return file }
    return "\(runsFolder)/\(openName)/exports/\(file)"
  }
}

extension Dialog {
  /// The question about a file that is there already.
  static func replacing(_ request: ExportRequest) -> Dialog {
    var wish = request
    wish.replaces = true
    let name = request.path.split(separator: "/").last.map(String.init) ?? request.path
    return Dialog(
      title: "\(Names.printable(name)) is there already",
      choices: [
        Choice(
          key: "n", title: "Another name", consequence: "the file stays as it is",
          outcome: .rename(request)),
        Choice(
          key: "r", title: "Replace it", consequence: "what it holds is lost",
          outcome: .export(wish)),
        Choice(key: "c", title: "Cancel", consequence: "nothing is written", outcome: .cancel),
      ])
  }
}
