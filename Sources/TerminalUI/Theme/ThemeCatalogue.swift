/// The themes that can be chosen: those that are compiled in, and a person's own.
public struct ThemeCatalogue: Sendable {
  private var themes: [Theme]

  /// The themes that are compiled in.
  public init() {
    themes = Theme.builtInNames.compactMap(Theme.named)
  }

  /// Adds a theme; one of the same name gives way.
  public mutating func add(_ theme: Theme) {
    if let index = themes.firstIndex(where: { $0.name == theme.name }) {
      themes[index] = theme
    } else {
      themes.append(theme)
    }
  }

  /// Their names, in the order in which they follow one another.
  public var names: [String] { themes.map(\.name) }

  /// The theme of a name; nil if there is none.
  public subscript(name: String) -> Theme? { themes.first { $0.name == name } }

  /// The name that is nearest to one that is none.
  public func nearest(to name: String) -> String? { EditDistance.nearest(to: name, among: names) }
}
