/// Why there can be no full screen; plain output is what remains.
public enum NcursesError: Error, Hashable, CustomStringConvertible {
  /// Input or output is no terminal.
  case notATerminal
  /// `TERM` is unset or names a terminal that this machine doesn't know.
  case unknownTerminal(name: String)
  /// The terminal can't place its cursor, as with `TERM=dumb`.
  case noCursorAddressing(name: String)
  /// This process has a full screen already.
  case alreadyOpen

  /// The reason in one sentence.
  public var description: String {
    switch self {
    case .notATerminal: "input or output is no terminal"
    case .unknownTerminal(let name):
      name.isEmpty ? "TERM is not set" : "TERM=\(name) is not known on this machine"
    case .noCursorAddressing(let name):
      "TERM=\(name) cannot place its cursor (no 'cup' capability)"
    case .alreadyOpen: "there is a full screen already"
    }
  }
}
