/// Tables as comma-separated values, RFC 4180.
enum CSVText {
  /// The records, each with its line end, CR LF.
  static func text(_ records: [[String]]) -> String {
    var text = ""
    for record in records {
      text += record.map(field).joined(separator: ",") + "\r\n"
    }
    return text
  }

  /// A figure with all its digits; empty where it is not known.
  static func figure(_ value: Double?) -> String {
    guard let value else { return "" }
    return value.isFinite ? "\(value)" : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// A count; empty where it is not known.
  static func count(_ value: Int?) -> String { value.map(String.init) ?? "" }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
