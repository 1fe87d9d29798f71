import Experiments
import Foundation

extension FuzzTarget {
  /// The reader of matrices of names.
  static func similarity() -> FuzzTarget {
    FuzzTarget(
      name: "similarity",
      samples: bytes([
        ",cat,dog,\"a, \"\"b\"\"\"\ncat,1,0.5,0.1\ndog,0.5,1,0\n\"a, \"\"b\"\"\",0.1,0,1\n",
        "x,a,b\r\nb,1,1\r\na,1,1\r\n",
      ]),
      words: bytes([
        ",", "\"", "\"\"", "\n", "\r\n", "\u{feff}", "nan", "inf", "1e999", "-0", "cat", " ",
      ])
    ) { input in
      let table = try NameSimilarity.parse(String(decoding: input, as: UTF8.self), path: "m.csv")
      let isSquare = table.values.allSatisfy { $0.count == table.names.count }
      return isSquare && table.values.allSatisfy { $0.allSatisfy(\.isFinite) } ? nil : "\(table)"
    }
  }

  /// The readers of WordNet's two files: the input is both of them, the first up to a zero byte.
  static func wordNet() throws -> FuzzTarget {
    let index = try ScratchFile("wordnet/index.noun")
    let data = try ScratchFile("wordnet/data.noun")
    let folder = (index.path as NSString).deletingLastPathComponent
    let thing = "00000000 03 n 01 thing 0 001 ~ 00000055 n 0000 | what is  \n"
    let cat =
      "\(String(format: "%08d", thing.utf8.count)) 03 n 01 cat 0 001 @ 00000000 n 0000 | a cat  \n"
    let place = String(format: "%08d", thing.utf8.count)
    return FuzzTarget(
      name: "wordnet",
      samples: [
        Array("cat n 1 1 @ 1 0 \(place)  \nthing n 1 1 ~ 1 0 00000000  \n".utf8) + [0]
          + Array((thing + cat).utf8)
      ],
      words: bytes([
        "@ ", "@i ", "00000000", "99999999", "-1", "ff", " n ", "|", "\n", "cat", "001",
      ])
    ) { input in
      let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      try index.write(Array(parts[0]))
      try data.write(Array(parts.count > 1 ? parts[1] : []))
      let found = try NameSimilarity.wordNet(["cat", "thing"], from: WordNet(folder: folder))
      let value = found.values[0][1]
      return (0...1).contains(value) && value == found.values[1][0] ? nil : "\(value)"
    }
  }
}
