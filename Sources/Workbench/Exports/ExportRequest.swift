/// What an exported file holds; its ending says which.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// The figures, as comma-separated values.
  case csv
  /// The picture, in the colours of the screen.
  case svg
  /// The picture as text.
  case text = "txt"

  /// The format of a file; `nil` if its ending names none.
  package init?(path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }

  /// What is in it, in few words.
  package var summary: String {
    switch self {
    case .csv: "the figures, comma-separated"
    case .svg: "the picture, in these colours"
    case .text: "the picture as text"
    }
  }
}

/// A wish to write what is in sight to a file.
package struct ExportRequest: Sendable, Equatable {
  /// The file, relative to the working directory unless it begins with `/` or `~/`.
  package var path: String
  /// What it is to hold.
  package var format: ExportFormat
  /// Whether a file that is there already gives way.
  package var replaces: Bool

  /// A wish.
  package init(path: String, format: ExportFormat, replaces: Bool = false) {
    self.path = path
    self.format = format
    self.replaces = replaces
  }
}
