import Foundation

/// A table of text with aligned columns.
enum TextTable {
  /// Renders a header and rows; columns are right-aligned unless listed.
  static func render(header: [String], rows: [[String]], leftAligned: Set<Int>) -> String {
    let lines = ([header] + rows).map { $0.map(Printable.line) }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return leftAligned.contains(column) ? line[column] + padding : padding + line[column]
      }.joined(separator: "  ").trimmingSuffix()
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
