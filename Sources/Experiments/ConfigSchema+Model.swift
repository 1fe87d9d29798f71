extension ConfigSchema {
  /// What cannot be seen key by key in the `model` section.
  /// - Parameter side: pixels of a row and of a column of the images.
  static func contradictions(
    _ model: ModelConfig, side: Int
  ) -> [(key: String, message: String)] {
    var found: [(key: String, message: String)] = []
    let kind = model.kind.rawValue
    if model.width != 1, !model.kind.hasWidth {
      found.append(
        ("model.width", "found \(model.width), which has no meaning with model.kind '\(kind)'"))
    }
    if let hash = model.initialHash, !isHash(hash) {
      found.append(
        ("model.initial_sha256", "found '\(hash)', expected 64 hexadecimal digits in lower case"))
    }
    if model.initialHash != nil, model.initial == nil {
      found.append(("model.initial_sha256", "has no meaning without model.initial"))
    }
    if model.mask != .unbounded, model.kind != .spectralUNet {
      found.append(
        (
          "model.mask",
          "found '\(model.mask.rawValue)', which has no meaning with model.kind '\(kind)'"
        ))
    }
    guard let layers = model.layers else {
      if model.kind == .recipe {
        found.append(("model.kind", "'recipe' needs model.layers: a list of layers"))
      }
      return found
    }
    guard model.kind == .recipe else {
      found.append(("model.layers", "has no meaning with model.kind '\(kind)'; use 'recipe'"))
      return found
    }
    do {
      _ = try RecipeShapes(layers, side: side)
    } catch {
      found.append((place(ofLayer: error.layer), error.message))
    }
    return found
  }

  /// The name under which the place of a layer is kept.
  static func place(ofLayer number: String) -> String { "model.layers, layer \(number)" }

  private static func isHash(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
