/// Binary PPM and PGM files: `P6` or `P5`, width, height and the largest value as text, then the bytes.
enum PortableMap {
  /// Decodes a file.
  /// - Throws: `DatasetError` with the byte that is wrong.
  static func decode(_ bytes: [UInt8], path: String, pixelLimit: Int) throws -> Picture {
    let channels = bytes[1] == UInt8(ascii: "6") ? 3 : 1
    var position = 2
    var header: [Int] = []
    while header.count < 3 {
      let start = skipBlanks(bytes, from: position)
      position = start
      while position < bytes.count, isDigit(bytes[position]) { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      guard let number = Int(text), number > 0, number <= pixelLimit else {
        throw DatasetError.corrupt(
          path: path, byte: start, found: text.isEmpty ? "no number" : text,
          expected: ["a width", "a height", "a largest value"][header.count])
      }
      header.append(number)
    }
    let (width, height) = (header[0], header[1])
    guard header[2] == 255 else {
      throw DatasetError.corrupt(
        path: path, byte: position, found: "the largest value \(header[2])", expected: "255")
    }
    guard width <= pixelLimit / height else {
      throw DatasetError.unreadable(path: path, reason: "too many pixels")
    }
    let start = position + 1
    guard bytes.count >= start + width * height * channels else {
      throw DatasetError.truncated(
        path: path, byte: bytes.count,
        expected: "\(width * height * channels) bytes of pixels after byte \(start)")
    }
    return Picture(
      width: width, height: height, channels: channels,
      bytes: Array(bytes[start..<start + width * height * channels]))
  }

  /// The first byte that is neither blank nor part of a comment.
  private static func skipBlanks(_ bytes: [UInt8], from start: Int) -> Int {
    var position = start
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if [9, 10, 11, 12, 13, 32].contains(bytes[position]) {
        position += 1
      } else {
        break
      }
    }
    return position
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
