import Tensors

/// Makes damaged inputs from good ones: the same seed and number give the same bytes.
struct Mutator {
  private var random: RandomStream

  /// The mutator of one input.
  init(seed: UInt64, reader: String, number: Int) {
    random = RandomStream(seed: seed, purpose: "fuzz-\(reader)", number)
  }

  /// A damaged input: one of the samples, changed one to six times.
  mutating func input(samples: [[UInt8]], words: [[UInt8]], limit: Int) -> [UInt8] {
    var bytes = pick(samples) ?? []
    for _ in 0..<1 + random.index(below: 6) {
      change(&bytes, samples: samples, words: words)
      if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
    }
    return bytes
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[random.index(below: elements.count)]
  }

  /// A place from 0 up to and including the end; in one case of two near the beginning, where headers
  /// are.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    let reach = random.index(below: 2) == 0 ? min(bytes.count, 64) : bytes.count
    return random.index(below: reach + 1)
  }

  private mutating func range(_ bytes: [UInt8]) -> Range<Int> {
    let start = place(bytes)
    let longest = random.index(below: 3) == 0 ? bytes.count - start : min(16, bytes.count - start)
    return start..<start + random.index(below: longest + 1)
  }

  private mutating func change(_ bytes: inout [UInt8], samples: [[UInt8]], words: [[UInt8]]) {
    let place = place(bytes)
    switch random.index(below: 12) {
    case 0:  // a bit
      if place < bytes.count { bytes[place] ^= 1 << UInt8(random.index(below: 8)) }
    case 1:  // a byte
      if place < bytes.count { bytes[place] = UInt8(random.index(below: 256)) }
    case 2:  // the end
      bytes.removeLast(bytes.count - place)
    case 3:  // a piece out of the middle
      bytes.removeSubrange(range(bytes))
    case 4:  // a piece twice
      let range = range(bytes)
      bytes.insert(contentsOf: bytes[range], at: range.upperBound)
    case 5:  // a piece many times: nesting, long lists
      let range = range(bytes)
      let piece = bytes[range.lowerBound..<min(range.upperBound, range.lowerBound + 8)]
      let copies = (0..<1 + random.index(below: 2000)).flatMap { _ in piece }
      bytes.insert(contentsOf: copies, at: range.upperBound)
    case 6, 7:  // a word of the format
      if let word = pick(words) { bytes.insert(contentsOf: word, at: place) }
    case 8:  // a word in place of another piece
      if let word = pick(words) { bytes.replaceSubrange(range(bytes), with: word) }
    case 9:  // the rest of another sample
      if let other = pick(samples) {
        bytes.replaceSubrange(
          place..<bytes.count, with: other.suffix(random.index(below: other.count + 1)))
      }
    case 10:  // a length field
      changeLength(&bytes)
    default:  // the digits of a number
      changeNumber(&bytes, from: place)
    }
  }

  /// Eight bytes, the first or any, as a little-endian number that is near a limit.
  private mutating func changeLength(_ bytes: inout [UInt8]) {
    guard bytes.count >= 8 else { return }
    let start = random.index(below: 2) == 0 ? 0 : random.index(below: bytes.count - 7)
    var value = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[start + $1]) }
    switch random.index(below: 4) {
    case 0: value &+= UInt64(random.index(below: 17)) &- 8
    case 1: value = UInt64(bytes.count) &+ UInt64(random.index(below: 33)) &- 16
    case 2: value = UInt64.max &- UInt64(random.index(below: 17))
    default: value = UInt64(Int64.max) &+ UInt64(random.index(below: 3)) &- 1
    }
    for index in 0..<8 {
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
  }

  private static let numbers = [
    "0", "1", "-1", "2", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "18446744073709551616", "1e308", "1e999", "-0.0", "0.5", "NaN", "\"inf\"",
    "4611686018427387904",
    "00", "1.", "0x10", "1e-400",
  ].map { Array($0.utf8) }

  private mutating func changeNumber(_ bytes: inout [UInt8], from place: Int) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = bytes[place...].firstIndex(where: { digits.contains($0) }) else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    if let number = pick(Self.numbers) { bytes.replaceSubrange(start..<end, with: number) }
  }
}
