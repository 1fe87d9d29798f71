internal import BoundedYAML
internal import Yams

/// A person's settings of the screen, read from YAML: `keys`, `theme`, `mouse`.
///
/// ```yaml
/// theme: nord
/// mouse: on
/// keys:
///   pause: Space
///   next-pane: [Tab, "]"]
///   retrain: []
/// ```
public struct SettingsFile: Sendable {
  /// The keys that a command is to have in place of its own.
  public struct KeyAssignment: Hashable, Sendable {
    /// The command's name.
    public var name: String
    /// Where the name stands.
    public var place: TextPlace
    /// Its keys, with their places; none at all takes it off the keyboard.
    public var keys: [PlacedKey]
  }

  /// A key and where it stands.
  public struct PlacedKey: Hashable, Sendable {
    /// The key.
    public var key: Key
    /// Where it stands.
    public var place: TextPlace
  }

  /// The theme that is asked for, and where.
  public private(set) var theme: (name: String, place: TextPlace)?
  /// Whether the mouse is on at first.
  public private(set) var isMouseOn: Bool?
  /// Changes of the key table, in the order of the file.
  public private(set) var keys: [KeyAssignment] = []

  /// Settings that change nothing.
  public init() {}

  /// Reads settings; errors name `file`. An empty text changes nothing.
  public init(yaml: String, file: String) throws(SettingsError) {
    let reader = Reader(file: file)
    guard let root = try reader.root(of: yaml) else { return }
    for (key, value) in try reader.entries(root, "a mapping with keys, theme, mouse") {
      switch try reader.text(key, "a name") {
      case "theme": theme = (try reader.text(value, "a theme's name"), reader.place(value))
      case "mouse": isMouseOn = try reader.flag(value)
      case "keys":
        keys = try reader.entries(value, "a mapping from commands to keys")
          .map { name, keys throws(SettingsError) in try reader.assignment(name, keys) }
      case let other:
        throw .unknownName(
          reader.place(key), kind: "setting", name: other,
          nearest: EditDistance.nearest(to: other, among: ["keys", "theme", "mouse"]))
      }
    }
  }

  private struct Reader {
    let file: String

    func root(of yaml: String) throws(SettingsError) -> Node? {
      do {
        let node = try BoundedYAML.compose(yaml)
        // A file of comments is a scalar without text.
        return node?.scalar?.string.isEmpty == true ? nil : node
      } catch {
        throw .notYAML(
          TextPlace(file: file, line: error.line, column: error.column), problem: error.message)
      }
    }

    func place(_ node: Node) -> TextPlace {
      TextPlace(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    func text(_ node: Node, _ expected: String) throws(SettingsError) -> String {
      guard let text = node.scalar?.string else {
        throw .unexpected(place(node), expected: expected)
      }
      return text
    }

    func flag(_ node: Node) throws(SettingsError) -> Bool {
      switch node.scalar?.string {
      case "on", "true": return true
      case "off", "false": return false
      default: throw .unexpected(place(node), expected: "on or off")
      }
    }

    func entries(
      _ node: Node, _ expected: String
    ) throws(SettingsError) -> [(key: Node, value: Node)] {
      guard let mapping = node.mapping else {
        throw .unexpected(place(node), expected: expected)
      }
      return mapping.map { ($0.key, $0.value) }
    }

    func assignment(_ name: Node, _ keys: Node) throws(SettingsError) -> KeyAssignment {
      let list = keys.sequence.map(Array.init) ?? [keys]
      return KeyAssignment(
        name: try text(name, "a command's name"), place: place(name),
        keys: try list.map { node throws(SettingsError) in
          PlacedKey(key: try key(node), place: place(node))
        })
    }

    func key(_ node: Node) throws(SettingsError) -> Key {
      let word = try text(node, "a key or a list of keys")
      guard let key = Key(text: word) else { throw .wrongKey(place(node), text: word) }
      switch key {
      case .control("z"):
        throw .reservedKey(place(node), key: key, meaning: "it stops the program, as everywhere")
      case .control("m"), .control("j"):
        throw .reservedKey(place(node), key: key, meaning: "terminals send it for Enter")
      case .control("i"):
        throw .reservedKey(place(node), key: key, meaning: "terminals send it for Tab")
      case .control("h"):
        throw .reservedKey(place(node), key: key, meaning: "terminals send it for Backspace")
      case .mouse, .resize, .background, .closed: throw .wrongKey(place(node), text: word)
      default: return key
      }
    }
  }
}
