import ArgumentParser
import Foundation

/// The program's entry: prepares the process, then hands over to the command line.
@main
enum Main {
  static func main() async {
    Startup.prepare()
    do {
      try RTL.checkVerb(CommandLine.arguments.dropFirst().first)
      var command = try RTL.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      exit(ErrorReport.show(error))
    }
  }
}
