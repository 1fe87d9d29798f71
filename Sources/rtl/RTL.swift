import ArgumentParser
import Experiments

/// `rtl`: the root of the command line. Without a verb it opens the workbench.
struct RTL: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rtl",
    abstract: "A workbench for adaptive lottery tickets.",
    discussion: """
      Finds K sparse subnetworks of one shared network, one per subset of the data, by iterative \
      magnitude pruning with rewinding, retrains them jointly, and shows how their masks overlap \
      (Routing the Lottery, arXiv 2601.22141).

      Example: rtl run demo
      """,
    version: ProgramVersion.current,
    subcommands: [
      WorkbenchCommand.self, RunCommandLine.self, AttachCommand.self, WatchCommand.self,
      ReplayCommand.self, CtlCommand.self, StatusCommand.self, EngineCommand.self,
      ResumeCommand.self, BranchCommand.self, ReproduceCommand.self,
      SweepCommand.self, CollapseCommand.self,
      VerifyCommand.self, RunsCommand.self, ShowCommand.self, TagCommand.self, NoteCommand.self,
      MasksCommand.self, AlignCommand.self, EvalCommand.self, FeaturesCommand.self,
      ExportCommand.self, CalibrateCommand.self, RouteCommand.self, PredictCommand.self,
      RenderCommand.self, EnhanceCommand.self, ImportCommand.self,
      CheckCommand.self, DoctorCommand.self, KeysCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: WorkbenchCommand.self)

  /// Refuses a verb that there is not; left to itself the parser would take it for an argument of
  /// the default one.
  /// - Parameter first: the first word of the command line.
  /// - Throws: `UsageError` with the nearest verb.
  static func checkVerb(_ first: String?) throws {
    guard let first, !first.hasPrefix("-") else { return }
    let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !verbs.contains(first) else { return }
    let advice =
      NearestName.find(first, among: verbs).map { "did you mean '\($0)'?" }
      ?? "the commands are " + verbs.joined(separator: ", ")
    throw UsageError("\(first): no such command; \(advice)")
  }
}
