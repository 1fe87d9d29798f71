import ArgumentParser
import Experiments
import Foundation
import Tensors
import TerminalUI
import Workbench

/// `rtl doctor`: what the program finds on this machine.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Report the processor, libraries, terminal and data this program finds.",
    discussion: "Example: rtl doctor")

  @OptionGroup var runs: RunsOption

  mutating func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let compiled = Processor.compiledFeatures
    let rows: [(String, String)] = [
      ("program", "rtl \(ProgramVersion.build)"),
      ("C library", ProgramVersion.cLibrary ?? "unknown"),
      ("processors", "\(ProcessInfo.processInfo.activeProcessorCount)"),
      (
        "kernels built for",
        compiled.isEmpty ? "no particular processor (slow)" : compiled.joined(separator: ", ")
      ),
      ("OpenBLAS kernels", BLAS.coreName),
      ("OpenBLAS threads", "1 (the program's own pool shares out the work)"),
      ("terminal", TerminalReport.describe(environment: environment)),
      ("settings", settingsReport(UserSettings(environment: environment))),
      ("runs folder", folderReport(runs.folder)),
      ("RTL_DATA", environment["RTL_DATA"].map(dataReport) ?? "not set"),
    ]
    let width = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      print(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value)
    }
  }

  private func settingsReport(_ settings: UserSettings) -> String {
    guard let folder = settings.folder else { return "no home to look in" }
    do {
      let interface = try settings.interface(theme: nil)
      let odd = interface.warnings.isEmpty ? "" : "; " + interface.warnings.joined(separator: "; ")
      return "\(folder) (theme \(interface.theme.name)\(odd))"
    } catch {
      return "\(error)"
    }
  }

  private func folderReport(_ path: String) -> String {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { return "\(path) (made by the first run)" }
    return files.isWritableFile(atPath: path) ? path : "\(path): cannot be written"
  }

  private func dataReport(_ path: String) -> String {
    func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + name) }
    let cifar =
      isThere("/cifar-10-batches-bin/test_batch.bin")
      ? "CIFAR-10 found" : "no cifar-10-batches-bin"
    let speech =
      isThere("/speech/clean") && isThere("/speech/noise") ? "speech found" : "no speech"
    return "\(path) (\(cifar), \(speech))"
  }
}
