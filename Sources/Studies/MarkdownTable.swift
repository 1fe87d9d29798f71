internal import Foundation

/// Tables in Markdown whose columns line up in a terminal, too, and the numbers in them.
enum MarkdownTable {
  /// A table whose columns are as wide as their longest cell.
  /// - Parameter leftAligned: how many columns at the beginning are left-aligned; the others are right.
  static func text(_ header: [String], _ rows: [[String]], leftAligned: Int = 1) -> String {
    let widths = header.indices.map { column in
      // The rule under the header takes two characters at least.
      max(2, ([header] + rows).map { $0[column].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < leftAligned ? cell + padding : padding + cell
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = widths.enumerated().map { column, width in
      column < leftAligned
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return line(header) + "| " + rule.joined(separator: " | ") + " |\n" + rows.map(line).joined()
  }

  /// A number with so many decimals; a dash where there is none.
  static func decimal(_ value: Double?, _ places: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = String(format: "%.\(places)f", value)
    // What rounds to zero has no sign.
    return text.hasPrefix("-") && text.allSatisfy("-0.".contains) ? String(text.dropFirst()) : text
  }

  /// A mean with its deviation, where there is one.
  static func decimal(_ value: MeanDeviation?, _ places: Int) -> String {
    guard let value else { return "–" }
    let deviation = value.deviation.map { " ± \(decimal($0, places))" } ?? ""
    return decimal(value.mean, places) + deviation
  }

  /// Thousands of weights.
  static func thousands(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.1f K", value / 1000)
  }

  /// Unrounded, for CSV; empty where there is none.
  static func unrounded(_ value: Double?) -> String {
    value.map { $0.isFinite ? "\($0)" : "" } ?? ""
  }
}
