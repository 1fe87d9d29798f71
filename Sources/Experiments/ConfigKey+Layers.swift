internal import Yams

extension ConfigKey {
  /// A network layer by layer, such as `[{conv: {out: 16, kernel: 3}}, bn, relu]`; may be left unset.
  static func layers(_ name: String, _ path: Path<[LayerRecipe]?>) -> ConfigKey {
    ConfigKey(name: name) { node, config in
      do throws(LayerReader.Mistake) {
        let layers = try LayerReader.list(node, prefix: "", depth: 0)
        let count = layers.reduce(0) { $0 + $1.count }
        guard count <= LayerRecipe.lengthLimit else {
          return (node, "found \(count) layers, expected at most \(LayerRecipe.lengthLimit)")
        }
        config[keyPath: path] = layers
        return nil
      } catch {
        return (.scalar(Node.Scalar("", .implicit, .any, error.mark)), error.message)
      }
    } write: { config in
      config[keyPath: path].map(LayerRecipe.yaml)
    }
  }

  /// Calls with the number of each layer of a recipe, as `RecipeShapes` counts them, and its node.
  static func forEachLayer(
    in node: Node, prefix: String = "", _ body: (_ number: String, Node) -> Void
  ) {
    for (index, entry) in (node.sequence ?? []).enumerated() {
      let number = "\(prefix)\(index + 1)"
      body(number, entry)
      guard let content = entry.mapping?["residual"] else { continue }
      forEachLayer(in: content, prefix: "\(number).", body)
      guard let parts = content.mapping else { continue }
      if let inner = parts["body"] { forEachLayer(in: inner, prefix: "\(number).", body) }
      if let side = parts["shortcut"] {
        forEachLayer(in: side, prefix: "\(number).shortcut.", body)
      }
    }
  }
}

/// Reads the layers of a recipe.
private struct LayerReader {
  struct Mistake: Error {
    let mark: Mark?
    let message: String
  }

  /// The layer's number, as messages call it.
  let number: String
  /// The word it begins with.
  let word: String
  /// What is said of it; the entry itself where there is only the word.
  let node: Node
  /// Its numbers by name.
  let options: Node.Mapping

  static func list(
    _ node: Node, prefix: String, depth: Int
  ) throws(Mistake) -> [LayerRecipe] {
    guard let entries = node.sequence, !entries.isEmpty else {
      throw Mistake(
        mark: node.mark,
        message: (prefix.isEmpty ? "" : "layer \(prefix.dropLast()): ")
          + "found \(ConfigKey.describe(node)), expected a list of layers, such as "
          + "[{conv: {out: 16, kernel: 3}}, bn, relu]")
    }
    var layers: [LayerRecipe] = []
    for (index, entry) in entries.enumerated() {
      layers.append(try layer(entry, number: "\(prefix)\(index + 1)", depth: depth))
    }
    return layers
  }

  private static func layer(
    _ entry: Node, number: String, depth: Int
  ) throws(Mistake) -> LayerRecipe {
    let word: String?
    var content = entry
    if let mapping = entry.mapping {
      word = mapping.count == 1 ? mapping.first?.key.scalar?.string : nil
      content = mapping.first?.value ?? entry
    } else {
      word = entry.scalar?.string
    }
    guard let word, LayerRecipe.words.contains(word) else {
      let nearest = word.flatMap { NearestName.find($0, among: LayerRecipe.words) }
      throw Mistake(
        mark: entry.mark,
        message: "layer \(number): found \(word.map { "'\($0)'" } ?? ConfigKey.describe(entry)), "
          + "expected one of " + LayerRecipe.words.joined(separator: ", ")
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    let reader = LayerReader(
      number: number, word: word, node: content, options: content.mapping ?? Node.Mapping([]))
    if word == "residual" { return try reader.residual(depth: depth) }
    if ["bn", "relu", "flatten"].contains(word) {
      guard entry.scalar != nil else { throw reader.mistake("expected '\(word)' alone") }
    } else if word == "pool", content.scalar?.string == "global", entry.mapping != nil {
      return .globalPool
    } else if content.mapping == nil {
      throw reader.mistake("expected \(word): {…}")
    }
    return try reader.plain()
  }

  private func plain() throws(Mistake) -> LayerRecipe {
    switch word {
    case "conv":
      try allow(["out", "kernel", "stride"])
      return .convolution(
        outputs: try value("out", Array(LayerRecipe.widths)),
        kernel: try value("kernel", [1, 3, 5, 7]), stride: try value("stride", [1, 2, 3, 4], 1))
    case "depthwise":
      try allow(["kernel", "stride"])
      return .depthwise(
        kernel: try value("kernel", [3, 5]), stride: try value("stride", [1, 2], 1))
    case "linear":
      try allow(["out"])
      return .linear(outputs: try value("out", Array(LayerRecipe.widths)))
    case "pool":
      try allow(["kind", "size"])
      let size = try value("size", Array(2...64))
      switch options["kind"]?.scalar?.string {
      case "max": return .maxPool(size: size)
      case "average": return .averagePool(size: size)
      default:
        throw mistake(
          "expected kind: max or average (or 'pool: global')", at: options["kind"] ?? node)
      }
    case "se":
      try allow(["reduction"])
      return .squeezeExcitation(reduction: try value("reduction", Array(1...256)))
    case "bn": return .batchNorm
    case "relu": return .rectifier
    default: return .flatten
    }
  }

  private func residual(depth: Int) throws(Mistake) -> LayerRecipe {
    guard depth < LayerRecipe.depthLimit else {
      throw mistake("expected residuals in at most \(LayerRecipe.depthLimit) others")
    }
    guard node.mapping != nil else {
      return .residual(
        body: try Self.list(node, prefix: "\(number).", depth: depth + 1), shortcut: [])
    }
    try allow(["body", "shortcut"])
    guard let body = options["body"] else { throw mistake("expected body: [layers]") }
    return .residual(
      body: try Self.list(body, prefix: "\(number).", depth: depth + 1),
      shortcut: try options["shortcut"].map { node throws(Mistake) in
        try Self.list(node, prefix: "\(number).shortcut.", depth: depth + 1)
      } ?? [])
  }

  /// Refuses names that the layer does not know.
  private func allow(_ names: [String]) throws(Mistake) {
    for (key, _) in options where !names.contains(key.scalar?.string ?? "") {
      let nearest = key.scalar.flatMap { NearestName.find($0.string, among: names) }
      throw mistake(
        "expected \(names.joined(separator: ", "))"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""), at: key)
    }
  }

  private func value(_ name: String, _ allowed: [Int], _ standard: Int? = nil) throws(Mistake)
    -> Int
  {
    guard let found = options[name] else {
      if let standard { return standard }
      throw Mistake(
        mark: node.mark, message: "layer \(number): \(word): found no '\(name)', expected it")
    }
    guard let value = found.scalar.flatMap({ Int($0.string) }), allowed.contains(value) else {
      let (low, high) = (allowed.first ?? 0, allowed.last ?? 0)
      let expected =
        allowed.count > 4
        ? "a whole number from \(low) to \(high)"
        : allowed.map { "\($0)" }.joined(separator: " or ")
      throw Mistake(
        mark: found.mark,
        message: "layer \(number): \(word): \(name): found \(ConfigKey.describe(found)), "
          + "expected \(expected)")
    }
    return value
  }

  private func mistake(_ expected: String, at place: Node? = nil) -> Mistake {
    let place = place ?? node
    return Mistake(
      mark: place.mark,
      message: "layer \(number): \(word): found \(ConfigKey.describe(place)), \(expected)")
  }
}
