internal import Experiments
internal import Glibc

/// The stamps of everything in a runs folder that may be a run.
enum RunStamps {
  /// Name and stamp of each folder; none if there is no runs folder.
  /// - Throws: `ExperimentError.file` if the runs folder cannot be read.
  static func all(in runsFolder: String) throws -> [(name: String, stamp: RunStamp)] {
    guard let folder = opendir(runsFolder) else {
      if errno == ENOENT { return [] }
      throw ExperimentError.file(
        path: runsFolder, reason: "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var found: [(String, RunStamp)] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      // The name of a run never begins with a dot; "." and ".." do.
      guard !name.hasPrefix("."), let stamp = RunStamp(of: name, in: dirfd(folder)) else {
        continue
      }
      found.append((name, stamp))
    }
    return found
  }
}
