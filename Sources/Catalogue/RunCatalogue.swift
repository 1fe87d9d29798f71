internal import Experiments
internal import Foundation
internal import GRDB

/// All runs of a folder, their figures and rounds, in one table that can be asked.
///
/// The table is an index, `catalogue.sqlite` in the runs folder: everything in it comes from the run
/// directories, so it can be deleted at any time. Where it is damaged it is made anew, where it
/// cannot be used (locked, a folder that cannot be written) the answer comes from one in memory; the
/// person gets the answer either way, and `remarks` says what was done.
public final class RunCatalogue {
  /// The folder of the runs.
  public let runsFolder: String
  /// What a person should know about the index and about runs that cannot be read.
  public private(set) var remarks: [String] = []

  private var queue: DatabaseQueue?

  private let patience: Double

  /// The catalogue of a runs folder, which may not exist yet.
  /// - Parameter patience: seconds to wait for an index that another program has locked.
  public init(runsFolder: String, patience: Double = 2) {
    self.runsFolder = runsFolder
    self.patience = patience
  }

  /// The index's file.
  public var path: String { (runsFolder as NSString).appendingPathComponent("catalogue.sqlite") }

  /// The runs that meet a condition, after a look at what has changed on disk.
  /// - Parameters:
  ///   - order: by name, if not given.
  ///   - limit: how many at most.
  /// - Throws: `ExperimentError` if the runs folder cannot be read.
  public func runs(
    where filter: RunFilter? = nil, order: RunOrder? = nil, limit: Int? = nil
  ) throws -> [CatalogueEntry] {
    try answer { queue in
      try refresh(queue)
      return try queue.inDatabase { database in
        try Self.select(database, filter, order, limit)
      }
    }
  }

  /// The finished rounds of runs, in the order of the names; a run whose log cannot be read has none.
  public func rounds(of names: [String]) throws -> [(run: String, figures: RoundFigures)] {
    try answer { queue in
      try queue.inDatabase { database in
        try names.flatMap { name in
          try self.rounds(of: name, in: database).map { (name, $0) }
        }
      }
    }
  }

  /// How many runs had changed when it looked last, for measurements.
  public private(set) var lastRefreshed = 0

  // MARK: - The index and its troubles

  /// Asks the index; on trouble with it, a new one, and at last one in memory.
  private func answer<Answer>(_ ask: (DatabaseQueue) throws -> Answer) throws -> Answer {
    guard FileManager.default.fileExists(atPath: runsFolder) else {
      return try ask(try inMemory())
    }
    do {
      return try ask(try opened())
    } catch let error as DatabaseError {
      queue = nil
      guard !Self.isObstacle(error) else {
        return try ask(try bypass(because: error))
      }
      do {
        for suffix in ["", "-journal", "-wal", "-shm"] {
          let file = path + suffix
          guard FileManager.default.fileExists(atPath: file) else { continue }
          try FileManager.default.removeItem(atPath: file)
        }
        let answer = try ask(try opened())
        remarks.insert("\(path): damaged (\(Self.reason(error))); made anew from the runs", at: 0)
        return answer
      } catch let second as DatabaseError {
        return try ask(try bypass(because: second))
      } catch let second as CocoaError {
        remarks.append("\(path): damaged, and cannot be deleted: \(second.localizedDescription)")
        return try ask(try inMemory())
      }
    }
  }

  private func bypass(because error: DatabaseError) throws -> DatabaseQueue {
    remarks.append("\(path): cannot be used (\(Self.reason(error))); read the runs themselves")
    return try inMemory()
  }

  private func inMemory() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try queue.write { try CatalogueSchema.make(in: $0) }
    self.queue = queue
    return queue
  }

  private func opened() throws -> DatabaseQueue {
    if let queue { return queue }
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase { database in
      guard try !CatalogueSchema.isThere(in: database) else { return }
      try database.inTransaction(.immediate) {
        try CatalogueSchema.make(in: database)
        return .commit
      }
    }
    self.queue = queue
    return queue
  }

  /// Whether the trouble is in the way to the file and not in the file.
  private static func isObstacle(_ error: DatabaseError) -> Bool {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM,
      .SQLITE_AUTH, .SQLITE_FULL, .SQLITE_IOERR:
      true
    default:
      false
    }
  }

  private static func reason(_ error: DatabaseError) -> String {
    error.message ?? "SQLite error \(error.resultCode.rawValue)"
  }

  // MARK: - Refreshing

  /// Brings the index up to date: reads the runs whose stamp has changed, forgets those that are gone.
  private func refresh(_ queue: DatabaseQueue) throws {
    let now = RunStamp.now()
    let present = try RunStamps.all(in: runsFolder)
    try queue.inDatabase { database in
      var known = try CatalogueSchema.stamps(in: database)
      var gone: [String] = []
      var changed: [(directory: RunDirectory, stamp: RunStamp)] = []
      for (name, stamp) in present {
        let before = known.removeValue(forKey: name)
        guard before != stamp else { continue }
        if let directory = try? RunDirectory.open(name, in: runsFolder, suggests: false) {
          changed.append((directory, stamp))
        } else if before != nil {
          gone.append(name)
        }
      }
      gone += known.keys
      lastRefreshed = changed.count
      if !changed.isEmpty || !gone.isEmpty {
        try database.inTransaction(.immediate) {
          for name in gone { try CatalogueSchema.remove(name, from: database) }
          for (directory, stamp) in changed {
            try CatalogueSchema.remove(directory.name, from: database)
            try CatalogueSchema.insert(
              RunReading(of: directory), stamp: stamp.isSettled(at: now) ? stamp : .never,
              into: database)
          }
          return .commit
        }
      }
      remarks += try CatalogueSchema.problems(in: database)
    }
  }

  private func rounds(of name: String, in database: Database) throws -> [RoundFigures] {
    if let known = try CatalogueSchema.rounds(of: name, in: database) { return known }
    let rounds: [RoundFigures]
    do {
      let directory = try RunDirectory.open(name, in: runsFolder)
      rounds = try RoundFigures.rounds(of: directory)
    } catch let error as ExperimentError {
      remarks.append("\(name): \(error)")
      return []
    }
    try database.inTransaction(.immediate) {
      try CatalogueSchema.keep(rounds, of: name, in: database)
      return .commit
    }
    return rounds
  }

  private static func select(
    _ database: Database, _ filter: RunFilter?, _ order: RunOrder?, _ limit: Int?
  ) throws -> [CatalogueEntry] {
    let columns = CatalogueColumn.all
    var sql = "SELECT " + columns.map(\.sql).joined(separator: ", ") + " FROM run"
    sql += " WHERE problem IS NULL" + (filter.map { " AND \($0.sql)" } ?? "")
    sql += " ORDER BY " + (order?.sql ?? "run.name")
    var values = filter?.values ?? []
    if let limit {
      sql += " LIMIT ?"
      values.append(limit.databaseValue)
    }
    var entries: [CatalogueEntry] = []
    let rows = try Row.fetchCursor(database, sql: sql, arguments: StatementArguments(values))
    while let row = try rows.next() {
      let cells = try columns.indices.map { try columns[$0].restored(row[$0]) }
      entries.append(CatalogueEntry(name: try CatalogueCell.required(row, 0), values: cells))
    }
    return entries
  }
}
