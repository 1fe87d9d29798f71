/// A person's own themes, read together: one may inherit from another.
///
/// Whom a theme inherits from is found by the name of its file, without the ending, before those that are
/// compiled in; within the file of that name, the one that is compiled in is meant.
public struct ThemeFolder {
  /// A theme's file.
  public struct Source: Sendable {
    /// The file's name without its ending.
    public var name: String
    /// How errors and warnings name it.
    public var file: String
    /// What it holds.
    public var yaml: String

    /// A theme's file.
    public init(name: String, file: String, yaml: String) {
      self.name = name
      self.file = file
      self.yaml = yaml
    }
  }

  /// The themes that are good, by the name of the file.
  public private(set) var themes: [String: ThemeFile] = [:]
  /// What is wrong with the others, by the name of the file.
  public private(set) var errors: [String: ThemeError] = [:]

  private let sources: [String: Source]
  /// The files that are being read, each because the one before it inherits from it.
  private var path: [String] = []

  /// Reads the themes of some files.
  public init(_ sources: [Source]) {
    self.sources = Dictionary(sources.map { ($0.name, $0) }) { first, _ in first }
    for name in self.sources.keys.sorted() { _ = try? read(name) }
  }

  /// Reads a theme, and first those that it inherits from.
  private mutating func read(_ name: String) throws(ThemeError) -> ThemeFile? {
    if let known = themes[name] { return known }
    if let error = errors[name] { throw error }
    guard let source = sources[name] else { return nil }
    path.append(name)
    defer { path.removeLast() }
    do {
      let known = Theme.builtInNames + sources.keys.sorted().filter { Theme.source(of: $0) == nil }
      let file = try ThemeFile(
        yaml: source.yaml, file: source.file, name: name, known: known
      ) { [path] parent, place in
        if parent == name, let builtIn = Theme.named(parent) { return builtIn }
        if let start = path.firstIndex(of: parent) {
          throw ThemeError.circle(place, names: path[start...] + [parent])
        }
        return try read(parent)?.theme ?? Theme.named(parent)
      }
      themes[name] = file
      return file
    } catch {
      let error =
        error as? ThemeError
        ?? .notYAML(
          TextPlace(file: source.file, line: 1, column: 1), problem: "\(error)")
      errors[name] = error
      throw error
    }
  }
}
