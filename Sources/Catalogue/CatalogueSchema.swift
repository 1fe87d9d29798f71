internal import Experiments
internal import GRDB

/// The tables of the index, and what is written into them.
enum CatalogueSchema {
  private static let statements = [
    """
    CREATE TABLE run (
      key TEXT PRIMARY KEY, folder_time INTEGER, file_time INTEGER, size INTEGER, inode INTEGER,
      problem TEXT, remark TEXT, has_rounds INTEGER NOT NULL DEFAULT 0,
      \(CatalogueColumn.all.map(\.declaration).joined(separator: ", "))
    )
    """,
    "CREATE TABLE word (run TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX word_run ON word (run)",
    """
    CREATE TABLE round (
      run TEXT NOT NULL, round INTEGER NOT NULL, sparsity REAL, mean_jaccard REAL, excess REAL,
      union_parameters INTEGER, balanced_accuracy REAL, joint_balanced_accuracy REAL, target REAL,
      metric TEXT, score REAL, joint_score REAL,
      PRIMARY KEY (run, round)
    ) WITHOUT ROWID
    """,
  ]

  /// A number that changes with the tables (FNV-1a): an index of another version is made anew.
  private static let version: Int32 = {
    let hash = statements.joined().utf8.reduce(UInt32(2_166_136_261)) {
      ($0 ^ UInt32($1)) &* 16_777_619
    }
    return Int32(bitPattern: hash)
  }()

  /// Whether the tables of this version are there.
  static func isThere(in database: Database) throws -> Bool {
    guard let row = try Row.fetchOne(database, sql: "PRAGMA user_version") else { return false }
    return try CatalogueCell.optional(row, 0) == Int64(version)
  }

  /// Makes the tables, in place of those of another version.
  static func make(in database: Database) throws {
    for name in ["run", "word", "round"] {
      try database.execute(sql: "DROP TABLE IF EXISTS \(name)")
    }
    for statement in statements { try database.execute(sql: statement) }
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// The stamp each known run was read at.
  static func stamps(in database: Database) throws -> [String: RunStamp] {
    var stamps: [String: RunStamp] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT key, folder_time, file_time, size, inode FROM run")
    while let row = try rows.next() {
      stamps[try CatalogueCell.required(row, 0)] = RunStamp(
        folderTime: try CatalogueCell.required(row, 1),
        fileTime: try CatalogueCell.required(row, 2),
        size: try CatalogueCell.required(row, 3), inode: try CatalogueCell.required(row, 4))
    }
    return stamps
  }

  /// Forgets a run.
  static func remove(_ name: String, from database: Database) throws {
    for sql in [
      "DELETE FROM run WHERE key = ?", "DELETE FROM word WHERE run = ?",
      "DELETE FROM round WHERE run = ?",
    ] {
      try database.cachedStatement(sql: sql).execute(arguments: [name])
    }
  }

  /// Keeps what was read of a run.
  static func insert(
    _ reading: RunReading, stamp: RunStamp, into database: Database
  ) throws {
    let columns = CatalogueColumn.all
    let fixed: [DatabaseValue] = [
      reading.name.databaseValue, stamp.folderTime.databaseValue, stamp.fileTime.databaseValue,
      stamp.size.databaseValue, stamp.inode.databaseValue,
      reading.problem?.databaseValue ?? .null, reading.remark?.databaseValue ?? .null,
    ]
    let values = fixed + zip(columns, reading.values).map { $0.stored($1) }
    let names =
      ["key", "folder_time", "file_time", "size", "inode", "problem", "remark"]
      + columns.map { "\"\($0.name)\"" }
    let places = Array(repeating: "?", count: values.count).joined(separator: ", ")
    try database.cachedStatement(
      sql: "INSERT INTO run (\(names.joined(separator: ", "))) VALUES (\(places))"
    ).execute(arguments: StatementArguments(values))
    for tag in reading.tags {
      try database.cachedStatement(sql: "INSERT INTO word (run, text) VALUES (?, ?)")
        .execute(arguments: [reading.name, tag])
    }
  }

  /// A line for each run that cannot be read, or whose labels cannot.
  static func problems(in database: Database) throws -> [String] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT key, problem, remark FROM run
        WHERE problem IS NOT NULL OR remark IS NOT NULL ORDER BY key
        """)
    return try rows.flatMap { row in
      let name = try CatalogueCell.required(row, 0, as: String.self)
      return try [1, 2].compactMap { index in
        try CatalogueCell.optional(row, index, as: String.self).map { "\(name): \($0)" }
      }
    }
  }

  /// The rounds of a run; `nil` if they were not read yet.
  static func rounds(of name: String, in database: Database) throws -> [RoundFigures]? {
    let present = try Row.fetchOne(
      database, sql: "SELECT has_rounds FROM run WHERE key = ? AND file_time >= 0",
      arguments: [name])
    guard let present, try CatalogueCell.required(present, 0, as: Bool.self) else { return nil }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT round, sparsity, mean_jaccard, excess, union_parameters, balanced_accuracy,
          joint_balanced_accuracy, target, metric, score, joint_score
        FROM round WHERE run = ? ORDER BY round
        """, arguments: [name])
    return try rows.map { row in
      var figures = RoundFigures(round: try CatalogueCell.required(row, 0))
      figures.sparsity = try CatalogueCell.optional(row, 1)
      figures.meanJaccard = try CatalogueCell.optional(row, 2)
      figures.excess = try CatalogueCell.optional(row, 3)
      figures.unionParameters = try CatalogueCell.optional(row, 4)
      figures.balancedAccuracy = try CatalogueCell.optional(row, 5)
      figures.jointBalancedAccuracy = try CatalogueCell.optional(row, 6)
      figures.target = try CatalogueCell.optional(row, 7)
      if let name = try CatalogueCell.optional(row, 8, as: String.self),
        let metric = QualityMetric(rawValue: name)
      {
        figures.score = try CatalogueCell.optional(row, 9).map { QualityScore(metric, $0) }
        figures.jointScore = try CatalogueCell.optional(row, 10).map { QualityScore(metric, $0) }
      }
      return figures
    }
  }

  /// Keeps the rounds of a run.
  static func keep(_ rounds: [RoundFigures], of name: String, in database: Database) throws {
    try database.execute(sql: "DELETE FROM round WHERE run = ?", arguments: [name])
    for figures in rounds {
      try database.cachedStatement(
        sql: "INSERT INTO round VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      )
      .execute(arguments: [
        name, figures.round, figures.sparsity, figures.meanJaccard, figures.excess,
        figures.unionParameters, figures.balancedAccuracy, figures.jointBalancedAccuracy,
        figures.target, (figures.score ?? figures.jointScore)?.metric.rawValue,
        figures.score?.value, figures.jointScore?.value,
      ])
    }
    try database.execute(sql: "UPDATE run SET has_rounds = 1 WHERE key = ?", arguments: [name])
  }
}
