internal import Foundation

extension NameSimilarity {
  /// WordNet's path similarity of nouns: 1 / (1 + the fewest steps from one meaning to the other over
  /// what they are both a kind of); 0 where they are kinds of nothing in common.
  /// - Parameters:
  ///   - names: the nouns; the first meaning of each is taken.
  ///   - senses: another meaning for some of them, written `truck.n.01`.
  /// - Throws: `ExperimentError.unknownNames` with all that cannot be found and what to do,
  ///   `.damaged` for files of another form.
  public static func wordNet(
    _ names: [String], senses: [String: String] = [:], from words: WordNet
  ) throws -> NameSimilarity {
    var problems = senses.keys.filter { !names.contains($0) }.sorted().map { name in
      "a meaning for '\(name)', which is no class"
        + (NearestName.find(name, among: names).map { "; did you mean '\($0)'?" } ?? "")
    }
    var places: [Int] = []
    var meanings: [String] = []
    for name in names {
      do {
        let sense = try words.sense(senses[name] ?? name, of: name)
        places.append(sense.place)
        meanings.append("\(sense.name): \(try words.meaning(at: sense.place))")
      } catch let problem as SenseProblem { problems.append(problem.text) }
    }
    guard problems.isEmpty else {
      throw ExperimentError.unknownNames(
        source: "WordNet in \(words.folder)", problems: problems)
    }
    let above = try places.map(words.above)
    let values = above.map { first in
      above.map { second in
        let steps = first.compactMap { place, steps in second[place].map { steps + $0 } }.min()
        return steps.map { 1 / (1 + Double($0)) } ?? 0
      }
    }
    return NameSimilarity(
      source: "WordNet path similarity (\(words.folder))", names: names, values: values,
      meanings: meanings)
  }
}

/// Why a name has no meaning.
private struct SenseProblem: Error {
  let text: String
}

extension WordNet {
  /// The meaning that a text names: a noun's first, or `truck.n.02`.
  fileprivate func sense(_ text: String, of name: String) throws -> (name: String, place: Int) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    // A name may have dots of its own.
    let isSense = parts.count >= 3 && parts[parts.count - 2].count == 1
    guard isSense, let number = parts.last.flatMap({ Int($0) }) else {
      guard let first = try senses(of: text).first else { throw try unknown(text, of: name) }
      return ("\(Self.lemma(text)).n.01", first)
    }
    let noun = parts.dropLast(2).joined(separator: ".")
    let all = try senses(of: noun)
    guard parts[parts.count - 2] == "n", (1...max(1, all.count)).contains(number), !all.isEmpty
    else {
      throw SenseProblem(
        text: "'\(text)' for '\(name)': '\(Self.lemma(noun))' has "
          + (all.isEmpty
            ? "no meaning" : all.count == 1 ? "one meaning" : "\(all.count) meanings")
          + " as a noun"
          + (all.isEmpty ? "" : ", \(Self.lemma(noun)).n.1 to n.\(all.count)"))
    }
    let digits = number < 10 ? "0\(number)" : "\(number)"
    return ("\(Self.lemma(noun)).n.\(digits)", all[number - 1])
  }

  /// What a meaning is, in few words: the beginning of what WordNet says of it.
  fileprivate func meaning(at place: Int) throws -> String {
    let synset = try synset(at: place)
    let first = synset.gloss.split(separator: ";").first.map(String.init) ?? synset.gloss
    return first.isEmpty ? synset.words.joined(separator: ", ") : first
  }

  /// What is wrong with a name that is no noun, and what could be meant.
  private func unknown(_ text: String, of name: String) throws -> SenseProblem {
    // Part of a compound often is a noun: maple_tree, lawn_mower_2.
    let parts = Self.lemma(text).split { $0 == "_" || $0 == "-" }.map(String.init)
    let shorter = parts.indices.flatMap { index in
      [parts[...index].joined(separator: "_"), parts[index...].joined(separator: "_")]
    }.sorted { $0.count > $1.count }
    guard let known = try shorter.first(where: { try !senses(of: $0).isEmpty }) else {
      return SenseProblem(
        text: "no noun '\(Self.lemma(text))'; give it the meaning of another: "
          + "--sense '\(name)=NOUN.n.01'")
    }
    let choices = try senses(of: known).prefix(4).enumerated().map { number, place in
      "\n    \(known).n.0\(number + 1): \(try meaning(at: place))"
    }
    let advice = "give it a meaning: --sense '\(name)=\(known).n.01'" + choices.joined()
    return SenseProblem(text: "no noun '\(Self.lemma(text))'; \(advice)")
  }
}
