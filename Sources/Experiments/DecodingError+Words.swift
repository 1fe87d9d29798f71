internal import Foundation

extension DecodingError {
  /// What was found in a file of JSON, and at which key: `no 'targets'`, `null at 'targets[0].round'`.
  /// - Parameter data: the content of the file.
  func found(in data: Data) -> String {
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
      return "no JSON" + (Self.syntaxProblem(in: data).map { " (\($0))" } ?? "")
    @unknown default:
      return "something else"
    }
  }

  /// Where a text stops being JSON; the decoder does not say it, the plain reader does.
  private static func syntaxProblem(in data: Data) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: data)
      return nil
    } catch {
      guard let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String else {
        return nil
      }
      return text.prefix(1).lowercased() + text.dropFirst().filter { $0 != "." }
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
