/// Reads JSON whose form is known beforehand, byte by byte: objects, strings, lists of whole numbers.
///
/// It never recurses on the word of the text; its errors name the byte of the file.
struct StrictJSONReader {
  private let bytes: [UInt8]
  /// Where the text begins in the file.
  private let firstByte: Int
  private let path: String
  private var position = 0

  /// A reader at the beginning of a text.
  init(bytes: [UInt8], firstByte: Int, path: String) {
    self.bytes = bytes
    self.firstByte = firstByte
    self.path = path
  }

  /// The place in the file.
  var byte: Int { firstByte + position }

  /// Reads an object; `member` gets each key and its place, and has to read the value.
  mutating func object(
    _ member: (inout StrictJSONReader, _ key: String, _ byte: Int) throws -> Void
  ) throws {
    try take("{", "an object '{…}'")
    skipSpace()
    if peek() == UInt8(ascii: "}") {
      position += 1
      return
    }
    while true {
      skipSpace()
      let place = byte
      let key = try string("a key in quotes")
      skipSpace()
      try take(":", "':'")
      skipSpace()
      try member(&self, key, place)
      skipSpace()
      if peek() == UInt8(ascii: ",") {
        position += 1
        continue
      }
      try take("}", "',' or '}'")
      return
    }
  }

  /// Reads a list of whole numbers from 0.
  /// - Parameter limit: how many at most.
  mutating func wholeNumbers(limit: Int) throws -> [Int] {
    try take("[", "a list of whole numbers")
    var numbers: [Int] = []
    skipSpace()
    if peek() == UInt8(ascii: "]") {
      position += 1
      return []
    }
    while true {
      skipSpace()
      guard numbers.count < limit else {
        throw damaged(
          at: byte, found: "more than \(limit) numbers", expected: "at most \(limit)")
      }
      numbers.append(try wholeNumber())
      skipSpace()
      if peek() == UInt8(ascii: ",") {
        position += 1
        continue
      }
      try take("]", "',' or ']'")
      return numbers
    }
  }

  /// Reads a string.
  /// - Parameter expected: what it should be, for errors.
  mutating func string(_ expected: String) throws -> String {
    let start = byte
    try take("\"", expected)
    var text: [UInt8] = []
    while let next = peek() {
      position += 1
      switch next {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw damaged(at: start, found: "bytes that are not UTF-8", expected: "text in UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        text += try escape()
      case 0..<32:
        position -= 1
        throw unexpected("no control character in a string")
      default:
        text.append(next)
      }
    }
    throw damaged(at: start, found: "a string without end", expected: "a closing quote")
  }

  /// Nothing but blanks may follow.
  mutating func end() throws {
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the header") }
  }

  // MARK: - Errors

  /// An error with a place in the file.
  func damaged(at byte: Int, found: String, expected: String) -> ExperimentError {
    .damaged(path: path, byte: byte, found: found, expected: expected)
  }

  /// The error of a key that stands twice in one object.
  func twice(_ key: String, at byte: Int) -> ExperimentError {
    let shown = String(
      String.UnicodeScalarView(
        key.unicodeScalars.prefix(80).map { $0.isUnprintable ? "?" : $0 }))
    return damaged(at: byte, found: "the key '\(shown)' a second time", expected: "each key once")
  }

  private func unexpected(_ expected: String) -> ExperimentError {
    let found =
      switch peek() {
      case nil: "the end of the header"
      case .some(let byte) where byte > 32 && byte < 127: "'\(Character(Unicode.Scalar(byte)))'"
      case .some(let byte): "byte value \(byte)"
      }
    return damaged(at: byte, found: found, expected: expected)
  }

  // MARK: - Pieces

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar, _ expected: String) throws {
    guard peek() == UInt8(ascii: character) else { throw unexpected(expected) }
    position += 1
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  private mutating func wholeNumber() throws -> Int {
    let start = position
    var value = 0
    while let digit = peek(), digit >= 48, digit <= 57 {
      let (tens, overflowsTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int(digit - 48))
      guard !overflowsTens, !overflows else {
        throw damaged(
          at: firstByte + start, found: "a number beyond \(Int.max)", expected: "a smaller one")
      }
      value = sum
      position += 1
    }
    let isNumber = position > start && !(bytes[start] == 48 && position > start + 1)
    guard isNumber else {
      position = start
      throw unexpected("a whole number from 0")
    }
    return value
  }

  private mutating func escape() throws -> [UInt8] {
    guard let sign = peek() else { throw unexpected("an escape") }
    position += 1
    switch sign {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [sign]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), peek() == UInt8(ascii: "\\") {
        position += 1
        try take("u", "the second half of a surrogate pair")
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw unexpected("a whole surrogate pair before this")
      }
      return Array(text.utf8)
    default:
      position -= 1
      throw unexpected("an escape such as \\n or \\u0041")
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch peek() {
      case .some(let byte) where byte >= 48 && byte <= 57: digit = byte - 48
      case .some(let byte) where byte >= 97 && byte <= 102: digit = byte - 87
      case .some(let byte) where byte >= 65 && byte <= 70: digit = byte - 55
      default: throw unexpected("four hexadecimal digits")
      }
      position += 1
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
