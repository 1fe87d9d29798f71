import ArgumentParser
import Attachment
import Catalogue
import Datasets
import Experiments
import Foundation
import LotteryEngine
import Studies
import TerminalUI
import Workbench

/// A refusal whose message is complete and whose cause is the person's input: exit status 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Turns every error into words and an exit status, in this one place: 2 for usage and input, 1 for
/// failure.
enum ErrorReport {
  /// Prints an error on standard error (help and version on standard output).
  /// - Returns: the exit status.
  static func show(_ error: any Error) -> Int32 {
    if let known = known(error) {
      write("rtl: \(known.sentence)")
      return known.status
    }
    switch error {
    case ExitStatus.failure, is CancellationError:
      return 1
    default:
      break
    }
    let status = RTL.exitCode(for: error)
    let message = RTL.fullMessage(for: error)
    if status == .success {
      print(message)
      return 0
    }
    if !message.isEmpty { write(message) }
    // ArgumentParser's own status for a bad command line is EX_USAGE (64).
    return status == .validationFailure ? 2 : status.rawValue
  }

  /// The sentence and the exit status of an error of ours; `nil` for one of the parser's.
  static func known(_ error: any Error) -> (sentence: String, status: Int32)? {
    switch error {
    case DatasetError.missing: ("\(error); \(DataFolder.advice())", 2)
    case EngineError.bitsMayDiffer: ("\(error)", 1)
    case EngineError.alreadyFinished: ("\(error)", 0)
    case is UsageError, is ExperimentError, is DatasetError, is EngineError, is CatalogueError,
      is SettingsError, is ThemeError, is StudyError:
      ("\(error)", 2)
    case let error as ScriptError: ("\(error)", error.isMistake ? 2 : 1)
    case AttachmentError.refused(let sentence, let status): (sentence, status)
    case is AttachmentError: ("\(error)", 1)
    default: nil
    }
  }

  /// Writes a line to standard error, without what could drive a terminal, if that can be written.
  static func write(_ message: String) {
    try? FileHandle.standardError.write(contentsOf: Data((Printable.message(message) + "\n").utf8))
  }
}
