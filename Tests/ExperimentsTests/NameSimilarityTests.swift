import Experiments
import Foundation
import Testing

/// Nouns in WordNet's file format, made up for a test.
struct TinyWordNet {
  /// A meaning: its words, the numbers of the meanings it is a kind of, and of those it is an instance of.
  struct Meaning {
    var words: [String]
    var kindOf: [Int] = []
    var instanceOf: [Int] = []
  }

  /// Writes `index.noun` and `data.noun` into a new folder.
  static func write(_ meanings: [Meaning]) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wordnet-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let license = "  1 A file for tests.  \n  2 It has no more than it needs.  \n"
    func line(_ meaning: Meaning, _ places: [Int], at place: Int) -> String {
      let words = meaning.words.map { "\($0) 0" }.joined(separator: " ")
      let pointers =
        meaning.kindOf.map { "@ \(digits(places[$0])) n 0000" }
        + meaning.instanceOf.map { "@i \(digits(places[$0])) n 0000" }
        + ["~ 00000000 n 0000"]
      return "\(digits(place)) 03 n \(String(format: "%02x", meaning.words.count)) \(words) "
        + String(format: "%03d ", pointers.count) + pointers.joined(separator: " ")
        + " | what \(meaning.words[0]) is; \"an example\"  \n"
    }
    // Places have eight digits, so the lengths are known before the places are.
    var places: [Int] = []
    var next = license.utf8.count
    let none = [Int](repeating: 0, count: meanings.count)
    for meaning in meanings {
      places.append(next)
      next += line(meaning, none, at: 0).utf8.count
    }
    let data = license + zip(meanings, places).map { line($0, places, at: $1) }.joined()
    var senses: [String: [Int]] = [:]
    for (meaning, place) in zip(meanings, places) {
      for word in meaning.words { senses[word.lowercased(), default: []].append(place) }
    }
    let keys = senses.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let index =
      license
      + keys.map { word in
        let places = senses[word, default: []]
        return "\(word) n \(places.count) 2 @ ~ \(places.count) 0 "
          + places.map(digits).joined(separator: " ") + "  \n"
      }.joined()
    try index.write(toFile: folder + "/index.noun", atomically: true, encoding: .utf8)
    try data.write(toFile: folder + "/data.noun", atomically: true, encoding: .utf8)
    return folder
  }

  private static func digits(_ place: Int) -> String { String(format: "%08d", place) }

  /// thing ← animal ← (cat, dog ← Rex, an instance), thing ← carrier ← (truck, tram_car);
  /// a second meaning of truck is an animal; bat is an animal and a carrier; island stands alone.
  static let zoo = [
    Meaning(words: ["thing"]),
    Meaning(words: ["animal"], kindOf: [0]),
    Meaning(words: ["cat", "pussy_cat"], kindOf: [1]),
    Meaning(words: ["dog"], kindOf: [1]),
    Meaning(words: ["Rex"], instanceOf: [3]),
    Meaning(words: ["carrier"], kindOf: [0]),
    Meaning(words: ["truck"], kindOf: [5]),
    Meaning(words: ["tram_car", "tram"], kindOf: [5]),
    Meaning(words: ["truck"], kindOf: [1]),
    Meaning(words: ["bat"], kindOf: [1, 5]),
    Meaning(words: ["island"]),
    // What stands for a noun in errors is one itself.
    Meaning(words: ["noun"]),
  ]
}

@Suite struct WordNetTests {
  private func similarity(
    _ names: [String], senses: [String: String] = [:]
  ) throws -> NameSimilarity {
    let folder = try TinyWordNet.write(TinyWordNet.zoo)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try .wordNet(names, senses: senses, from: WordNet(folder: folder))
  }

  @Test func theShortestWayCounts() throws {
    let found = try similarity(["cat", "dog", "rex", "truck", "Tram Car", "bat", "island"])
    func value(_ a: Int, _ b: Int) -> Double { found.values[a][b] }
    #expect(value(0, 0) == 1)
    #expect(value(0, 1) == 1.0 / 3)  // cat – animal – dog
    #expect(value(1, 2) == 1.0 / 2)  // an instance is a step as well
    #expect(value(0, 3) == 1.0 / 5)  // cat – animal – thing – carrier – truck
    #expect(value(3, 4) == 1.0 / 3)
    #expect(value(0, 5) == 1.0 / 3 && value(3, 5) == 1.0 / 3, "a bat is of both kinds")
    #expect(value(0, 6) == 0, "nothing in common")
    for i in 0..<7 { for j in 0..<7 { #expect(value(i, j) == value(j, i)) } }
    #expect(found.meanings?[4] == "tram_car.n.01: what tram_car is")
  }

  @Test func anotherMeaningCanBeTaken() throws {
    let found = try similarity(["cat", "truck"], senses: ["truck": "truck.n.02"])
    #expect(found.values[0][1] == 1.0 / 3)
    #expect(found.meanings?[1].hasPrefix("truck.n.02") == true)
    let other = try similarity(["cat", "lorry"], senses: ["lorry": "truck"])
    #expect(other.values[0][1] == 1.0 / 5)
  }

  @Test func whatCannotBeFoundIsToldTogether() throws {
    let error = #expect(throws: ExperimentError.self) {
      try similarity(
        ["cat", "dog_house", "unheard-of", "truck"],
        senses: ["truck": "truck.n.03", "dgo_house": "dog"])
    }
    let text = "\(try #require(error))"
    #expect(text.contains("no noun 'dog_house'; give it a meaning: --sense 'dog_house=dog.n.01'"))
    #expect(
      text.contains(
        "no noun 'unheard-of'; give it the meaning of another: --sense 'unheard-of=NOUN.n.01'\n"),
      "nothing is looked up for it: \(text)")
    #expect(text.contains("'truck.n.03' for 'truck': 'truck' has 2 meanings as a noun"))
    #expect(text.contains("'dgo_house', which is no class; did you mean 'dog_house'?"))
  }

  @Test func aMissingFolderNamesThePackage() throws {
    let error = #expect(throws: ExperimentError.self) { try WordNet(folder: "/nonexistent") }
    #expect("\(try #require(error))".contains("install Debian's package wordnet-base"))
  }

  @Test func damagedFilesAreNamedWithTheirPlace() throws {
    let folder = try TinyWordNet.write(TinyWordNet.zoo)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (file, text) in [
      ("index.noun", "cat n x\n"), ("index.noun", "cat n 1 9 @\n"),
      ("index.noun", "cat n 2 0 1 0 00000010\n"), ("index.noun", "cat n 1 0 1 0 99999999\n"),
      ("data.noun", String(repeating: "x", count: 5000)),
    ] {
      let path = folder + "/" + file
      let before = try String(contentsOfFile: path, encoding: .utf8)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let words = try WordNet(folder: folder)
      let error = #expect(throws: ExperimentError.self) {
        try NameSimilarity.wordNet(["cat"], from: words)
      }
      #expect("\(try #require(error))".contains(".noun: byte "), "\(text.prefix(20))")
      try before.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  static let isInstalled = FileManager.default.fileExists(
    atPath: WordNet.standardFolder + "/data.noun")

  @Test(.enabled(if: isInstalled, "the package wordnet-base is not installed"))
  func theRealFilesAreRead() throws {
    let found = try NameSimilarity.wordNet(
      ["dog", "cat", "automobile", "truck", "pickup truck", "maple_tree"],
      senses: ["maple_tree": "maple.n.02"], from: WordNet())
    // dog – canine – carnivore – feline – cat, as in the literature.
    #expect(found.values[0][1] == 0.2)
    #expect(found.values[2][3] == 1.0 / 3, "both are motor vehicles")
    #expect(found.values[3][4] == 1.0 / 2, "a pickup is a truck")
    #expect(found.meanings?[2].hasPrefix("automobile.n.01: a motor vehicle") == true)
    #expect(found.values[0][2] < found.values[0][1])
  }
}

@Suite struct SimilarityTableTests {
  private func parse(_ text: String) throws -> NameSimilarity {
    try NameSimilarity.parse(text, path: "m.csv")
  }

  private func problem(_ text: String) throws -> String {
    let error = #expect(throws: ExperimentError.self) { try parse(text) }
    return "\(try #require(error))"
  }

  @Test func rowsMayComeInAnyOrder() throws {
    let found = try parse(
      "\u{feff},cat, dog ,\"tram, red \"\"x\"\"\"\r\n\r\n"
        + "\"tram, red \"\"x\"\"\",0.1,0.2,1\r\ncat,1,.5,0.1\r\ndog,0.5,1,2e-1\r\n")
    #expect(found.names == ["cat", "dog", "tram, red \"x\""])
    #expect(found.values == [[1, 0.5, 0.1], [0.5, 1, 0.2], [0.1, 0.2, 1]])
    #expect(found.source == "m.csv")
  }

  @Test func everyMistakeHasItsPlace() throws {
    #expect(try problem("").hasPrefix("m.csv:1:1: found no names"))
    #expect(try problem(",a,a\na,1,1\n").hasPrefix("m.csv:1:4: found 'a' again"))
    #expect(try problem(",a,\na,1,1\n").hasPrefix("m.csv:1:4: found an empty name"))
    #expect(
      try problem(",cat,dog\ncat,1,0\ndgo,0,1\n")
        == "m.csv:3:1: found a row 'dgo', expected the name of a column; 'dog' on line 1, column 6, "
        + "has no row: one of them is misspelt")
    #expect(try problem(",a,b\na,1,0\na,1,0\n").hasPrefix("m.csv:3:1: found 'a' again"))
    #expect(
      try problem(",a,b\na,1,0\nb,1\n").hasPrefix("m.csv:3:3: found 1 figures, expected 2"))
    #expect(
      try problem(",a,b\na,1,0,3\nb,0,1\n").hasPrefix("m.csv:2:7: found 3 figures, expected 2"))
    #expect(try problem(",a,b\na,1,nan\nb,0,1\n").hasPrefix("m.csv:2:5: found 'nan'"))
    #expect(try problem(",a,b\na,1,x\nb,0,1\n").hasPrefix("m.csv:2:5: found 'x'"))
    #expect(
      try problem(",a,b\na,1,0.5\n\nb,0.25,1\n")
        == "m.csv:4:3: found 0.25 for 'b' and 'a', expected 0.5 as on line 2: the matrix is symmetric"
    )
    #expect(try problem(",a,b\na,1,0\n").hasPrefix("m.csv:3:1: found 1 rows, none of them 'b'"))
    #expect(try problem(",a,\"b\na,1,0\n").hasPrefix("m.csv:1:4: found a quote without its end"))
    #expect(try problem(",a,\"b\"c\na,1,0\n").hasPrefix("m.csv:1:7: found 'c'"))
  }

  @Test func setsOfNamesTakeTheMeanOfTheirPairs() throws {
    let table = try parse(",a,b,c\na,1,0.5,0.1\nb,0.5,1,0.3\nc,0.1,0.3,1\n")
    let found = try table.between([("c", ["c"]), ("ab", ["a", "b"])])
    #expect(found.names == ["c", "ab"])
    #expect(found.values[0][1] == 0.2 && found.values[1][0] == 0.2)
    let error = #expect(throws: ExperimentError.self) {
      try parse(",cat,dog\ncat,1,0\ndog,0,1\n").between([("x", ["cta"]), ("y", ["dog"])])
    }
    #expect(
      try "\(#require(error))"
        == "m.csv:1:1: found no row for 'cta' (did you mean 'cat'?), expected a row and a column for each class"
    )
  }
}
