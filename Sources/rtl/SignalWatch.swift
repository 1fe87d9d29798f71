import Dispatch
import Glibc

/// Takes the signals that ask a process to end, so that a run can end well first.
///
/// A signal that was ignored before us stays ignored (`nohup`). A second signal of a kind ends the
/// process at once, if it is a second request: `timeout` and shells send one request to the process and
/// to its group, and a run that ends well must not be killed by the echo.
@MainActor
final class SignalWatch {
  /// What to do when a signal arrives.
  var act: @MainActor () -> Void
  private var sources: [(number: Int32, source: any DispatchSourceSignal)] = []
  private var heard: Set<Int32> = []
  /// Within this time signals of a kind are one request.
  private static let secondsOfOneRequest = 0.5

  /// Watches HUP, INT and TERM.
  init(_ act: @escaping @MainActor () -> Void) {
    self.act = act
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      var present = sigaction()
      guard sigaction(number, nil, &present) == 0, !Self.isIgnored(present) else { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
      source.setEventHandler { [weak self] in
        MainActor.assumeIsolated { self?.hear(number) }
      }
      source.activate()
      return (number, source)
    }
  }

  private func hear(_ number: Int32) {
    guard heard.insert(number).inserted else { return }
    DispatchQueue.main.asyncAfter(deadline: .now() + Self.secondsOfOneRequest) { [weak self] in
      // After `cancel` the signal is not ours any more.
      MainActor.assumeIsolated { if self?.sources.isEmpty == false { signal(number, SIG_DFL) } }
    }
    act()
  }

  /// Gives the signals back to the system.
  func cancel() {
    for (number, source) in sources {
      source.cancel()
      signal(number, SIG_DFL)
    }
    sources = []
  }

  private nonisolated static func isIgnored(_ action: sigaction) -> Bool {
    // SIG_IGN is the address 1; Swift cannot compare functions.
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
