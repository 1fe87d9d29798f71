extension RunDirectory {
  /// The folder of what was found out about the run afterwards: nothing in it is of the run itself, so no
  /// hash covers it, and all of it can be made again.
  public var analysisPath: String { path + "/analysis" }
}
