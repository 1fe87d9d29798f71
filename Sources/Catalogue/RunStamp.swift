internal import Glibc

/// What tells, without reading a file of a run, that the run has changed since it was read.
///
/// Two looks at the disk: the time of the run's folder (renewed when a file in it is replaced, as the
/// summary and the labels are, or comes or goes), and time, size and number of `summary.json`, or of
/// `events.jsonl` where there is no summary.
struct RunStamp: Equatable {
  /// Nanoseconds since 1970 of the folder's last change.
  var folderTime: Int64
  /// Nanoseconds since 1970 of the file's last change; 0 without a file.
  var fileTime: Int64
  /// Bytes of the file.
  var size: Int64
  /// The file's number on its disk; another when it was replaced.
  var inode: Int64

  /// The stamp of a run; `nil` if there is no folder of this name.
  /// - Parameter folder: an open descriptor of the runs folder.
  init?(of name: String, in folder: Int32) {
    var facts = stat()
    guard fstatat(folder, name, &facts, 0) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      return nil
    }
    folderTime = Self.nanoseconds(facts.st_mtim)
    let hasFile =
      fstatat(folder, name + "/summary.json", &facts, 0) == 0
      || fstatat(folder, name + "/events.jsonl", &facts, 0) == 0
    fileTime = hasFile ? Self.nanoseconds(facts.st_mtim) : 0
    size = hasFile ? Int64(facts.st_size) : 0
    inode = hasFile ? Int64(truncatingIfNeeded: facts.st_ino) : 0
  }

  init(folderTime: Int64, fileTime: Int64, size: Int64, inode: Int64) {
    self.folderTime = folderTime
    self.fileTime = fileTime
    self.size = size
    self.inode = inode
  }

  /// The stamp of nothing; no run has it.
  static let never = RunStamp(folderTime: -1, fileTime: -1, size: -1, inode: -1)

  /// Whether a change after the reading is bound to show: the clocks of file systems are coarse, so
  /// what changed within two seconds of being read is read again next time.
  func isSettled(at now: Int64) -> Bool {
    max(folderTime, fileTime) < now - 2_000_000_000
  }

  /// Nanoseconds since 1970.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return nanoseconds(time)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    let (whole, overflows) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return overflows ? .max : whole &+ Int64(time.tv_nsec)
  }
}
