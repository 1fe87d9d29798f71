import Foundation

/// What a file to write must be called, so that its name tells what is in it.
enum OutputEnding {
  /// - Throws: `UsageError` for another ending; a name without one, such as a device's, is as good.
  static func check(_ path: String, _ ending: String) throws {
    let found = (path as NSString).pathExtension
    guard found.isEmpty || found.lowercased() == ending else {
      throw UsageError("\(path): found the ending '.\(found)', expected '.\(ending)'")
    }
  }
}
