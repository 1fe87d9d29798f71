internal import CImageFiles
public import Foundation

/// Reads and writes pictures in PNG, JPEG, PPM and PGM.
public enum PictureFile {
  /// The endings of files that are taken for pictures.
  public static let endings = ["png", "jpg", "jpeg", "ppm", "pgm"]

  /// The largest file that is read, in bytes, and the most pixels that it may hold.
  private static let (byteLimit, pixelLimit) = (256 << 20, 100_000_000)

  /// Reads a picture; the first bytes say what it is, not the name.
  /// - Parameter keepsIndices: whether the indices of a palette, or the grey values of less than eight
  ///   bits, are wanted as they are, as for a map of regions.
  /// - Throws: `DatasetError` for a file that is missing, damaged or none of these.
  public static func read(_ path: String, keepsIndices: Bool = false) throws -> Picture {
    guard OrdinaryFile.exists(path) else {
      throw DatasetError.missing(path: path, expected: "a PNG, JPEG, PPM or PGM file")
    }
    return try decode(
      try OrdinaryFile.read(path, limit: byteLimit), path: path, keepsIndices: keepsIndices)
  }

  /// Decodes the bytes of a picture file.
  /// - Parameter path: named in errors.
  /// - Throws: as `read`.
  package static func decode(
    _ data: Data, path: String, keepsIndices: Bool = false
  ) throws -> Picture {
    let bytes = [UInt8](data)
    switch Array(bytes.prefix(2)) {
    case [0x89, 0x50]:
      return try decoded(path) {
        ci_decode_png(bytes, bytes.count, Int64(pixelLimit), keepsIndices ? 1 : 0, &$0, $1)
      }
    case [0xff, 0xd8]:
      return try decoded(path) {
        ci_decode_jpeg(bytes, bytes.count, Int64(pixelLimit), &$0, $1)
      }
    case [0x50, 0x35], [0x50, 0x36]:
      return try PortableMap.decode(bytes, path: path, pixelLimit: pixelLimit)
    default:
      throw DatasetError.corrupt(
        path: path, byte: 0, found: "no picture", expected: "PNG, JPEG, or binary PPM or PGM")
    }
  }

  /// The bytes of a PNG file.
  /// - Throws: `DatasetError.unreadable` if there is no memory for it.
  public static func png(_ picture: Picture) throws -> Data {
    var bytes = picture.bytes
    return try bytes.withUnsafeMutableBufferPointer { buffer in
      var source = ci_picture(
        width: Int32(picture.width), height: Int32(picture.height),
        channels: Int32(picture.channels), bytes: buffer.baseAddress)
      return try collected("PNG") { ci_encode_png(&source, &$0, &$1, $2) }
    }
  }

  /// Unpacks a gzip file that was read.
  /// - Throws: `DatasetError.unreadable` if it is none, is cut short, or unpacks to more than a limit.
  static func gunzip(_ data: Data, limit: Int, path: String) throws -> Data {
    let bytes = [UInt8](data)
    return try collected(path) { ci_gunzip(bytes, bytes.count, limit, &$0, &$1, $2) }
  }

  private static func decoded(
    _ path: String, _ decode: (inout ci_picture, UnsafeMutablePointer<CChar>?) -> Int32
  ) throws -> Picture {
    var picture = ci_picture()
    try call(path) { decode(&picture, $0) }
    defer { ci_free(picture.bytes) }
    let (width, height) = (Int(picture.width), Int(picture.height))
    let count = width * height * Int(picture.channels)
    return Picture(
      width: width, height: height, channels: Int(picture.channels),
      bytes: Array(UnsafeBufferPointer(start: picture.bytes, count: count)))
  }

  private static func collected(
    _ path: String,
    _ make: (inout UnsafeMutablePointer<UInt8>?, inout Int, UnsafeMutablePointer<CChar>?) -> Int32
  ) throws -> Data {
    var (bytes, count): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
    try call(path) { make(&bytes, &count, $0) }
    defer { ci_free(bytes) }
    return Data(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static func call(
    _ path: String, _ function: (UnsafeMutablePointer<CChar>?) -> Int32
  ) throws {
    var message = [CChar](repeating: 0, count: Int(ci_message_size))
    let status = message.withUnsafeMutableBufferPointer { function($0.baseAddress) }
    guard status == 0 else {
      let text = String(
        decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw DatasetError.unreadable(path: path, reason: text)
    }
  }
}
