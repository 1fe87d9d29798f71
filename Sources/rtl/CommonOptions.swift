import ArgumentParser
import Foundation

/// Where the runs are; shared by every verb that names one.
struct RunsOption: ParsableArguments {
  @Option(name: .customLong("runs"), help: "The folder that holds the runs.")
  var folder = "./runs"
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
