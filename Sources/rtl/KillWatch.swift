import Experiments
import Glibc

/// Sees to it that a run that is killed ends, whatever its engine is busy with.
enum KillWatch {
  /// Longer than a batch takes, and than what was reported needs to be written.
  private static let patience = Duration.seconds(5)

  /// Ends this process if the run was killed and is still there a moment later, as when its disk takes
  /// nothing or one batch takes minutes.
  static func start(_ runner: any ExperimentRunner) -> Task<Void, Never> {
    Task {
      let mailbox = await runner.subscribe(.newestProgress(limit: 0))
      while let events = await mailbox.next() {
        guard events.contains(where: { $0.event == .commandAccepted(.stop(.kill)) }) else {
          continue
        }
        guard (try? await Task.sleep(for: patience)) != nil else { return }
        ErrorReport.write("rtl: \(runner.name): killed while the engine did not answer")
        _exit(1)
      }
    }
  }
}
