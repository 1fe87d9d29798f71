internal import TerminalUI

/// The key tables as text: for the terminal, and as the page of the documentation.
package enum KeyReference {
  /// The tables in columns: keys, name, what it does.
  package static func text(_ tables: KeyTables) -> String {
    let maps = tables.all
    let rows = maps.flatMap(\.map.bindings)
    let keyWidth = rows.map { DisplayText.width($0.label) }.max() ?? 0
    let nameWidth = rows.map { DisplayText.width($0.name) }.max() ?? 0
    var lines: [String] = []
    for (screen, map) in maps {
      for section in map.sections {
        lines.append((lines.isEmpty ? "" : "\n") + "\(section.title) (\(screen))")
        for row in section.bindings {
          lines.append(
            "  " + DisplayText.padded(row.label, to: keyWidth) + "  "
              + DisplayText.padded(row.name, to: nameWidth) + "  " + row.help)
        }
      }
    }
    lines.append("\nCommands that take words")
    for command in ArgumentCommand.all {
      lines.append(
        "  "
          + DisplayText.padded(
            ":\(command.name) \(command.arguments)", to: keyWidth + nameWidth + 4)
          + command.help)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page of the documentation.
  package static func markdown(_ tables: KeyTables = .standard) -> String {
    var text = """
      # Keys and commands

      This page is made from the table of keys itself: `rtl keys --markdown > docs/keys.md`.

      Every row is also a command of the command line (`:` and its name; Tab completes, up and down go
      through what was entered before). `?` shows the rows on the screen: typing filters them, Enter runs the
      chosen one, and what does nothing now says why. Another key for a command: `keys` in
      `$XDG_CONFIG_HOME/rtl/config.yaml` (`~/.config/rtl/config.yaml`):

      ```yaml
      theme: nord               # also --theme NAME, RTL_THEME, T and :theme NAME
      mouse: on                 # also M and :set mouse on
      keys:
        pause: F5               # in place of p
        next-pane: [Tab, F6]    # two keys
        retrain: []             # none: only :retrain is left
      ```

      A name that there is not and a key for two commands are errors with their line; `rtl keys` prints the
      table in force. Themes of one's own: `$XDG_CONFIG_HOME/rtl/themes/NAME.yaml`.

      """
    for (screen, map) in tables.all {
      text += "\n## The \(screen)\n"
      for section in map.sections {
        text += "\n### \(section.title)\n\n| key | command | what it does |\n| --- | --- | --- |\n"
        for row in section.bindings {
          let keys = row.keys.map { code($0.written) }.joined(separator: " ")
          text += "| \(keys) | `\(row.name)` | \(cell(row.help)) |\n"
        }
      }
    }
    text += "\n## Commands that take words\n\n| command | what it does |\n| --- | --- |\n"
    for command in ArgumentCommand.all {
      text += "| `:\(command.name) \(command.arguments)` | \(cell(command.help)) |\n"
    }
    text += "\nSettings of `:set`:\n\n| setting | values | what it is |\n| --- | --- | --- |\n"
    for row in SettingRow.all {
      let values = row.values.map { "`\($0.word)`" }.joined(separator: ", ")
      text += "| `\(row.name)` | \(values) | \(cell(row.help)) |\n"
    }
    return text
  }

  private static func code(_ key: String) -> String {
    key == "`" ? "`` ` ``" : "`\(key == "|" ? "\\|" : key)`"
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }
}
