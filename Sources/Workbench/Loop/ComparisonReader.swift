internal import Experiments

/// Reads the runs of a comparison, and later what their logs have grown by; away from the main actor, for
/// a frame never waits for a disk.
actor ComparisonReader {
  private let library: any RunLibrary
  private let names: [String]
  private var folds: [EventFold<ComparedRun>] = []

  /// Runs of which nothing is read.
  init(_ names: [String], from library: any RunLibrary) {
    self.library = library
    self.names = names
  }

  /// Reads all runs.
  /// - Throws: an error whose description is meant for a person.
  func read() throws -> [ComparedRun] {
    folds = try names.map { name in
      var run = ComparedRun(name: name)
      let values = library.configuration(of: name)
      run.keys = values.map(\.key)
      run.configuration = Dictionary(values.map { ($0.key, $0.value) }) { first, _ in first }
      var fold = EventFold(run) { $0.apply($1) }
      _ = try library.read(name, into: &fold)
      return fold
    }
    return folds.map(\.value)
  }

  /// Reads what is new. Of a run that cannot be read any more stays what is known.
  /// - Returns: all runs; `nil` if there is nothing new.
  func readOn() -> [ComparedRun]? {
    var isNew = false
    for index in folds.indices {
      let hasGrown = try? library.read(names[index], into: &folds[index])
      isNew = isNew || hasGrown == true
    }
    return isNew ? folds.map(\.value) : nil
  }
}
