internal import Experiments

extension Workbench {
  /// Looks names up in WordNet, away from the main actor.
  func lookUp(_ names: [String]) {
    Task { post(.namesFound(await Self.find(names), for: names)) }
  }

  @concurrent private nonisolated static func find(_ names: [String]) async -> AlignmentView.Names {
    do {
      return .known(try NameSimilarity.wordNet(names, from: WordNet()))
    } catch ExperimentError.unknownNames(let source, let problems) {
      return .unfound(problems, source: source)
    } catch {
      return .unknown("\(error)")
    }
  }
}

extension AlignmentView.Names {
  /// Names that cannot be found: the first few, and what to do.
  /// - Parameter problems: a sentence for each, which begins with the name.
  package static func unfound(_ problems: [String], source: String) -> Self {
    let told = problems.prefix(3).map { String($0.prefix { $0 != ";" && $0 != "\n" }) }
    let more = problems.count > told.count ? " and \(problems.count - told.count) more" : ""
    return .unknown(
      "\(source): " + told.joined(separator: ", ") + more
        + ": give them a meaning with rtl align --sense, or a matrix with --similarity")
  }
}
