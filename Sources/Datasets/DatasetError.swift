/// What can be wrong with a dataset; each case says where.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that should be there is not.
  case missing(path: String, expected: String)
  /// The operating system refused to read a file.
  case unreadable(path: String, reason: String)
  /// A file ends in the middle of a record.
  case truncated(path: String, byte: Int, expected: String)
  /// A byte of a file cannot be right.
  case corrupt(path: String, byte: Int, found: String, expected: String)
  /// A class that the dataset does not have.
  case noSuchClass(String, nearest: String)
  /// A setting that the data cannot satisfy.
  case impossible(String)

  /// One sentence: the file, the byte, what was found, what was expected.
  public var description: String {
    switch self {
    case .missing(let path, let expected): "\(path): not found; expected \(expected)"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .truncated(let path, let byte, let expected):
      "\(path): ends at byte \(byte); expected \(expected)"
    case .corrupt(let path, let byte, let found, let expected):
      "\(path): byte \(byte): found \(found), expected \(expected)"
    case .noSuchClass(let name, let nearest):
      "subsets: no class '\(name)'; did you mean '\(nearest)'?"
    case .impossible(let reason): reason
    }
  }
}
