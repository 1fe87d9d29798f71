import ArgumentParser
import Experiments

/// `rtl tag`: words on a run, to find it by.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Add tags to a run, or remove them; without tags, list them.",
    discussion: """
      Example: rtl tag demo baseline keep
      Example: rtl tag demo keep --remove
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Argument(help: "The tags, words without spaces.")
  var tags: [String] = []

  @Flag(help: "Remove these tags.")
  var remove = false

  @OptionGroup var runs: RunsOption

  mutating func validate() throws {
    guard !remove || !tags.isEmpty else {
      throw ValidationError("--remove: found no tag, expected those to remove")
    }
  }

  mutating func run() throws {
    let directory = try RunDirectory.open(runName, in: runs.folder)
    let labels = tags.isEmpty ? try directory.labels() : try directory.tag(tags, remove: remove)
    let tags = labels.tags.isEmpty ? "no tags" : labels.tags.joined(separator: " ")
    print(Printable.line("\(directory.name): \(tags)"))
  }
}
