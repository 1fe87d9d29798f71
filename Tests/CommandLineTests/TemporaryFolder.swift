import Foundation

/// A folder that is gone when its owner is, and with it the engines that work in it.
final class TemporaryFolder: Sendable {
  /// Its place.
  let path: String

  /// A place where nothing is yet.
  static var freshPath: String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("rtl-tests-\(UUID().uuidString)").path
  }

  /// Makes the folder.
  init(at path: String = TemporaryFolder.freshPath) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    Engines.end(in: path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of something in it.
  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a text file into it.
  /// - Returns: its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }
}

extension TemporaryFolder {
  /// The files below a folder with a suffix, by their path relative to it, sorted.
  static func files(below folder: String, suffix: String) -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(suffix) }.sorted()
  }
}
