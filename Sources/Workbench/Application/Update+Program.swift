internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Does a command that means the same on every page; `nil` for any other.
  mutating func performEverywhere(_ command: Command) -> [Effect]? {
    switch command {
    case .leave: return [.quit]
    case .help: popup = .help(HelpPanel())
    case .commandLine: popup = .prompt(CommandPrompt())
    case .nextTheme: useNextTheme()
    case .theme(let name): use(themeNamed: name)
    case .toggleMouse: return setMouse(!isMouseOn)
    case .set(let setting): return apply(setting)
    default: return nil
    }
    return []
  }

  /// Switches the mouse on or off.
  mutating func setMouse(_ on: Bool) -> [Effect] {
    isMouseOn = on
    say(
      on
        ? "the mouse is on: shift and drag selects text; \(label(of: .toggleMouse)) switches it off"
        : "the mouse is off")
    return [.setMouse(on)]
  }

  /// Goes over to the theme for a background, if nobody has chosen one.
  mutating func follow(background color: Color) {
    guard followsBackground, let theme = themes[Theme.suggestedName(background: color)],
      theme.name != look.theme.name
    else { return }
    look = Look(theme: theme, on: capabilities)
  }

  private mutating func useNextTheme() {
    let names = themes.names
    let present = names.firstIndex(of: look.theme.name) ?? names.count - 1
    guard !names.isEmpty else { return }
    use(themeNamed: names[(present + 1) % names.count])
  }

  private mutating func use(themeNamed name: String) {
    guard let theme = themes[name] else { return }
    followsBackground = false
    look = Look(theme: theme, on: capabilities)
    say("theme \(Names.printable(name))")
  }
}
