/// Steps that a shard runs one after the other without waiting for the other shards.
struct Phase {
  var steps: [Step]
  /// The maps whose sums over the batch are complete after it.
  var finished: [FeatureMap] = []

  init(steps: [Step]) { self.steps = steps }

  /// Phases of the training pass: a step waits for the statistics of what it reads.
  static func forward(_ steps: [Step]) -> [Phase] {
    schedule(steps, waitsFor: { $0.sources }, sums: { $0.output.map { [$0] } ?? [] })
  }

  /// Phases of the backward pass, after wiring the gradients: a step waits for the sums over the
  /// gradient of what it wrote.
  static func backward(_ steps: [Step]) -> [Phase] {
    for step in steps {
      for map in step.sources { map.pendingReaders += 1 }
    }
    for step in steps.reversed() {
      step.wire()
      // A sum hands its gradient through: its terms are complete when it is.
      let completer = step is ResidualSum ? step.output?.completedBy : step
      for map in step.sources {
        map.pendingReaders -= 1
        if map.pendingReaders == 0 {
          map.completedBy = completer
          if map.normalization != nil { completer?.completes.append(map) }
        }
      }
    }
    return schedule(
      steps.reversed(), waitsFor: { $0.output.map { [$0] } ?? [] }, sums: { $0.completes })
  }

  private static func schedule(
    _ steps: [Step], waitsFor: (Step) -> [FeatureMap], sums: (Step) -> [FeatureMap]
  ) -> [Phase] {
    var phases = [Phase(steps: [])]
    for step in steps {
      let waits = waitsFor(step).contains { map in
        phases[phases.count - 1].finished.contains { $0 === map }
      }
      if waits { phases.append(Phase(steps: [])) }
      phases[phases.count - 1].steps.append(step)
      phases[phases.count - 1].finished += sums(step).filter { $0.normalization != nil }
    }
    return phases
  }
}
