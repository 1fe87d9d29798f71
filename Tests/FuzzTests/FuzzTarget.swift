import Catalogue
import Datasets
import Experiments
import Foundation
import LotteryEngine
import TerminalUI

/// A reader under test: good inputs to damage, words of its format, and what to do with the result.
struct FuzzTarget: Sendable, CustomStringConvertible {
  /// The reader's name.
  let name: String
  /// Good inputs.
  let samples: [[UInt8]]
  /// Words of the format.
  let words: [[UInt8]]
  /// The longest input, in bytes.
  var limit = 1 << 16
  /// How many inputs in the ordinary test run; fewer where one takes long.
  var usual = 300
  /// Reads an input; returns what is wrong with the *reader*, if something is. Throwing one of the
  /// project's errors is right.
  let read: @Sendable ([UInt8]) throws -> String?

  var description: String { name }

  /// Reads one input.
  /// - Returns: what is wrong with the reader.
  func complaint(about input: [UInt8]) -> String? {
    do {
      return try read(input)
    } catch let error
      where error is ExperimentError || error is ThemeError || error is SettingsError
      || error is DatasetError
      || error is EngineError || error is CatalogueError
    {
      // Control characters of the input may be in it; the program's edge takes them out.
      let count = "\(error)".utf8.count
      guard (1...limit + 10_000).contains(count) else { return "an error of \(count) bytes" }
      return nil
    } catch {
      return "an error of another kind: \(type(of: error)): \(error)"
    }
  }

  /// Words as bytes.
  static func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}

/// A file that a reader wants, in a folder that is gone at the end of the process.
struct ScratchFile: Sendable {
  /// Its path.
  let path: String

  private static let folder: String = {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rtl-fuzz-\(ProcessInfo.processInfo.processIdentifier)").path
    atexit { try? FileManager.default.removeItem(atPath: ScratchFile.folder) }
    return path
  }()

  /// A place for a file.
  init(_ name: String) throws {
    path = Self.folder + "/" + name
    try ExperimentFiles.makeFolder((path as NSString).deletingLastPathComponent)
  }

  /// Replaces the content.
  func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
