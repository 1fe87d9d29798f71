internal import Foundation

/// Picture files that a person names: single ones, and all of a folder.
public enum PictureList {
  /// The files of some paths: a file stands for itself, a folder for the pictures in it, by name. Folders
  /// in a folder are not looked into.
  /// - Throws: `DatasetError.missing` for a path where there is nothing, `.impossible` for a folder without a
  ///   picture, `.unreadable` for a folder that cannot be listed.
  public static func files(_ paths: [String]) throws -> [String] {
    try paths.flatMap { path in
      guard OrdinaryFile.isFolder(path) else {
        guard OrdinaryFile.exists(path) else {
          throw DatasetError.missing(path: path, expected: "a picture or a folder of pictures")
        }
        return [path]
      }
      let pictures = try names(in: path).filter { name in
        !name.hasPrefix(".")
          && PictureFile.endings.contains((name as NSString).pathExtension.lowercased())
      }
      guard !pictures.isEmpty else {
        throw DatasetError.impossible(
          "\(path): found no picture in the folder, expected files that end in "
            + PictureFile.endings.map { "." + $0 }.joined(separator: ", "))
      }
      return pictures.sorted().map { (path as NSString).appendingPathComponent($0) }
    }
  }

  private static func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw DatasetError.unreadable(path: folder, reason: error.localizedDescription)
    }
  }
}
