extension Theme {
  /// The theme that the others build on.
  public static let standard = Theme(name: "dark")
}
