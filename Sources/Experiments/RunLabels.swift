internal import Foundation

/// What a person wrote on a run: tags and a note; kept in the run's `labels.json`.
public struct RunLabels: Sendable, Codable, Equatable {
  /// The tags, each once, in the order they were given.
  public var tags: [String]
  /// Free text.
  public var note: String?

  private enum CodingKeys: String, CodingKey {
    case tags, note
  }

  /// No labels, or these.
  public init(tags: [String] = [], note: String? = nil) {
    self.tags = tags
    self.note = note
  }

  /// Reads what there is of both.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
    note = try container.decodeIfPresent(String.self, forKey: .note)
  }

  /// Writes both keys, `null` where there is no note.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tags, forKey: .tags)
    try container.encode(note, forKey: .note)
  }

  /// Why a text cannot be a tag; `nil` if it can.
  static func reasonAgainst(tag: String) -> String? {
    if tag.isEmpty {
      "it is empty"
    } else if tag.contains(where: \.isWhitespace) {
      "it contains a space"
    } else if tag.hasUnprintable {
      "it contains a control character or an invisible one"
    } else if tag.utf8.count > 100 {
      "it is longer than 100 bytes"
    } else {
      nil
    }
  }

  /// Why a text cannot be a note; `nil` if it can.
  static func reasonAgainst(note: String) -> String? {
    if note.unicodeScalars.contains(where: { $0.isUnprintable && !$0.isJoiner }) {
      "it contains a control character or an invisible one"
    } else if note.utf8.count > 4000 {
      "it is longer than 4000 bytes"
    } else {
      nil
    }
  }

  /// Why these cannot be labels; `nil` if they can.
  var problem: String? {
    for tag in tags {
      if let reason = Self.reasonAgainst(tag: tag) { return "a tag that cannot be one: \(reason)" }
    }
    if let note, let reason = Self.reasonAgainst(note: note) {
      return "a note that cannot be one: \(reason)"
    }
    return nil
  }
}
