extension NameSimilarity {
  /// The largest matrix that is read, in bytes.
  private static let limit = 256 << 20
  /// How far two figures may be apart that should be the same.
  private static let tolerance = 1e-6

  /// Reads a matrix with names above its columns and before its rows (RFC 4180; what stands in the first
  /// field is of no account). Rows and columns have the same names, in any order.
  /// - Throws: `ExperimentError.badTable` with line and column, `.file`.
  public static func read(_ path: String) throws -> NameSimilarity {
    let text = String(decoding: try ExperimentFiles.read(path, limit: limit), as: UTF8.self)
    return try parse(text, path: path)
  }

  /// The same from text.
  package static func parse(_ text: String, path: String) throws -> NameSimilarity {
    let lines = try CSVLine.lines(of: text, path: path)
    guard let head = lines.first, head.fields.count > 1 else {
      throw ExperimentError.badTable(
        path: path, line: lines.first?.number ?? 1, column: 1, found: "no names",
        expected: "a first line with a name above each column")
    }
    let names = head.fields.dropFirst().map(\.text)
    try checkDistinct(Array(head.fields.dropFirst()), on: { _ in head.number }, path)
    let body = Array(lines.dropFirst())
    try checkDistinct(body.map { $0.fields[0] }, on: { body[$0].number }, path)
    var rows: [String: (line: CSVLine, numbers: [Double])] = [:]
    for line in body {
      let name = line.fields[0]
      guard names.contains(name.text) else {
        throw ExperimentError.badTable(
          path: path, line: line.number, column: name.column, found: "a row '\(name.text)'",
          expected: "the name of a column" + misspelt(name.text, head, body))
      }
      rows[name.text] = (line, try numbers(of: line, count: names.count, path))
    }
    let ordered = try names.map { name in
      guard let row = rows[name] else {
        throw ExperimentError.badTable(
          path: path, line: (lines.last?.number ?? 0) + 1, column: 1,
          found: "\(rows.count) rows, none of them '\(name)'",
          expected: "a row for each of the \(names.count) columns")
      }
      return row
    }
    for (i, row) in ordered.enumerated() {
      for j in 0..<i {
        let (own, other) = (row.numbers[j], ordered[j].numbers[i])
        guard abs(own - other) <= tolerance * max(1, abs(own), abs(other)) else {
          throw ExperimentError.badTable(
            path: path, line: row.line.number, column: row.line.fields[j + 1].column,
            found: "\(own) for '\(names[i])' and '\(names[j])'",
            expected: "\(other) as on line \(ordered[j].line.number): the matrix is symmetric")
        }
      }
    }
    return NameSimilarity(source: path, names: names, values: ordered.map(\.numbers))
  }

  /// The column that has no row and a name like that of a row without a column: who knows which is the slip.
  private static func misspelt(_ name: String, _ head: CSVLine, _ body: [CSVLine]) -> String {
    let rows = Set(body.map { $0.fields[0].text })
    let alone = head.fields.dropFirst().filter { !rows.contains($0.text) }
    guard let nearest = NearestName.find(name, among: alone.map(\.text)),
      let column = alone.first(where: { $0.text == nearest })
    else { return "" }
    return
      "; '\(nearest)' on line \(head.number), column \(column.column), has no row: one of them is "
      + "misspelt"
  }

  private static func numbers(
    of line: CSVLine, count: Int, _ path: String
  ) throws -> [Double] {
    guard line.fields.count == count + 1 else {
      throw ExperimentError.badTable(
        path: path, line: line.number, column: line.fields.last?.column ?? 1,
        found: "\(line.fields.count - 1) figures",
        expected: "\(count), one for each name of the first line")
    }
    return try line.fields.dropFirst().map { field in
      guard let number = Double(field.text), number.isFinite else {
        throw ExperimentError.badTable(
          path: path, line: line.number, column: field.column, found: "'\(field.text)'",
          expected: "a finite number")
      }
      return number
    }
  }

  private static func checkDistinct(
    _ names: [CSVLine.Field], on line: (Int) -> Int, _ path: String
  ) throws {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      guard !name.text.isEmpty, seen.insert(name.text).inserted else {
        throw ExperimentError.badTable(
          path: path, line: line(index), column: name.column,
          found: name.text.isEmpty ? "an empty name" : "'\(name.text)' again",
          expected: "a name of its own")
      }
    }
  }
}

/// One line of comma-separated values with the places of its fields.
struct CSVLine {
  /// A field without its quotes and without blanks around it.
  struct Field {
    var text: String
    /// Where it begins, counted in characters from 1.
    var column: Int
  }

  let number: Int
  let fields: [Field]

  /// The lines that are not empty.
  static func lines(of text: String, path: String) throws -> [CSVLine] {
    let plain = text.hasPrefix("\u{feff}") ? text.dropFirst() : text[...]
    return try plain.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().filter { !$0.element.allSatisfy(\.isWhitespace) }
      .map { try CSVLine(Array($0.element), number: $0.offset + 1, path: path) }
  }

  private init(_ line: [Character], number: Int, path: String) throws {
    self.number = number
    var fields: [Field] = []
    var position = 0
    repeat {
      while position < line.count, line[position] == " " { position += 1 }
      let start = position
      var text = ""
      if position < line.count, line[position] == "\"" {
        position += 1
        while position < line.count {
          let isQuote = line[position] == "\""
          let isDoubled = isQuote && position + 1 < line.count && line[position + 1] == "\""
          if isQuote && !isDoubled { break }
          text.append(line[position])
          position += isDoubled ? 2 : 1
        }
        guard position < line.count else {
          throw ExperimentError.badTable(
            path: path, line: number, column: start + 1, found: "a quote without its end",
            expected: "a field that ends on its line")
        }
        position += 1
        while position < line.count, line[position] == " " { position += 1 }
        guard position == line.count || line[position] == "," else {
          throw ExperimentError.badTable(
            path: path, line: number, column: position + 1, found: "'\(line[position])'",
            expected: "a comma behind the quote")
        }
      } else {
        while position < line.count, line[position] != "," {
          text.append(line[position])
          position += 1
        }
        while text.last?.isWhitespace == true { text.removeLast() }
      }
      fields.append(Field(text: text, column: start + 1))
      position += 1
    } while position <= line.count
    self.fields = fields
  }
}
