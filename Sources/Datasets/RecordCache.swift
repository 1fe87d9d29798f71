internal import Crypto
internal import Foundation

/// Images that were decoded and resized once, kept in a file of records as CIFAR has them: a byte for
/// the domain, a byte for the class, the bytes of the planes R, G, B.
///
/// The file is found by a hash of what it was made from; a damaged one is made anew.
struct RecordCache {
  /// An image to be kept.
  struct Image: Sendable {
    var domain: UInt8
    var label: UInt8
    var planes: [UInt8]
  }

  /// The folder of the caches; made if it is missing.
  let folder: String
  /// What the images were made from, in words that change with it.
  let origin: [String]
  /// The dataset, as errors call it.
  let dataset: String
  let domains: Int
  let classes: Int
  /// Pixels of a row and of a column.
  let side: Int

  private var version: String { "images 1, \(side * side) pixels, triangle filter" }

  private var layout: CIFARFile {
    CIFARFile(
      labels: [.init(name: "domain", classes: domains), .init(name: "class", classes: classes)],
      dataset: dataset, recordLimit: .max / (4 * LabeledImages.bytes(side: side)), side: side)
  }

  /// Where the records are.
  var path: String {
    var hash = SHA256()
    for line in [version] + origin { hash.update(data: Data((line + "\n").utf8)) }
    let name = hash.finalize().prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return (folder as NSString).appendingPathComponent(name.joined() + ".images")
  }

  /// The records that are there, checked from the first to the last byte; `nil` if there are none.
  func content() -> CIFARFile.Content? {
    OrdinaryFile.exists(path) ? try? layout.check(path) : nil
  }

  /// Makes the records and reads them.
  /// - Parameter images: the images in their order, some at a time; `nil` after the last.
  /// - Throws: `DatasetError` for a folder that cannot be written, and what `images` throws; nothing
  ///   half-written stays behind.
  func make(_ images: () throws -> [Image]?) throws -> CIFARFile.Content {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError.unreadable(
        path: folder, reason: "no folder for prepared images: \(error.localizedDescription)")
    }
    let draft = path + ".\(getpid()).tmp"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(draft) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      while let some = try images() {
        var bytes = Data(capacity: some.count * layout.recordBytes)
        for image in some {
          bytes.append(contentsOf: [image.domain, image.label])
          bytes.append(contentsOf: image.planes)
        }
        do { try handle.write(contentsOf: bytes) } catch {
          throw DatasetError.unreadable(path: draft, reason: error.localizedDescription)
        }
      }
      guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Self.failure(draft) }
    } catch {
      unlink(draft)
      throw error
    }
    return try layout.check(path)
  }

  private static func failure(_ path: String) -> DatasetError {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
