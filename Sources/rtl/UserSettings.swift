import Experiments
import Foundation
import TerminalUI
import Workbench

/// What a person keeps in `$XDG_CONFIG_HOME/rtl`: `config.yaml` and `themes/NAME.yaml`.
struct UserSettings {
  /// The program's environment.
  let environment: [String: String]

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// The folder, whether it exists or not; `nil` where the system names no home.
  var folder: String? {
    // A path that is not absolute counts as none, as the XDG specification wants it.
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") { return base + "/rtl" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/rtl"
  }

  /// The settings in `config.yaml`; without such a file, those that change nothing.
  /// - Throws: `SettingsError` with the place.
  func file() throws -> SettingsFile {
    guard let path = folder.map({ $0 + "/config.yaml" }), exists(path) else {
      return SettingsFile()
    }
    return try SettingsFile(yaml: try text(of: path), file: path)
  }

  /// The tables of keys in force.
  func keys() throws -> KeyTables {
    try KeyTables.standard.applying(try file().keys)
  }

  /// Keys, themes and mouse as the person wants them.
  /// - Parameter theme: the theme of the command line; it goes before `RTL_THEME`, and that before
  ///   the file's.
  /// - Throws: `SettingsError`, `ThemeError`, `UsageError` for a theme that there is not.
  func interface(theme: String?) throws -> Interface {
    let file = try file()
    var interface = Interface()
    interface.keys = try KeyTables.standard.applying(file.keys)
    interface.isMouseOn = file.isMouseOn ?? false
    let broken = addThemes(to: &interface)
    let chosen = try chosenTheme(
      asked: theme, file: file, among: interface.themes, broken: broken)
    interface.theme =
      chosen ?? interface.themes[Theme.suggestedName(colorFGBG: environment["COLORFGBG"])]
      ?? .standard
    interface.followsBackground = chosen == nil
    for (name, error) in broken.sorted(by: { $0.key < $1.key }) where name != interface.theme.name {
      // What is wrong with a theme is wrong with all that inherit from it; once is enough.
      let warning = "\(error)"
      if !interface.warnings.contains(warning) { interface.warnings.append(warning) }
    }
    return interface
  }

  /// The theme that somebody has chosen; `nil` if nobody has.
  private func chosenTheme(
    asked: String?, file: SettingsFile, among themes: ThemeCatalogue,
    broken: [String: any Error]
  ) throws -> Theme? {
    var wanted: (name: String, source: String)?
    if let asked {
      wanted = (asked, "--theme")
    } else if let name = environment["RTL_THEME"], !name.isEmpty {
      wanted = (name, "RTL_THEME")
    } else if let theme = file.theme {
      wanted = (theme.name, theme.place.description)
    }
    guard let (name, source) = wanted else { return nil }
    if let error = broken[name] { throw error }
    if let theme = themes[name] { return theme }
    let advice =
      NearestName.find(name, among: themes.names).map { "did you mean '\($0)'?" }
      ?? "the themes are \(themes.names.joined(separator: ", "))"
    throw UsageError("\(source): no theme '\(name)'; \(advice)")
  }

  /// Adds the person's own themes.
  /// - Returns: what is wrong with those that cannot be read, by name.
  private func addThemes(to interface: inout Interface) -> [String: any Error] {
    guard let folder = folder.map({ $0 + "/themes" }) else { return [:] }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var broken: [String: any Error] = [:]
    var sources: [ThemeFolder.Source] = []
    for file in files.sorted() where file.hasSuffix(".yaml") && !file.hasPrefix(".") {
      let stem = String(file.dropLast(".yaml".count))
      let path = "\(folder)/\(file)"
      do {
        sources.append(ThemeFolder.Source(name: stem, file: path, yaml: try text(of: path)))
      } catch {
        broken[stem] = error
      }
    }
    let themes = ThemeFolder(sources)
    for (_, theme) in themes.themes.sorted(by: { $0.key < $1.key }) {
      interface.themes.add(theme.theme)
      interface.warnings += theme.warnings.map(\.description)
    }
    return broken.merging(themes.errors) { first, _ in first }
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private func text(of path: String) throws -> String {
    String(decoding: try ExperimentFiles.read(path, limit: 256 << 10), as: UTF8.self)
  }
}
