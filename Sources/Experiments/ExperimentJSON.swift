public import Foundation

/// The one way JSON is written and read here: snake case, sorted keys, numbers that are not finite
/// as the strings `nan`, `inf` and `-inf`.
public enum ExperimentJSON {
  /// A value on one line.
  public static func line(_ value: some Encodable) throws -> Data {
    try encoder([]).encode(value)
  }

  /// A value on many lines, for people: what is unprintable in a text is written as `\uXXXX`, so that it
  /// is the same to a program and nothing to a terminal.
  public static func pretty(_ value: some Encodable) throws -> String {
    let text = String(decoding: try encoder(.prettyPrinted).encode(value), as: UTF8.self)
    func isPlain(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || !scalar.isUnprintable }
    guard !text.unicodeScalars.allSatisfy(isPlain) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      guard !isPlain(scalar) else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in UTF16.encode(scalar) ?? .init() {
        let digits = String(unit, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return escaped
  }

  /// Reads a value.
  /// - Throws: `DecodingError`.
  public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: data)
  }

  private static func encoder(_ style: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = style.union([.sortedKeys, .withoutEscapingSlashes])
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
