internal import Experiments

/// What was read of a run for the index: its figures, or what is wrong with its files.
struct RunReading {
  /// The run's name, which is its folder's.
  let name: String
  /// A value for each of `CatalogueColumn.all`.
  let values: [CatalogueValue]
  /// The tags.
  let tags: [String]
  /// Why there are no figures.
  let problem: String?
  /// What is wrong and costs only the labels.
  let remark: String?

  /// Reads a run's summary and labels.
  init(of directory: RunDirectory) {
    name = directory.name
    var labels = RunLabels()
    var remark: String?
    do {
      labels = try directory.labels()
    } catch {
      // Labels that cannot be read must not hide the run.
      remark = "\(error)"
    }
    self.remark = remark
    tags = labels.tags
    do {
      var summary = try directory.summary()
      // The folder may have been copied or renamed since.
      summary.name = directory.name
      values = CatalogueColumn.all.map { $0.value(summary, labels) }
      problem = nil
    } catch {
      values = CatalogueColumn.all.map { _ in .missing }
      problem = "\(error)"
    }
  }
}
