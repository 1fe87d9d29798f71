import ArgumentParser
import Foundation

/// Where the runs are; shared by every verb that names one.
struct RunsOption: ParsableArguments {
  /// Where runs are unless a person says otherwise.
  static let standardFolder = "./runs"

  @Option(name: .customLong("runs"), help: "The folder that holds the runs.")
  var folder = Self.standardFolder
}

/// How many threads compute; the bits of a result do not depend on it.
struct ThreadsOption: ParsableArguments {
  @Option(name: .customLong("threads"), help: "Threads to compute on (default: all processors).")
  var requested: Int?

  /// The number of threads, at least one.
  var count: Int { requested ?? ProcessInfo.processInfo.activeProcessorCount }

  mutating func validate() throws {
    if let requested, !(1...256).contains(requested) {
      throw ValidationError("--threads \(requested): expected a number from 1 to 256")
    }
  }
}

/// Whether a verb may write over what is there; shared by every verb that writes a file of a given name.
struct ForceOption: ParsableArguments {
  @Flag(name: .customLong("force"), help: "Write over files that are there already.")
  var isGiven = false

  /// Refuses before the work begins what would be lost at its end. A device or a pipe loses nothing.
  /// - Throws: `UsageError` for a file that is there already, unless the flag is given.
  func check(_ paths: [String]) throws {
    guard !isGiven else { return }
    for path in paths {
      let kind = try? URL(fileURLWithPath: path).resolvingSymlinksInPath()
        .resourceValues(forKeys: [.isRegularFileKey])
      if kind?.isRegularFile == true {
        throw UsageError("\(path): is there already; --force writes over it")
      }
    }
  }
}

/// Changes of a config from the command line.
struct ChangesOption: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a key of the config, e.g. extraction.prune_count=512; may be repeated.",
      valueName: "key=value"))
  var overrides: [String] = []
}

/// How the workbench looks; shared by every verb that opens it.
struct ThemeOption: ParsableArguments {
  @Option(
    name: .customLong("theme"),
    help: ArgumentHelp(
      "The theme of the workbench (default: RTL_THEME, config.yaml, the terminal's background).",
      valueName: "name"))
  var name: String?
}

/// Where a new or resumed engine works and who sees it; the workbench unless a person says otherwise.
struct PlaceOptions: ParsableArguments {
  @Flag(help: "No screen: print a line per epoch and end with the run.")
  var headless = false

  @Flag(help: "Start in the background, print the run's name, and return.")
  var detach = false

  mutating func validate() throws {
    if headless, detach {
      throw ValidationError(
        "--headless stays in the foreground and --detach does not: expected one of them")
    }
  }
}
