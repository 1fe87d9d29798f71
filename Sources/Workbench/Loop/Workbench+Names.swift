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
      return .unknown(
        "\(problems.count) of the names cannot be found (\(source)): give them a meaning with rtl "
          + "align --sense, or a matrix with --similarity")
    } catch {
      return .unknown("\(error)")
    }
  }
}
