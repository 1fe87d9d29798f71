import ArgumentParser
import Experiments
import LotteryEngine

/// `rtl verify`: whether a run's files are what was written, and whether it computes the same here.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every hash of a run, and compute its first steps again.",
    discussion: "Example: rtl verify demo --steps 20")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Option(help: "Steps to compute again and compare with the recorded losses; 0 is none.")
  var steps = 10

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  mutating func validate() throws {
    guard (0...1_000_000).contains(steps) else {
      throw ValidationError("--steps \(steps): expected a number from 0 to 1000000")
    }
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    var isGood = true
    for finding in stored.verify(steps: steps, threads: threads.count) {
      let verdict = finding.complaints.isEmpty ? "ok    " : "FAILED"
      print("\(verdict) \(Printable.line(finding.subject))")
      for complaint in finding.complaints { print("       \(Printable.message(complaint))") }
      for note in finding.notes { print("       note: \(Printable.message(note))") }
      isGood = isGood && finding.complaints.isEmpty
    }
    if !isGood { throw ExitStatus.failure }
  }
}
