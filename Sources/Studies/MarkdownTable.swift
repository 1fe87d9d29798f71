/// Tables as Markdown, with columns that line up in a terminal, too.
enum MarkdownTable {
  /// A table whose columns are as wide as their longest cell; the first is left-aligned.
  static func text(_ header: [String], _ rows: [[String]]) -> String {
    let widths = header.indices.map { column in
      // The rule under the header takes two characters at least.
      max(2, ([header] + rows).map { $0[column].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = widths.enumerated().map { column, width in
      column == 0
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return line(header) + "| " + rule.joined(separator: " | ") + " |\n" + rows.map(line).joined()
  }
}
