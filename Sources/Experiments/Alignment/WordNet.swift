internal import Foundation

/// The nouns of WordNet from its own files (wndb(5WN)): what a word can mean, and which meaning is a kind
/// of which.
public struct WordNet: Sendable {
  /// Where Debian's package `wordnet-base` puts the files.
  public static let standardFolder = "/usr/share/wordnet"

  /// The largest file that is read, in bytes.
  private static let limit = 256 << 20

  /// The folder of the files.
  public let folder: String
  private let index: [UInt8]
  private let data: [UInt8]

  private var indexPath: String { (folder as NSString).appendingPathComponent("index.noun") }
  private var dataPath: String { (folder as NSString).appendingPathComponent("data.noun") }

  /// Opens the files of a folder.
  /// - Throws: `ExperimentError.file`; where they are missing it says which package has them.
  public init(folder: String = Self.standardFolder) throws {
    self.folder = folder
    for name in ["index.noun", "data.noun"] {
      let path = (folder as NSString).appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: path) else {
        throw ExperimentError.file(
          path: path,
          reason: "is missing: install Debian's package wordnet-base (apt-get install "
            + "wordnet-base), or give a matrix of the names' similarity (rtl align --similarity)")
      }
    }
    func bytes(_ name: String) throws -> [UInt8] {
      let path = (folder as NSString).appendingPathComponent(name)
      return [UInt8](try ExperimentFiles.read(path, limit: Self.limit))
    }
    index = try bytes("index.noun")
    data = try bytes("data.noun")
  }

  /// One meaning.
  struct Synset {
    /// The words for it.
    var words: [String]
    /// The meanings of which it is a kind or an instance, as places in the file.
    var hypernyms: [Int]
    /// What it means, in words.
    var gloss: String
  }

  /// The meanings of a noun as places in `data.noun`, the most frequent first; none if there is no such
  /// noun. Case does not matter, and a blank is an underscore.
  /// - Throws: `ExperimentError.damaged` for a line of another form.
  func senses(of noun: String) throws -> [Int] {
    let lemma = [UInt8](Self.lemma(noun).utf8)
    guard !lemma.isEmpty, let start = line(of: lemma) else { return [] }
    let end = index[start...].firstIndex(of: Self.lineFeed) ?? index.endIndex
    // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
    let fields = Self.fields(index[start..<end])
    let places: [Int] =
      fields.count > 3
      ? Int(fields[3]).flatMap { pointers in
        (0..<fields.count).contains(pointers) && pointers + 6 <= fields.count
          ? fields[(pointers + 6)...].compactMap { Int($0) } : nil
      } ?? [] : []
    guard !places.isEmpty, Int(fields[2]) == places.count else {
      throw ExperimentError.damaged(
        path: indexPath, byte: start, found: "'\(fields.prefix(4).joined(separator: " "))…'",
        expected: "a noun, the number of its meanings, and their places")
    }
    return places
  }

  /// The meaning at a place.
  /// - Throws: `ExperimentError.damaged` if none begins there.
  func synset(at place: Int) throws -> Synset {
    func bad(_ found: String, _ expected: String) -> ExperimentError {
      .damaged(path: dataPath, byte: place, found: found, expected: expected)
    }
    guard data.indices.contains(place) else {
      throw bad("the end of the file", "the meaning of a noun")
    }
    let end = data[place...].firstIndex(of: Self.lineFeed) ?? data.endIndex
    let line = data[place..<end]
    let bar = line.firstIndex(of: UInt8(ascii: "|")) ?? end
    // synset_offset lex_filenum ss_type w_cnt word lex_id … p_cnt symbol offset pos source/target … | gloss
    let fields = Self.fields(line[..<bar])
    guard fields.count > 4, Int(fields[0]) == place, fields[2] == "n",
      let words = Int(fields[3], radix: 16), (1...255).contains(words),
      4 + 2 * words < fields.count, let pointers = Int(fields[4 + 2 * words]), pointers >= 0,
      pointers <= (fields.count - 5 - 2 * words) / 4
    else {
      throw bad("'\(fields.prefix(4).joined(separator: " "))…'", "a noun's meaning of this place")
    }
    var hypernyms: [Int] = []
    for pointer in 0..<pointers {
      let start = 5 + 2 * words + 4 * pointer
      guard fields[start] == "@" || fields[start] == "@i" else { continue }
      guard let above = Int(fields[start + 1]) else {
        throw bad("'\(fields[start + 1])' after \(fields[start])", "the place of a meaning")
      }
      hypernyms.append(above)
    }
    let gloss = bar < end ? String(decoding: data[(bar + 1)..<end], as: UTF8.self) : ""
    return Synset(
      words: (0..<words).map { fields[4 + 2 * $0] }, hypernyms: hypernyms,
      gloss: gloss.trimmingCharacters(in: .whitespaces))
  }

  /// How many steps upwards each meaning above one is away, itself included.
  func above(_ place: Int) throws -> [Int: Int] {
    var distances = [place: 0]
    var front = [place]
    while !front.isEmpty {
      var next: [Int] = []
      for place in front {
        for hypernym in try synset(at: place).hypernyms where distances[hypernym] == nil {
          distances[hypernym] = (distances[place] ?? 0) + 1
          next.append(hypernym)
        }
      }
      front = next
    }
    return distances
  }

  /// A noun as the files write it.
  static func lemma(_ noun: String) -> String {
    noun.trimmingCharacters(in: .whitespaces).lowercased().replacing(" ", with: "_")
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")

  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: blank).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Where the line of a lemma begins; the lines are in the order of their bytes.
  private func line(of lemma: [UInt8]) -> Int? {
    var (low, high) = (0, index.count)
    while low < high {
      let middle = (low + high) / 2
      // The beginning of the line that the middle is in.
      let start = index[low..<middle].lastIndex(of: Self.lineFeed).map { $0 + 1 } ?? low
      let end = index[middle...].firstIndex(of: Self.lineFeed) ?? index.count
      let line = index[start..<end]
      let key = line[..<(line.firstIndex(of: Self.blank) ?? end)]
      if key.elementsEqual(lemma) { return start }
      if key.lexicographicallyPrecedes(lemma) { low = end + 1 } else { high = start }
    }
    return nil
  }
}
