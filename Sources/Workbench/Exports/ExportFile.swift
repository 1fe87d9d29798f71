internal import Experiments
internal import Foundation

/// Writes exported texts where the screen is.
enum ExportFile {
  /// Writes a text as a wish says, wholly or not at all; what comes of it is an action.
  ///
  /// A folder that is missing is made if the one above it is there.
  static func write(_ text: String, for request: ExportRequest) -> Action {
    let path = (request.path as NSString).expandingTildeInPath
    let files = FileManager.default
    if !request.replaces, files.fileExists(atPath: path) { return .exportExists(request) }
    var madeFolder = false
    do {
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty, !files.fileExists(atPath: folder) {
        let above = (folder as NSString).deletingLastPathComponent
        guard above.isEmpty || files.fileExists(atPath: above) else {
          return .exportFailed("\(path): there is no folder \(above)")
        }
        madeFolder = try !ExperimentFiles.makeFolder(folder).isEmpty
      }
      try ExperimentFiles.writeOutput(Data(text.utf8), to: path)
    } catch {
      return .exportFailed(String(describing: error))
    }
    return .exported(path: path, madeFolder: madeFolder)
  }
}
