/// How each role looks: a name, a style per role and the colours it was adapted to.
public struct Theme: Sendable, Hashable {
  /// Its name, as people ask for it.
  public let name: String
  /// The colours its styles make use of.
  public let depth: ColorDepth
  /// The styles, in the order of `StyleRole.allCases`.
  private var styles: [StyleRole: Style]

  /// A theme of the styles given; a role without one looks like the terminal's own text.
  public init(name: String, depth: ColorDepth = .trueColor, styles: [StyleRole: Style] = [:]) {
    self.name = name
    self.depth = depth
    self.styles = styles
  }

  /// The style of a role.
  public subscript(role: StyleRole) -> Style {
    get {
      styles[role] ?? Style(role: role)
    }
    set {
      var style = newValue
      style.role = role
      styles[role] = style
    }
  }

  /// The same theme for a terminal that shows fewer colours; see ``Color/reduced(to:)``.
  ///
  /// In `.mono` only attributes are left, and the heat ramp has none.
  public func adapted(to depth: ColorDepth) -> Theme {
    var theme = Theme(name: name, depth: min(depth, self.depth), styles: [:])
    for role in StyleRole.allCases {
      var style = self[role]
      style.foreground = style.foreground.reduced(to: depth)
      style.background = style.background.reduced(to: depth)
      theme[role] = style
    }
    return theme
  }
}
