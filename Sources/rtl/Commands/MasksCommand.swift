import ArgumentParser
import Experiments
import LotteryEngine

/// `rtl masks`: how the masks of a round overlap, globally or within a layer.
struct MasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Compare the masks of a round: Jaccard of every pair beside the chance level.",
    discussion: "Example: rtl masks demo --round 4 --layer layers.0.conv.weight")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption

  @Option(help: "The pruning round (default: the last).")
  var round: Int?

  @Option(help: "A prunable layer, by its parameter name (default: all layers together).")
  var layer: String?

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    let report = try stored.overlap(round: round)
    let names = stored.subnetworkNames
    guard let layer else {
      if json {
        print(try ExperimentJSON.pretty(report))
      } else {
        print("round \(report.round), all prunable layers")
        print(matrix(report.jaccard, report.chance, names))
        print("\nlayer by layer: mean J of all pairs, mean chance, mean sparsity")
        print(layerTable(report.layers))
      }
      return
    }
    guard let found = report.layers.first(where: { $0.name == layer }) else {
      throw EngineError.noSuchLayer(layer, layers: report.layers.map(\.name))
    }
    if json {
      print(try ExperimentJSON.pretty(found))
    } else {
      print(Printable.line("round \(report.round), layer \(layer)"))
      print(matrix(found.jaccard, found.chance, names))
    }
  }

  /// Below the diagonal J, above it J − chance.
  private func matrix(_ jaccard: [[Double]], _ chance: [[Double]], _ names: [String]) -> String {
    let rows = names.indices.map { i in
      [names[i]]
        + names.indices.map { j in
          i == j ? "·" : Figure.decimal(i > j ? jaccard[i][j] : jaccard[i][j] - chance[i][j])
        }
    }
    return TextTable.render(
      header: ["J \\ J−chance"] + names, rows: rows, leftAligned: [0])
  }

  private func layerTable(_ layers: [LayerOverlap]) -> String {
    func pairMean(_ matrix: [[Double]]) -> Double? {
      Figure.mean(
        matrix.indices.flatMap { i in matrix.indices.filter { $0 > i }.map { matrix[i][$0] } })
    }
    return TextTable.render(
      header: ["layer", "J", "chance", "sparsity"],
      rows: layers.map { layer in
        [
          layer.name, Figure.decimal(pairMean(layer.jaccard)),
          Figure.decimal(pairMean(layer.chance)), Figure.percent(Figure.mean(layer.sparsity)),
        ]
      }, leftAligned: [0])
  }
}
