import Foundation
import Glibc

/// What kind of terminal this is, without opening it.
enum TerminalReport {
  /// Why the workbench cannot be shown; `nil` if nothing speaks against it.
  static func reasonForPlainMode() -> String? {
    if isatty(STDOUT_FILENO) == 0 { return "standard output is not a terminal" }
    if isatty(STDIN_FILENO) == 0 { return "standard input is not a terminal" }
    let name = ProcessInfo.processInfo.environment["TERM"] ?? ""
    if name.isEmpty { return "TERM is not set" }
    if name == "dumb" { return "TERM=dumb cannot move the cursor" }
    return nil
  }

  /// One line for `rtl doctor`.
  static func describe(environment: [String: String]) -> String {
    let name = environment["TERM"] ?? "not set"
    return "TERM=\(name)" + (reasonForPlainMode().map { " (plain mode: \($0))" } ?? "")
      + (environment["NO_COLOR"].map { $0.isEmpty ? "" : ", NO_COLOR" } ?? "")
  }
}
