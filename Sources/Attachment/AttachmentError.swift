/// What can go wrong between an engine and those who are attached to it; each case says which run,
/// file or process.
public enum AttachmentError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused something.
  case system(path: String, reason: String)
  /// No engine holds the run.
  case noEngine(run: String)
  /// Another engine serves the run already.
  case alreadyServed(path: String)
  /// Another process controls the run.
  case controlled(run: String, by: Int32)
  /// The other side refused, in its own words, with the exit status that deserves.
  case refused(String, status: Int32)
  /// The other side said something that cannot be understood.
  case notUnderstood(found: String, expected: String)
  /// The other side said nothing in time.
  case silent(process: Int32, seconds: Int)
  /// The other side hung up.
  case hungUp

  /// What was found, what was expected, and what can be done.
  public var description: String {
    switch self {
    case .system(let path, let reason): "\(path): \(reason)"
    case .noEngine(let run): "\(run): no engine holds this run; `rtl status \(run)` says how it is"
    case .alreadyServed(let path): "\(path): another engine serves this run"
    case .controlled(let run, let process):
      "\(run): process \(process) controls this run; --take-over takes control from it, "
        + "--read-only watches"
    case .refused(let reason, _): reason
    case .notUnderstood(let found, let expected): "found \(found), expected \(expected)"
    case .silent(let process, let seconds):
      "process \(process) has said nothing for \(seconds) s; it may have been stopped "
        + "(`kill -CONT \(process)`)"
    case .hungUp: "the other side hung up"
    }
  }
}
