import Experiments
import Foundation
import Synchronization

/// A disk in memory that fails or loses power at a chosen operation, and then has only what was synced.
///
/// A file has a content in the cache and one on the platter; a folder has entries on the platter and
/// operations on them that are only in the cache, in order. A power cut keeps a prefix of those.
final class UnreliableDisk: FileOperations {
  /// What happens at the chosen operation.
  enum Trouble { case failure, powerCut }

  /// What survives a power cut beyond what was synced.
  enum Survival {
    case nothing
    case everything
    case some(seed: UInt64)
  }

  struct Broken: Error, CustomStringConvertible {
    var description: String { "No space left on device" }
  }

  private enum Change {
    case add(String, Int)
    case remove(String)
    case move(String, to: String)
  }

  private struct Node {
    var isFolder: Bool
    var content = Data()
    var syncedContent = Data()
    var entries: [String: Int] = [:]
    var syncedEntries: [String: Int] = [:]
    var unsynced: [Change] = []
  }

  private struct State {
    var nodes = [Node(isFolder: true)]
    var operations = 0
    var trouble: (at: Int, kind: Trouble)?
    var isOff = false
    /// What can be seen but not read.
    var unreadable: Set<String> = []
  }

  private let state = Mutex(State())

  /// Operations that changed something, so far.
  var operations: Int { state.withLock { $0.operations } }

  /// Plans a trouble, counted from the next operation.
  func plan(_ kind: Trouble, after count: Int) {
    state.withLock { $0.trouble = ($0.operations + count, kind) }
  }

  /// The disk as it is found after a power cut.
  func restart(_ survival: Survival) {
    state.withLock { state in
      state.isOff = false
      state.trouble = nil
      var random = SplitMix(state: { if case .some(let seed) = survival { seed } else { 0 } }())
      for index in state.nodes.indices {
        var node = state.nodes[index]
        var kept: Int
        switch survival {
        case .nothing: kept = 0
        case .everything: kept = node.unsynced.count
        case .some: kept = Int(random.next() % UInt64(node.unsynced.count + 1))
        }
        for change in node.unsynced where kept > 0 {
          Self.apply(change, to: &node.syncedEntries)
          kept -= 1
        }
        node.unsynced = []
        node.entries = node.syncedEntries
        switch survival {
        case .nothing: break
        case .everything: node.syncedContent = node.content
        case .some where node.content != node.syncedContent:
          let count = Int(random.next() % UInt64(node.content.count + 1))
          node.syncedContent = node.content.prefix(count)
        case .some: break
        }
        node.content = node.syncedContent
        state.nodes[index] = node
      }
    }
  }

  /// Changes a file behind everybody's back.
  func damage(_ path: String, _ change: (inout Data) -> Void) {
    state.withLock { state in
      guard let node = Self.find(path, in: state) else { return }
      change(&state.nodes[node].content)
      state.nodes[node].syncedContent = state.nodes[node].content
    }
  }

  /// Makes a file one whose blocks the disk does not give out.
  func makeUnreadable(_ path: String) {
    state.withLock { _ = $0.unreadable.insert(path) }
  }

  // MARK: - Operations

  func makeFolder(_ path: String) throws {
    try operate { state in
      guard Self.find(path, in: state) == nil else { return }
      state.nodes.append(Node(isFolder: true))
      let node = state.nodes.count - 1
      try Self.change(&state, of: path) { .add($0, node) }
    }
  }

  func write(_ data: Data, to path: String) throws {
    try operate(half: { try? Self.put(data.prefix(data.count / 2), at: path, in: &$0) }) { state in
      try Self.put(data, at: path, in: &state)
    }
  }

  func sync(_ path: String) throws {
    try operate { state in
      guard let node = Self.find(path, in: state) else { throw Broken() }
      state.nodes[node].syncedContent = state.nodes[node].content
      state.nodes[node].syncedEntries = state.nodes[node].entries
      state.nodes[node].unsynced = []
    }
  }

  func rename(_ path: String, to newPath: String) throws {
    try operate { state in
      guard Self.find(path, in: state) != nil, Self.find(newPath, in: state) == nil else {
        throw Broken()
      }
      let name = (newPath as NSString).lastPathComponent
      try Self.change(&state, of: path) { .move($0, to: name) }
    }
  }

  func remove(_ path: String) throws {
    try operate { state in
      guard let node = Self.find(path, in: state) else { return }
      guard state.nodes[node].entries.isEmpty else { throw Broken() }
      try Self.change(&state, of: path) { .remove($0) }
    }
  }

  func names(in folder: String) throws -> [String] {
    state.withLock { state in
      Self.find(folder, in: state).map { Array(state.nodes[$0].entries.keys) } ?? []
    }
  }

  func read(_ path: String) throws -> Data {
    try state.withLock { state in
      guard let node = Self.find(path, in: state), !state.nodes[node].isFolder else {
        throw ExperimentError.file(path: path, reason: "No such file or directory")
      }
      guard !state.unreadable.contains(path) else {
        throw ExperimentError.file(path: path, reason: "Input/output error")
      }
      return state.nodes[node].content
    }
  }

  // MARK: - Inside

  private func operate(
    half: (inout State) -> Void = { _ in }, _ body: (inout State) throws -> Void
  ) throws {
    try state.withLock { state in
      guard !state.isOff else { throw Broken() }
      let number = state.operations
      state.operations += 1
      if let trouble = state.trouble, trouble.at == number {
        state.isOff = trouble.kind == .powerCut
        half(&state)
        throw Broken()
      }
      try body(&state)
    }
  }

  private static func find(_ path: String, in state: State) -> Int? {
    var node: Int? = 0
    for part in path.split(separator: "/") {
      node = node.flatMap { state.nodes[$0].entries[String(part)] }
    }
    return node
  }

  private static func put(_ data: Data, at path: String, in state: inout State) throws {
    if let node = find(path, in: state) {
      state.nodes[node].content = data
    } else {
      state.nodes.append(Node(isFolder: false, content: data))
      let node = state.nodes.count - 1
      try change(&state, of: path) { .add($0, node) }
    }
  }

  private static func change(
    _ state: inout State, of path: String, _ make: (String) -> Change
  ) throws {
    let folder = (path as NSString).deletingLastPathComponent
    guard let node = find(folder, in: state) else { throw Broken() }
    let change = make((path as NSString).lastPathComponent)
    apply(change, to: &state.nodes[node].entries)
    state.nodes[node].unsynced.append(change)
  }

  private static func apply(_ change: Change, to entries: inout [String: Int]) {
    switch change {
    case .add(let name, let node): entries[name] = node
    case .remove(let name): entries[name] = nil
    case .move(let name, let newName):
      entries[newName] = entries[name]
      entries[name] = nil
    }
  }
}

/// A small seeded generator.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
