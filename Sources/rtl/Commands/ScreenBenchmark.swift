import ArgumentParser
import Experiments
import Foundation
import TerminalUI
import Workbench

/// `rtl bench screen`: what a frame of the workbench costs, however long the run is.
struct ScreenBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen",
    abstract: "Time the drawing of a screen over ever longer invented runs; count bytes per frame.",
    discussion: """
      A screen of 200 × 60 is drawn after a run of 1,000 steps of each subnetwork, then of ten \
      times as many, and so on up to --points. The bytes are what a terminal of that size is sent.

      Example: rtl bench screen --points 100000 --json
      """)

  @Option(help: "Steps of each subnetwork at the end.")
  var points = 1_000_000

  @Option(help: "Subnetworks.")
  var subnetworks = 10

  @Option(help: "How often each frame is drawn.")
  var frames = 51

  @Flag(help: "Print JSON.")
  var json = false

  /// The figures of a run of one length.
  struct Length: Encodable {
    /// Steps of each subnetwork.
    var points: Int
    /// Events that the model has taken in.
    var events: Int
    /// Milliseconds to draw a frame.
    var millisecondsPerFrame: Spread
    /// Bytes of the histories behind the charts.
    var historyBytes: Int
    /// Bytes of the process that are in memory.
    var residentBytes: Int
    /// Microseconds to take an event in.
    var microsecondsPerEvent: Double
  }

  /// The least, the middle and the greatest of some times.
  struct Spread: Encodable {
    var min, median, max: Double

    init(_ times: [Double]) {
      let sorted = times.sorted()
      min = sorted.first ?? .nan
      median = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
      max = sorted.last ?? .nan
    }
  }

  private struct Report: Encodable {
    var width: Int
    var height: Int
    var subnetworks: Int
    var lengths: [Length]
    var bytesPerFrame: FrameBytes
  }

  private static let size = Size(width: 200, height: 60)
  private static let rounds = 20

  mutating func validate() throws {
    guard (1000...100_000_000).contains(points) else {
      throw ValidationError("--points \(points): expected a number from 1000 to 100000000")
    }
    guard (1...64).contains(subnetworks) else {
      throw ValidationError("--subnetworks \(subnetworks): expected a number from 1 to 64")
    }
    guard (1...10_000).contains(frames) else {
      throw ValidationError("--frames \(frames): expected a number from 1 to 10000")
    }
  }

  mutating func run() throws {
    let theme = (Theme.named("dark") ?? .standard).adapted(to: .indexed256)
    let look = Look(theme: theme, glyphs: .braille)
    // As many rounds in each, so that the other panes show the same.
    var run = InventedRun(subnetworks: subnetworks, rounds: Self.rounds, steps: 1000)
    var state = WorkbenchState(runName: "bench", now: run.time, size: Self.size)
    var lengths: [Length] = []
    var goal = 1000
    while goal <= points {
      let clock = ContinuousClock()
      run = InventedRun(subnetworks: subnetworks, rounds: Self.rounds, steps: goal)
      state = WorkbenchState(runName: "bench", now: run.time, size: Self.size)
      let feeding = clock.measure {
        while run.steps < goal { _ = update(&state, .events(run.next(steps: goal))) }
        _ = update(&state, .tick(run.time))
      }
      let times = (0..<frames).map { _ in
        clock.measure { _ = render(state, size: Self.size, look: look) } / .milliseconds(1)
      }
      lengths.append(
        Length(
          points: goal, events: run.count, millisecondsPerFrame: Spread(times),
          historyBytes: state.run.historyBytes, residentBytes: Self.residentBytes,
          microsecondsPerEvent: feeding / .microseconds(1) / Double(max(1, run.count))))
      goal *= 10
    }
    let bytes = try FrameBytes.measured(state, run, size: Self.size, theme: theme)
    let report = Report(
      width: Self.size.width, height: Self.size.height, subnetworks: subnetworks,
      lengths: lengths, bytesPerFrame: bytes)
    print(json ? try ExperimentJSON.pretty(report) : Self.text(report))
  }

  private static func text(_ report: Report) -> String {
    let rows = report.lengths.map { length in
      [
        "\(length.points)", "\(length.events)", Figure.decimal(length.millisecondsPerFrame.min),
        Figure.decimal(length.millisecondsPerFrame.median),
        Figure.decimal(length.millisecondsPerFrame.max), "\(length.historyBytes >> 10)",
        "\(length.residentBytes >> 10)", Figure.decimal(length.microsecondsPerEvent),
      ]
    }
    let table = TextTable.render(
      header: [
        "points", "events", "ms min", "median", "max", "histories kB", "resident kB", "µs/event",
      ], rows: rows, leftAligned: [])
    let bytes = report.bytesPerFrame
    return """
      \(report.width) × \(report.height), \(report.subnetworks) subnetworks

      \(table)

      bytes per frame: full \(bytes.full), unchanged \(bytes.unchanged), new steps \
      \(bytes.newSteps) (median), scrolling chart \(bytes.scrolling) (median)
      """
  }

  /// What the process has in memory, from the kernel's own count of pages.
  private static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
