internal import Foundation

extension DecodingError {
  /// What was found in a file of JSON, and at which key: `no 'targets'`, `null at 'targets[0].round'`.
  var found: String {
    switch self {
    case .keyNotFound(let key, let context):
      return "no '\(Self.path(context.codingPath + [key]))'"
    case .valueNotFound(_, let context):
      return "null\(Self.place(context.codingPath))"
    case .typeMismatch(_, let context):
      return "a value of another kind" + Self.place(context.codingPath)
    case .dataCorrupted(let context):
      guard context.codingPath.isEmpty else {
        return "a value that is none of those known" + Self.place(context.codingPath)
      }
      // Foundation says where the text stops being JSON, but not in its own description.
      let error = context.underlyingError.map { $0 as NSError }
      let reason = error?.userInfo[NSDebugDescriptionErrorKey] as? String
      return "no JSON"
        + (reason.map { " (\($0.trimmingCharacters(in: .init(charactersIn: ". "))))" } ?? "")
    @unknown default:
      return "something else"
    }
  }

  private static func place(_ keys: [any CodingKey]) -> String {
    keys.isEmpty ? " instead of an object" : " at '\(path(keys))'"
  }

  /// Keys as they stand in the file, in snake case.
  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
        return
      }
      let name = key.stringValue.reduce(into: "") { name, letter in
        name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
      }
      path += path.isEmpty ? name : "." + name
    }
  }
}
