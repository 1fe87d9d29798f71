import Foundation

/// The folder of datasets that `RTL_DATA` names.
///
/// A config whose `dataset.path` is not there takes the longest end of that path that is there below
/// `RTL_DATA`: `../data/images/a.png` is `$RTL_DATA/images/a.png`, if there is no other.
enum DataFolder {
  /// Where the data of a config is: at its path, or in the folder; the path as it is if in neither.
  static func place(
    of path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let files = FileManager.default
    guard !files.fileExists(atPath: path), let name = environment["RTL_DATA"], !name.isEmpty
    else { return path }
    // It goes into the run's config, which is read from other folders.
    let folder = URL(fileURLWithPath: name).standardizedFileURL.path
    let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".." }
    return parts.indices.lazy
      .map { folder + "/" + parts[$0...].joined(separator: "/") }
      .first { files.fileExists(atPath: $0) } ?? path
  }

  /// What to do about data that is not there.
  static func advice(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    guard let folder = environment["RTL_DATA"], !folder.isEmpty else {
      return
        "dataset.path says where the data is, or RTL_DATA names the folder that datasets lie in"
    }
    return
      "dataset.path says where the data is; a config's is looked for below RTL_DATA, too: \(folder)"
  }
}
