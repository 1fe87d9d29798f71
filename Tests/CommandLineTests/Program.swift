import Foundation
import Testing

/// What a finished program leaves behind.
struct Outcome {
  /// Its exit status; 128 + n for a signal n.
  var status: Int32
  /// What it wrote to standard output.
  var output: String
  /// What it wrote to standard error.
  var errors: String
  /// Whether it was killed because it took too long.
  var timedOut: Bool

  /// For the message of a failed expectation.
  var summary: String {
    "status \(status)\(timedOut ? " (timed out)" : "")\n-- output\n\(output)\n-- errors\n\(errors)"
  }
}

/// The built `rtl`, and other programs that the tests start.
enum Program {
  /// The binary beside the test bundle; `nil` if it was not built.
  static let path: String? = {
    let files = FileManager.default
    let bundle = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
      .resolvingSymlinksInPath().deletingLastPathComponent()
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let candidates = [bundle, package.appendingPathComponent(".build/release")]
      .map { $0.appendingPathComponent("rtl").path }
    return candidates.first { files.isExecutableFile(atPath: $0) }
  }()

  /// Why the tests of the binary skip.
  static let absence: Comment = "no rtl beside the test bundle: swift build -c release makes it"

  /// The top of the checkout.
  static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Where a program is in PATH; `nil` if nowhere.
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(
      separator: ":")
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs `rtl` to its end, without a terminal.
  static func rtl(
    _ arguments: String..., environment: [String: String] = [:], in folder: String = checkout,
    seconds: Double = 240
  ) async throws -> Outcome {
    try await run(
      try #require(path), arguments, environment: environment, in: folder, seconds: seconds)
  }

  /// Runs a program to its end; standard input is empty, a time limit kills it.
  static func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String = checkout, seconds: Double = RunningExperiment.patience
  ) async throws -> Outcome {
    let scratch = try TemporaryFolder()
    let (output, errors) = (scratch.path("output"), scratch.path("errors"))
    let child = try ChildProcess(
      executable, arguments,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, folder: folder,
      output: output, errors: errors)
    let status = try await child.wait(seconds: seconds)
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
    return Outcome(
      status: status ?? -1, output: try text(output), errors: try text(errors),
      timedOut: status == nil)
  }
}
