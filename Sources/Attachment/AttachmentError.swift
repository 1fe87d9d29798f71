/// What can go wrong between an engine and those who are attached to it; each case says which run,
/// file or process.
public enum AttachmentError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused something.
  case system(path: String, reason: String)
  /// No engine holds the run.
  case noEngine(run: String, wayBack: WayBack)
  /// A process holds the run, and nobody listens at its socket.
  case unreachable(run: String, holder: String, wayBack: WayBack)
  /// Nobody took the connection in time.
  case crowded(path: String, seconds: Int)
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
    case .noEngine(let run, let wayBack):
      "\(run): no engine holds this run; `\(wayBack.status)` says how it is, "
        + "`\(wayBack.resume)` goes on with one that was interrupted"
    case .unreachable(let run, let holder, let wayBack):
      "\(run): \(holder) holds this run, but \(SocketPath.name) is not there: it begins or ends, or the "
        + "socket was removed; `\(wayBack.status)` says how it is"
    case .crowded(let path, let seconds):
      "\(path): nobody has taken the connection for \(seconds) s; the engine's process may have been "
        + "stopped (`kill -CONT`)"
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
