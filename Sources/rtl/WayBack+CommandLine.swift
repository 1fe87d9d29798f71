import Attachment

extension WayBack {
  /// The command lines for a run of a folder.
  init(run: String, runsFolder: String) {
    let place =
      runsFolder == RunsOption.standardFolder ? "" : " --runs \(Self.quoted(runsFolder))"
    let words = Self.quoted(run) + place
    self.init(
      attach: "rtl attach \(words)", status: "rtl status \(words)", resume: "rtl resume \(words)")
  }

  /// A word as a shell takes it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: ","):
        true
      default: false
      }
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
