package import TerminalUI

/// The question where to write what is in sight; the ending of the file's name is the format.
package struct ExportForm: Sendable, Equatable {
  /// What will be written.
  package let subject: String
  /// The file's name, being typed.
  package private(set) var input: TextInput

  /// A form with a name filled in.
  package init(subject: String, path: String) {
    self.subject = subject
    input = TextInput(path)
  }

  /// The format that the name's ending says; `nil` for none.
  package var format: ExportFormat? { ExportFormat(path: input.text) }

  /// What is wrong with the name; `nil` if nothing is.
  package var problem: String? {
    if input.text.trimmingSpaces.isEmpty { return "a file name" }
    return format == nil ? "must end in .csv, .svg or .txt" : nil
  }

  /// The wish; `nil` while the name has a problem.
  package var request: ExportRequest? {
    guard problem == nil, let format else { return nil }
    return ExportRequest(path: input.text.trimmingSpaces, format: format)
  }

  /// Goes to another format, around: changes the name's ending.
  package mutating func changeFormat(by offset: Int) {
    let all = ExportFormat.allCases
    let place = format.flatMap(all.firstIndex)
    let next = place.map { all[(($0 + offset) % all.count + all.count) % all.count] } ?? .csv
    let stem = place == nil ? input.text : input.text.droppingEnding
    input = TextInput(stem + "." + next.rawValue)
  }

  /// Goes to a format: changes the name's ending.
  package mutating func choose(_ wanted: ExportFormat) {
    for _ in ExportFormat.allCases where format != wanted { changeFormat(by: 1) }
  }

  /// Edits the name.
  package mutating func handle(_ key: Key) {
    if case .character = key, input.text.count >= 1000 { return }
    _ = input.handle(key)
  }
}

extension StringProtocol {
  /// The text without spaces at its ends.
  fileprivate var trimmingSpaces: String {
    guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " })
    else { return "" }
    return String(self[first...last])
  }

  /// The text before its last dot.
  fileprivate var droppingEnding: String {
    lastIndex(of: ".").map { String(self[..<$0]) } ?? String(self)
  }
}
