extension Unicode.Scalar {
  /// Whether it shows nothing of itself: control characters (C0, DEL and C1), line separators, marks of
  /// direction, fillers and other invisible ones.
  ///
  /// Such a character can drive a terminal, reorder a line, or make two names look the same. Variation
  /// selectors belong to the sign before them and are none.
  public var isUnprintable: Bool {
    if isASCII { return value < 32 || value == 127 }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return true
    default: return properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector
    }
  }

  /// Whether it joins or parts the letters or emoji around it: unprintable by itself, needed in running
  /// text.
  public var isJoiner: Bool { value == 0x200C || value == 0x200D }
}

extension StringProtocol {
  /// Whether there is an unprintable character in it.
  public var hasUnprintable: Bool { unicodeScalars.contains(where: \.isUnprintable) }
}
