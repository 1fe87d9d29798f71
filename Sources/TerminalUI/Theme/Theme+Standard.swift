extension Theme {
  /// The name of the theme that the others build on.
  public static let defaultName = "dark"

  /// The names of the themes that are compiled in.
  public static let builtInNames = [
    "dark", "light", "high-contrast", "cividis", "mono", "gruvbox", "gruvbox-light", "nord",
    "catppuccin",
  ]

  /// The theme that the others build on.
  public static let standard = named(defaultName) ?? Theme(name: defaultName)

  /// The name of the theme for a terminal that tells its colours in `COLORFGBG`, such as `0;15`:
  /// light where the background is one of the light colours, else the default.
  public static func suggestedName(colorFGBG: String?) -> String {
    guard let last = colorFGBG?.split(separator: ";").last, let index = UInt8(last), index < 16
    else { return defaultName }
    return suggestedName(background: .indexed(index))
  }

  /// The name of the theme for a background: light or the default.
  public static func suggestedName(background: Color) -> String {
    (background.luminance ?? 0) > 0.5 ? "light" : defaultName
  }

  /// A theme that is compiled in; nil if there is none of this name.
  public static func named(_ name: String) -> Theme? {
    guard let yaml = source(of: name) else { return nil }
    let file = try? ThemeFile(
      yaml: yaml, file: "themes/\(name).yaml", known: builtInNames,
      // The default theme has no parent: it must not look for itself.
      base: { name == defaultName ? nil : named(defaultName) },
      parent: { parent, _ in named(parent) })
    return file?.theme
  }

  /// The file of a theme that is compiled in, as a pattern for one's own; nil for an unknown name.
  public static func source(of name: String) -> String? {
    let bytes: [UInt8]
    switch name {
    case "dark": bytes = PackageResources.dark_yaml
    case "light": bytes = PackageResources.light_yaml
    case "mono": bytes = PackageResources.mono_yaml
    case "cividis": bytes = PackageResources.cividis_yaml
    case "high-contrast": bytes = PackageResources.high_contrast_yaml
    case "gruvbox": bytes = PackageResources.gruvbox_yaml
    case "nord": bytes = PackageResources.nord_yaml
    case "catppuccin": bytes = PackageResources.catppuccin_yaml
    case "gruvbox-light": bytes = PackageResources.gruvbox_light_yaml
    default: return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
