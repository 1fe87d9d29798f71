internal import Foundation

/// Where an event log stands.
public struct LogPosition: Sendable, Codable, Equatable {
  /// Events up to here.
  public var events: Int
  /// Bytes up to here; the last one is a line feed.
  public var bytes: Int
  /// SHA-256 of those bytes; `nil` where nobody has taken it.
  public var sha256: String?

  /// A place in a log.
  public init(events: Int, bytes: Int, sha256: String? = nil) {
    self.events = events
    self.bytes = bytes
    self.sha256 = sha256
  }

  /// The beginning.
  public static let start = LogPosition(events: 0, bytes: 0)
}

/// The table of contents of a checkpoint, written last: a checkpoint is good if its manifest is there
/// and every hash is right.
///
/// On disk it is one line of JSON and a line `sha256 HEX` over the first, so that damage of the manifest
/// itself shows, too.
public struct CheckpointManifest: Sendable, Codable, Equatable {
  /// A file of the checkpoint.
  public struct File: Sendable, Codable, Equatable {
    /// Its name in the checkpoint's folder.
    public var name: String
    /// Its length.
    public var bytes: Int
    /// SHA-256 of its content.
    public var sha256: String
  }

  /// The version of this layout.
  public var format = 1
  /// Counted from 1 through the run; a higher one is newer.
  public var number: Int
  /// Seconds since 1970.
  public var savedAt: Double
  /// The log's end when the state was taken.
  public var log: LogPosition
  /// What computed the state.
  public var computedWith: ComputedWith
  /// The other files.
  public var files: [File]
}

extension CheckpointManifest {
  private static let hashMark = "sha256 "

  /// The manifest's bytes.
  func encoded() throws -> Data {
    let line = try ExperimentJSON.line(self)
    return line + Data("\n\(Self.hashMark)\(ContentHash.of(line))\n".utf8)
  }

  /// Reads a manifest.
  /// - Throws: `ExperimentError.damaged` naming the file.
  init(data: Data, path: String) throws {
    func damaged(_ found: String) -> ExperimentError {
      .damaged(path: path, byte: nil, found: found, expected: "a checkpoint's manifest")
    }
    let tail = Data("\n\(Self.hashMark)".utf8).count + 64 + 1
    guard data.count > tail else { throw damaged("\(data.count) bytes") }
    let line = Data(data.dropLast(tail))
    guard Data(data.suffix(tail)) == Data("\n\(Self.hashMark)\(ContentHash.of(line))\n".utf8) else {
      throw damaged("content that its hash does not fit")
    }
    do {
      self = try ExperimentJSON.decode(CheckpointManifest.self, from: line)
    } catch {
      throw damaged("JSON of another kind")
    }
    guard format == 1 else { throw damaged("format \(format), which this version cannot read") }
  }
}
