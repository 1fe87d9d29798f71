extension ConfigSchema {
  /// What cannot be seen key by key in the `model` section.
  static func contradictions(_ model: ModelConfig) -> [(key: String, message: String)] {
    var found: [(key: String, message: String)] = []
    if model.width != 1, !model.kind.hasWidth {
      found.append(
        (
          "model.width",
          "found \(model.width), which has no meaning with model.kind '\(model.kind.rawValue)'"
        ))
    }
    return found
  }
}
