/// How each role looks: a name, a style per role and the colours it makes use of.
public struct Theme: Sendable, Hashable {
  /// Its name, as people ask for it.
  public let name: String
  /// The colours its styles make use of.
  public let depth: ColorDepth
  private var styles: [StyleRole: Style]

  /// A theme in which every role looks like the terminal's own text, or as in `other`.
  public init(name: String, depth: ColorDepth = .trueColor, copying other: Theme? = nil) {
    self.name = name
    self.depth = depth
    styles = other?.styles ?? [:]
  }

  /// The style of a role.
  public subscript(role: StyleRole) -> Style {
    get { styles[role] ?? Style(role: role) }
    set {
      var style = newValue
      style.role = role
      styles[role] = style
    }
  }

  /// Whether its curves are so dark that they are meant for a light background, be it the terminal's own.
  public var isForLightBackgrounds: Bool {
    let series: [StyleRole] = [.series1, .series2, .series3, .series4, .series5]
    let luminances = series.compactMap { self[$0].foreground.luminance }
    return !luminances.isEmpty && luminances.reduce(0, +) / Double(luminances.count) < 0.25
  }

  /// The same theme for a terminal that shows fewer colours; see ``Color/reduced(to:)``.
  ///
  /// Text that would vanish in its background becomes black or white. The heat ramp keeps its order
  /// of lightness; with 8 or 16 colours it is one made by hand; in `.mono` only attributes are left, and what differed by its
  /// background alone is shown in reverse.
  public func adapted(to depth: ColorDepth) -> Theme {
    var theme = Theme(name: name, depth: min(depth, self.depth))
    for role in StyleRole.allCases {
      var style = self[role]
      if depth == .mono, style.background != self[.text].background,
        !StyleRole.heatRoles.contains(role)
      {
        style.attributes.insert(.reverse)
      }
      style.foreground = style.foreground.reduced(to: depth)
      style.background = style.background.reduced(to: depth)
      if let contrast = style.foreground.contrast(with: style.background), contrast < 1.6 {
        style.foreground = style.background.readableText.reduced(to: depth)
      }
      theme[role] = style
    }
    switch depth {
    case .eight, .sixteen: theme.setBasicHeat(depth: depth)
    case .indexed256: if theme.depth > .mono { theme.setIndexedHeat(of: self) }
    case .mono, .trueColor: break
    }
    return theme
  }
}
