internal import Foundation

/// One file in the binary layout of CIFAR: records of one or two label bytes and the pixel bytes,
/// planes R, G, B; 3,072 of them in CIFAR's own files.
struct CIFARFile {
  /// A label byte of a record.
  struct Label: Sendable {
    /// What it says.
    var name: String
    /// Its values are 0 ..< `classes`.
    var classes: Int
  }

  /// The label bytes in front of the pixels; the last one is the class.
  let labels: [Label]
  /// The dataset, as errors call its layout.
  let dataset: String
  /// The largest file that is read, in records.
  let recordLimit: Int
  /// Pixels of a row and of a column.
  var side = LabeledImages.usualSide

  /// Bytes of a record.
  var recordBytes: Int { labels.count + LabeledImages.bytes(side: side) }

  /// A file that was looked at from its beginning to its end.
  struct Content {
    /// Where the images are.
    var places: [LabeledImages.Place] = []
    /// The values of the label bytes, one list per label byte.
    var values: [[UInt8]]
    /// Sums over the bytes of each image.
    var sums: [ChannelSums] = []

    /// The class of each image.
    var classes: [UInt8] { values.last ?? [] }
  }

  /// Goes through a file; its images stay where they are.
  /// - Throws: `DatasetError` for a file that is missing, short or corrupt.
  func check(_ path: String) throws -> Content {
    guard OrdinaryFile.exists(path) else {
      throw DatasetError.missing(path: path, expected: "a file in \(dataset)'s binary layout")
    }
    let file = try RecordFile(path)
    guard file.byteCount <= recordLimit * recordBytes else {
      throw DatasetError.unreadable(
        path: path,
        reason: "found \(file.byteCount) bytes, expected at most \(recordLimit * recordBytes)")
    }
    let count = file.byteCount / recordBytes
    guard count > 0, file.byteCount % recordBytes == 0 else {
      throw DatasetError.truncated(
        path: path, byte: file.byteCount,
        expected: "a whole number of records of \(recordBytes) bytes, "
          + "next end at byte \((count + 1) * recordBytes)")
    }
    var content = Content(values: labels.map { _ in [] })
    content.sums.reserveCapacity(count)
    // Some hundred records at a time.
    var buffer = [UInt8](repeating: 0, count: min(count, 256) * recordBytes)
    for first in stride(from: 0, to: count, by: 256) {
      let present = min(256, count - first)
      try buffer.withUnsafeMutableBytes { buffer in
        try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(present * recordBytes)]),
          from: first * recordBytes)
      }
      try buffer.withUnsafeBufferPointer { buffer in
        for record in 0..<present {
          let record = UnsafeBufferPointer(
            rebasing: buffer[record * recordBytes..<(record + 1) * recordBytes])
          try take(record, at: content.sums.count * recordBytes, into: &content, path)
        }
      }
    }
    content.places = (0..<count).map {
      LabeledImages.Place(file: file, byte: $0 * recordBytes + labels.count)
    }
    return content
  }

  /// Takes the labels and sums of a record.
  private func take(
    _ record: UnsafeBufferPointer<UInt8>, at byte: Int, into content: inout Content, _ path: String
  ) throws {
    for (place, label) in labels.enumerated() {
      guard record[place] < label.classes else {
        throw DatasetError.corrupt(
          path: path, byte: byte + place, found: "\(label.name) \(record[place])",
          expected: "0 to \(label.classes - 1)")
      }
      content.values[place].append(record[place])
    }
    content.sums.append(ChannelSums(UnsafeBufferPointer(rebasing: record[labels.count...])))
  }

  /// The names in a text file, one a line, or the official ones where there is no such file.
  /// - Throws: `DatasetError` for names that are missing, repeated or cannot name files.
  static func names(_ path: String, standard: [String]) throws -> [String] {
    guard OrdinaryFile.exists(path) else { return standard }
    guard let text = String(data: try OrdinaryFile.read(path, limit: 64 << 10), encoding: .utf8)
    else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "bytes that are not UTF-8", expected: "a name on each line")
    }
    let names = text.split(whereSeparator: \.isNewline).map { ClassGroup.trimmed(String($0)) }
      .filter { !$0.isEmpty }
    let good = names.filter(ClassGroup.isUsable)
    guard good.count == standard.count, Set(good).count == standard.count else {
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "\(Set(good).count) usable name(s)",
        expected: "\(standard.count) different names, one a line, without '/' or control "
          + "characters")
    }
    return good
  }
}
