import ArgumentParser
import Workbench

/// `rtl keys`: the tables of keys in force.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Print the keys and commands of the workbench.",
    discussion: """
      Example: rtl keys
      Example: rtl keys --markdown > docs/keys.md

      Keys are changed in $XDG_CONFIG_HOME/rtl/config.yaml (~/.config/rtl/config.yaml), for example:

        keys:
          pause: Space
          next-pane: [Tab, "]"]
      """)

  @Flag(help: "Print the standard keys as the page of the documentation.")
  var markdown = false

  mutating func run() throws {
    if markdown {
      print(KeyReference.markdown(), terminator: "")
    } else {
      print(KeyReference.text(try UserSettings().keys()), terminator: "")
    }
  }
}
