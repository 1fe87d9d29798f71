package import Experiments
package import TerminalUI

/// The runs of the runs folder, as pane 5 lists them.
package struct RunList: Sendable, Equatable {
  /// Seconds between two looks at the folder while the list is on the screen: at first, and at most where
  /// nothing changes, so that a screen that nobody uses costs nothing.
  static let refreshSeconds = 3.0
  static let longestRefreshSeconds = 24.0

  /// Whether there is a folder to look into.
  package let isAvailable: Bool
  /// Whether the pane shows the runs rather than the rounds of this one.
  package internal(set) var isShown: Bool
  /// The runs that meet the filter, as of the last look.
  package private(set) var listings: [RunListing] = []
  /// Whether an answer has come.
  package private(set) var isLoaded = false
  /// The run the cursor is on; by name, so that it stays where runs come and go.
  package private(set) var cursor: String?
  /// The runs marked for comparison, in the order of marking.
  package private(set) var marked: [String] = []
  /// The filter in force.
  package internal(set) var filter = ""
  /// The filter that is being written.
  package internal(set) var input: TextInput?
  /// What is wrong with the filter, or with the folder.
  package private(set) var problem: RunQueryError?
  /// The run that is being opened.
  package internal(set) var opening: String?
  /// When the folder was asked last, and whether it has not answered yet.
  var askedAt = -Double.infinity
  var isAsking = false
  /// Seconds until it is asked again.
  private(set) var patience = refreshSeconds

  /// A list of which nothing is known yet.
  package init(isAvailable: Bool) {
    self.isAvailable = isAvailable
    isShown = isAvailable
  }

  /// The text to look for: the one that is being written, or the filter.
  var wanted: String { input?.text ?? filter }

  /// The run under the cursor; the first where there is none.
  package var selected: RunListing? {
    listings.first { $0.name == cursor } ?? listings.first
  }

  /// The line of the cursor.
  package var selectedIndex: Int? {
    listings.isEmpty ? nil : listings.firstIndex { $0.name == cursor } ?? 0
  }

  /// Takes an answer in; one to an older question only lets the next be asked.
  mutating func take(_ answer: Result<[RunListing], RunQueryError>, to text: String) {
    isAsking = false
    guard text == wanted else {
      askedAt = -.infinity
      return
    }
    isLoaded = true
    switch answer {
    case .success(let list):
      patience =
        list == listings ? min(2 * patience, Self.longestRefreshSeconds) : Self.refreshSeconds
      listings = list
      problem = nil
    case .failure(let problem):
      self.problem = problem
    }
  }

  /// Goes to another line; stops at the ends.
  mutating func move(by offset: Int) {
    guard let index = selectedIndex else { return }
    let target = min(max(0, index.addingReportingOverflow(offset).partialValue), listings.count - 1)
    cursor = listings[target].name
  }

  /// Marks the run under the cursor, or takes its mark away, and goes on to the next.
  mutating func mark() {
    guard let name = selected?.name else { return }
    if let index = marked.firstIndex(of: name) {
      marked.remove(at: index)
    } else {
      marked.append(name)
    }
    move(by: 1)
  }

  /// Marks every run that is listed, the oldest first, as a queue began them; takes those marks away
  /// where all have one.
  mutating func markAll() {
    let names = listings.reversed().map(\.name)
    let unmarked = names.filter { !marked.contains($0) }
    if unmarked.isEmpty {
      marked.removeAll { names.contains($0) }
    } else {
      marked += unmarked
    }
  }

  /// Asks for the folder at the next tick.
  mutating func refresh() {
    askedAt = -.infinity
    patience = Self.refreshSeconds
  }
}

extension WorkbenchState {
  /// The runs of the list; of the one that is open the screen knows the latest.
  package var listings: [RunListing] {
    runList.listings.map { listing in
      guard listing.name == openName, contact.playback == nil, !contact.isLost else {
        return listing
      }
      var listing = listing
      listing.state = run.state
      listing.isLive = !run.state.isFinal
      if !run.subnetworks.isEmpty { listing.sparsity = run.meanSparsity }
      return listing
    }
  }
}
