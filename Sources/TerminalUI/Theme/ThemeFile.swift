internal import BoundedYAML
internal import Yams

/// A theme read from YAML, with what was odd about it.
///
/// A file has a `name`, perhaps `inherits` (another theme), `colors: none` for a theme
/// without colours, `heat` (colours that are spread over the sixteen steps of the heat ramp) and
/// `roles`: for each role `fg`, `bg`, `bold`, `dim`, `underline`, `reverse`. What isn't mentioned is
/// inherited; without `inherits`, from the default theme (a theme without colours inherits nothing).
public struct ThemeFile: Sendable {
  /// The theme.
  public let theme: Theme
  /// Names that mean nothing, in the order of the file.
  public let warnings: [ThemeWarning]

  /// Reads a theme; errors and warnings name `file`.
  ///
  /// - Throws: ``ThemeError`` with the place of the first thing that is wrong.
  ///
  /// - Parameter name: The theme's name where the file gives none; by default the file's.
  public init(yaml: String, file: String, name: String? = nil) throws {
    try self.init(yaml: yaml, file: file, name: name, known: Theme.builtInNames) { name, _ in
      Theme.named(name)
    }
  }

  /// - Parameters:
  ///   - known: the names that can be inherited from.
  ///   - base: the theme of those who name none; by default the one that is compiled in.
  ///   - parent: finds a theme that is named at a place of this file.
  init(
    yaml: String, file: String, name: String? = nil, known: [String],
    base: () -> Theme? = { Theme.named(Theme.defaultName) },
    parent: (String, TextPlace) throws -> Theme?
  ) throws {
    var reader = Reader(file: file, name: name ?? file, known: known)
    theme = try reader.theme(of: try reader.root(of: yaml), base: base, parent: parent)
    warnings = reader.warnings
  }

  private struct Reader {
    let file: String
    let name: String
    let known: [String]
    var warnings: [ThemeWarning] = []

    func root(of yaml: String) throws -> Node {
      do {
        if let node = try BoundedYAML.compose(yaml) { return node }
      } catch {
        throw ThemeError.notYAML(
          TextPlace(file: file, line: error.line, column: error.column), problem: error.message)
      }
      throw ThemeError.unexpected(
        TextPlace(file: file, line: 1, column: 1), expected: "a theme, found nothing")
    }

    func place(_ node: Node) -> TextPlace {
      TextPlace(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    func text(_ node: Node, _ expected: String) throws -> String {
      guard let text = node.scalar?.string else {
        throw ThemeError.unexpected(place(node), expected: expected)
      }
      return text
    }

    func entries(_ node: Node, _ expected: String) throws -> [(key: Node, value: Node)] {
      guard let mapping = node.mapping else {
        throw ThemeError.unexpected(place(node), expected: expected)
      }
      return mapping.map { ($0.key, $0.value) }
    }

    mutating func warn(_ node: Node, _ name: String, known: [String]) {
      warnings.append(
        ThemeWarning(
          place: place(node), name: name, nearest: EditDistance.nearest(to: name, among: known)))
    }

    mutating func theme(
      of root: Node, base: () -> Theme?, parent: (String, TextPlace) throws -> Theme?
    ) throws -> Theme {
      var name = name
      var inherited: Theme?
      var hasColors = true
      var heat: [Color]?
      var roles: [(key: Node, value: Node)] = []
      for (key, value) in try entries(root, "a mapping with name and roles") {
        switch try text(key, "a name") {
        case "name": name = try text(value, "the theme's name")
        case "inherits":
          let wanted = try text(value, "a theme's name")
          guard let found = try parent(wanted, place(value)) else {
            throw ThemeError.unknownParent(place(value), name: wanted, known: known)
          }
          inherited = found
        case "colors":
          let word = try text(value, "none or all")
          guard ["none", "all"].contains(word) else {
            throw ThemeError.unexpected(place(value), expected: "none or all")
          }
          hasColors = word == "all"
        case "heat":
          guard let list = value.sequence, list.count >= 2 else {
            throw ThemeError.unexpected(place(value), expected: "a list of two colours or more")
          }
          heat = try list.map { try color($0) }
        case "roles": roles = try entries(value, "a mapping from roles to styles")
        case let other:
          warn(key, other, known: ["name", "inherits", "colors", "heat", "roles"])
        }
      }
      let start = inherited ?? (hasColors ? base() : nil)
      var theme = Theme(name: name, depth: hasColors ? .trueColor : .mono, copying: start)
      if let heat { theme.setHeat(heat) }
      try apply(roles, to: &theme)
      return hasColors ? theme : theme.adapted(to: .mono)
    }

    mutating func apply(_ roles: [(key: Node, value: Node)], to theme: inout Theme) throws {
      let names = StyleRole.allCases.map(\.rawValue)
      let before = theme[.text].background
      for (key, value) in roles {
        let word = try text(key, "a role's name")
        guard let role = StyleRole(rawValue: word) else {
          warn(key, word, known: names)
          continue
        }
        theme[role] = try style(value, from: theme[role])
      }
      // A theme that paints its own background paints it everywhere.
      let after = theme[.text].background
      guard after != before else { return }
      for role in StyleRole.allCases where theme[role].background == before {
        theme[role].background = after
      }
    }

    mutating func style(_ node: Node, from inherited: Style) throws -> Style {
      var style = inherited
      for (key, value) in try entries(node, "a style such as { fg: red, bold: true }") {
        switch try text(key, "fg, bg, bold, dim, underline or reverse") {
        case "fg": style.foreground = try color(value)
        case "bg": style.background = try color(value)
        case "bold": try set(.bold, value, in: &style)
        case "dim": try set(.dim, value, in: &style)
        case "underline": try set(.underline, value, in: &style)
        case "reverse": try set(.reverse, value, in: &style)
        case let other:
          warn(key, other, known: ["fg", "bg", "bold", "dim", "underline", "reverse"])
        }
      }
      return style
    }

    func set(_ attribute: TextAttributes, _ node: Node, in style: inout Style) throws {
      switch node.scalar?.string {
      case "true": style.attributes.insert(attribute)
      case "false": style.attributes.remove(attribute)
      default: throw ThemeError.unexpected(place(node), expected: "true or false")
      }
    }

    func color(_ node: Node) throws -> Color {
      let word = try text(node, "a colour")
      guard let color = Color(text: word) else {
        throw ThemeError.wrongColor(place(node), value: word)
      }
      return color
    }
  }
}
