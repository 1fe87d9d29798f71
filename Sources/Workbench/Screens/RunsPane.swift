internal import Experiments
internal import TerminalUI

/// Every run of the runs folder: state, quality, sparsity, overlap, age, tags.
struct RunsPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  private var list: RunList { state.runList }

  /// What is listed, in a few words.
  var subtitle: String {
    var words: [String] = []
    // While a filter is in error, what is listed meets another one.
    if !list.wanted.isEmpty, list.problem == nil {
      let count = list.listings.count
      words.append("\(count) \(count == 1 ? "meets" : "meet") the filter")
    }
    if !list.marked.isEmpty { words.append("\(list.marked.count) marked") }
    return words.joined(separator: " · ")
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    var body = rect
    if list.input != nil || !list.filter.isEmpty, !body.isEmpty {
      filter(into: &screen, in: body.row(0), look: look)
      body = body.inset(top: 1)
    }
    if let problem = list.problem, !body.isEmpty {
      if let column = problem.column, list.input != nil {
        // Under the character that it begins at.
        let place = min(Self.prompt.count + min(column, rect.width), rect.width) - 1
        screen.put("^", in: body.row(0).inset(left: place), style: look[.critical])
        body = body.inset(top: 1)
      }
      let block = TextBlock(" " + Names.printable(problem.description), role: .critical)
      let height = min(block.height(width: body.width), max(1, body.height / 2))
      block.render(into: &screen, in: body.rows([.fixed(height), .rest])[0], look: look)
      body = body.inset(top: height)
    }
    guard !list.listings.isEmpty else {
      if list.problem == nil { nothing(into: &screen, in: body, look: look) }
      return
    }
    table(width: body.width).render(into: &screen, in: body, look: look)
  }

  private func table(width: Int) -> Table {
    let listings = state.listings
    let quality = QualityColumns(listings.map { $0.quality?.metric })
    return Table(
      columns: columns(width: width, quality),
      rows: listings.map { row($0, width: width, quality) },
      selected: list.selectedIndex)
  }

  /// The run whose line is at a place, from 0; `nil` where there is none.
  func run(at point: Point, in rect: Rect) -> Int? {
    guard list.problem == nil else { return nil }
    let body = list.input != nil || !list.filter.isEmpty ? rect.inset(top: 1) : rect
    return table(width: body.width).row(at: point, in: body)
  }

  private static let prompt = " / "

  private func filter(into screen: inout Screen, in row: Rect, look: Look) {
    if let input = list.input {
      screen.put(input, prompt: Self.prompt, in: row, focused: true, look: look)
    } else {
      screen.put(
        Self.prompt + list.filter, in: row, style: look[.accent], ellipsis: look.glyphs.ellipsis)
    }
  }

  private func nothing(into screen: inout Screen, in rect: Rect, look: Look) {
    let text =
      !list.isLoaded
      ? " looking into the runs folder" : list.wanted.isEmpty ? " no runs yet" : " no run meets it"
    TextBlock(text, role: .dim).render(into: &screen, in: rect, look: look)
  }

  private func columns(width: Int, _ quality: QualityColumns) -> [TableColumn] {
    var columns = [TableColumn(" run", width: .fill(2))]
    columns.append(TableColumn(width >= 56 ? "state" : "is", width: .fixed(width >= 56 ? 11 : 4)))
    columns.append(TableColumn(quality.head, width: .fixed(quality.width), alignment: .right))
    columns.append(TableColumn("sparse", width: .fixed(6), alignment: .right))
    columns.append(TableColumn("J", width: .fixed(4), alignment: .right))
    if Self.hasAge(width, quality) {
      columns.append(TableColumn("age", width: .fixed(6), alignment: .right))
    }
    if width >= 64 { columns.append(TableColumn("tags", width: .fill(1))) }
    return columns
  }

  private func row(_ run: RunListing, width: Int, _ quality: QualityColumns) -> [Span] {
    func figure(_ value: Double?, _ decimals: Int) -> Span {
      value.map { Span(Figures.ratio($0, decimals)) } ?? Span(Figures.unknown, .dim)
    }
    let isOpen = run.name == state.openName
    let isMarked = list.marked.contains(run.name)
    var row = [
      Span(
        (isMarked ? "*" : isOpen ? ">" : " ") + Names.printable(run.name),
        isMarked ? .accent : isOpen ? .strong : .text),
      Span(width >= 56 ? run.word : Self.short(run), Self.role(of: run)),
      run.quality.map { Span(quality.text($0)) } ?? Span(Figures.unknown, .dim),
      Span(run.sparsity.map { Figures.percent($0) } ?? Figures.unknown),
      figure(run.meanJaccard, 2),
    ]
    if Self.hasAge(width, quality) {
      row.append(
        Span(run.startedAt.map { Self.age(state.now - $0) } ?? Figures.unknown, .dim))
    }
    if width >= 64 { row.append(Span(Names.printable(run.tags.joined(separator: " ")), .dim)) }
    return row
  }

  /// Whether the age has room; where figures have units, a narrow pane needs it for the names.
  private static func hasAge(_ width: Int, _ quality: QualityColumns) -> Bool {
    width >= 48 || quality.metrics.count == 1
  }

  /// A span of time in a word that changes seldom.
  static func age(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return Figures.unknown }
    let minutes = Int(max(0, seconds) / 60)
    if minutes < 1 { return "now" }
    if minutes < 60 { return "\(minutes)m" }
    return minutes < 48 * 60 ? "\(minutes / 60)h" : "\(minutes / 1440)d"
  }

  /// The state in four letters.
  private static func short(_ run: RunListing) -> String {
    if run.isInterrupted { return "cut" }
    return switch run.state {
    case .finished: "done"
    case .failed: "fail"
    case .stopped: "stop"
    case .paused, .pausing: "paus"
    case .waiting: "wait"
    case .preparing, .running, .stopping: "live"
    }
  }

  private static func role(of run: RunListing) -> StyleRole {
    if run.isLive { return .good }
    if run.isInterrupted { return .warning }
    return run.state == .failed ? .critical : .dim
  }
}
