import ArgumentParser
import Experiments

/// `rtl note`: a line of text on a run.
struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note on a run in place of the one before; an empty one removes it.",
    discussion: "Example: rtl note demo \"collapses after round 14\"")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Argument(help: "The note.")
  var text: String

  @OptionGroup var runs: RunsOption

  mutating func run() throws {
    let directory = try RunDirectory.open(runName, in: runs.folder)
    let labels = try directory.note(text)
    print(Printable.line("\(directory.name): \(labels.note ?? "no note")"))
  }
}
