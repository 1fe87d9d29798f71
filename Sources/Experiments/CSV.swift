/// Tables as comma-separated values, RFC 4180: a record ends with CR LF, and a field with a comma, a
/// quote or a line break stands in quotes, its own quotes doubled.
public enum CSV {
  /// The records, each with its line end.
  public static func text(_ records: [[String]]) -> String {
    var text = ""
    for record in records { text += line(record) + "\r\n" }
    return text
  }

  /// A record without its line end.
  package static func line(_ record: [String]) -> String {
    record.map(field).joined(separator: ",")
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13
    }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
