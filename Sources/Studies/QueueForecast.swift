internal import Experiments

/// How much of a queue's work is done and how long the rest takes, at the speed measured so far.
public struct QueueForecast: Sendable {
  private let planned: [String: Workload]
  private var done: [String: Workload] = [:]
  private var ended: Set<String> = []
  /// What runs that have ended have taught about the speed.
  private var pace = Pace()
  private var presentPace = Pace()

  /// A queue of which nothing is done.
  /// - Parameter planned: what each run has to do, by name.
  public init(_ planned: [String: Workload]) {
    self.planned = planned
  }

  /// Notes how far a run is.
  public mutating func note(_ progress: RunProgress, of name: String) {
    done[name] = progress.done
    presentPace = progress.pace
  }

  /// Notes that nothing is left to do of a run.
  /// - Parameter isFinished: whether its plan is done; the rest of another one is given up.
  public mutating func end(_ name: String, isFinished: Bool) {
    if isFinished { done[name] = planned[name] }
    ended.insert(name)
    pace = pace + presentPace
    presentPace = Pace()
  }

  /// Takes over what was learnt about the speed elsewhere.
  public mutating func learn(_ more: Pace) {
    pace = pace + more
  }

  /// Seconds to the end; `nil` before a speed is known.
  public var secondsLeft: Double? { seconds(of: left) }

  /// The share of all work that is done, in 0…1.
  public var fraction: Double {
    func total(_ steps: (Stage) -> Int) -> Double {
      seconds(of: steps) ?? Double(Stage.allCases.reduce(0) { $0 + steps($1) })
    }
    let (taken, rest) = (total(taken), total(left))
    return taken + rest > 0 ? taken / (taken + rest) : 1
  }

  private func seconds(of steps: (Stage) -> Int) -> Double? {
    let known = pace + presentPace
    guard let any = known[.extraction] ?? known[.retraining] else { return nil }
    return Stage.allCases.reduce(0) { $0 + Double(steps($1)) * (known[$1] ?? any) }
  }

  private func taken(_ stage: Stage) -> Int { done.values.reduce(0) { $0 + $1[stage] } }

  private func left(_ stage: Stage) -> Int {
    planned.reduce(0) { sum, run in
      guard !ended.contains(run.key) else { return sum }
      return sum + max(0, run.value[stage] - (done[run.key]?[stage] ?? 0))
    }
  }
}
