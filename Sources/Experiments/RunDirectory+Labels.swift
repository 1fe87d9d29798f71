internal import Foundation

extension RunDirectory {
  /// The tags and the note.
  public var labelsPath: String { (path as NSString).appendingPathComponent("labels.json") }

  /// What a person wrote on the run; nothing if there is no such file.
  /// - Throws: `ExperimentError` if the file cannot be read or is none of ours.
  public func labels() throws -> RunLabels {
    guard FileManager.default.fileExists(atPath: labelsPath) else { return RunLabels() }
    let data = try ExperimentFiles.read(labelsPath, limit: 1 << 20)
    func damaged(_ found: String) -> ExperimentError {
      .damaged(
        path: labelsPath, byte: nil, found: found, expected: "tags (a list of words) and note")
    }
    do {
      let labels = try ExperimentJSON.decode(RunLabels.self, from: data)
      if let problem = labels.problem { throw damaged(problem) }
      return labels
    } catch let error as DecodingError {
      throw damaged(error.found(in: data))
    }
  }

  /// Adds or removes tags.
  /// - Throws: `ExperimentError.badLabel`, or what is wrong with the file.
  public func tag(_ tags: [String], remove: Bool = false) throws -> RunLabels {
    for tag in tags {
      if let reason = RunLabels.reasonAgainst(tag: tag) {
        throw ExperimentError.badLabel(kind: "tag", text: tag, reason: reason)
      }
    }
    return try change { labels in
      labels.tags.removeAll { remove && tags.contains($0) }
      for tag in tags where !remove && !labels.tags.contains(tag) { labels.tags.append(tag) }
    }
  }

  /// Replaces the note; an empty one removes it.
  /// - Throws: `ExperimentError.badLabel`, or what is wrong with the file.
  public func note(_ text: String) throws -> RunLabels {
    if let reason = RunLabels.reasonAgainst(note: text) {
      throw ExperimentError.badLabel(kind: "note", text: text, reason: reason)
    }
    return try change { $0.note = text.isEmpty ? nil : text }
  }

  /// Reads, changes and writes the labels; two programs at once take turns at the runs folder's lock.
  private func change(_ edit: (inout RunLabels) -> Void) throws -> RunLabels {
    let folder = (path as NSString).deletingLastPathComponent
    return try ExperimentFiles.withLock(onFolder: folder.isEmpty ? "." : folder) {
      var labels = try labels()
      edit(&labels)
      let text = try ExperimentJSON.pretty(labels) + "\n"
      try ExperimentFiles.writeAtomically(Data(text.utf8), to: labelsPath)
      return labels
    }
  }
}
