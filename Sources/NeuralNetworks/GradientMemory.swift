internal import Tensors

/// Memory for the gradients of feature maps, shared by maps whose gradients are never wanted at the
/// same time.
///
/// A gradient lives from the phase of its first contribution to the phase in which the step that made
/// the map has read it. Within a phase the shards are not in step with each other, so memory changes
/// hands between phases only. Besides saving half of a network's memory, what was just used is still
/// in the cache.
enum GradientMemory {
  private struct Life {
    var map: FeatureMap
    var phases: ClosedRange<Int>
  }

  private struct Slot {
    /// Vectors per group.
    var count: Int
    var freeAfter: Int
    var maps: [FeatureMap]
  }

  /// Gives every map that needs one a gradient buffer.
  /// - Parameter phases: the phases of the backward pass, wired.
  static func allocate(for phases: [Phase]) {
    for slot in slots(for: phases) {
      guard let groups = slot.maps.first?.groups else { continue }
      let buffer = FloatBuffer(count: slot.count * groups * LaneBatch.lanes)
      for map in slot.maps { map.useGradient(buffer) }
    }
  }

  /// Vectors that a group of sixteen samples takes in all gradient buffers together.
  static func vectorsPerGroup(for phases: [Phase]) -> Int {
    slots(for: phases).reduce(0) { $0 + $1.count }
  }

  private static func slots(for phases: [Phase]) -> [Slot] {
    var slots: [Slot] = []
    for life in lives(in: phases) {
      let count = life.map.channels * life.map.pixels
      let free = slots.indices.filter { slots[$0].freeAfter < life.phases.lowerBound }
      // The smallest that is large enough, else the largest, which then grows.
      let best =
        free.filter { slots[$0].count >= count }.min { slots[$0].count < slots[$1].count }
        ?? free.max { slots[$0].count < slots[$1].count }
      if let best {
        slots[best].count = max(slots[best].count, count)
        slots[best].freeAfter = life.phases.upperBound
        slots[best].maps.append(life.map)
      } else {
        slots.append(Slot(count: count, freeAfter: life.phases.upperBound, maps: [life.map]))
      }
    }
    return slots
  }

  /// The maps with a gradient of their own, by the beginning of its life.
  private static func lives(in phases: [Phase]) -> [Life] {
    var lives: [Life] = []
    var places: [ObjectIdentifier: Int] = [:]
    for (index, phase) in phases.enumerated() {
      for map in phase.steps.flatMap(used) {
        if let place = places[ObjectIdentifier(map)] {
          lives[place].phases = lives[place].phases.lowerBound...index
        } else {
          places[ObjectIdentifier(map)] = lives.count
          lives.append(Life(map: map, phases: index...index))
        }
      }
    }
    return lives
  }

  /// The maps whose own gradients the backward pass of a step writes or reads.
  private static func used(by step: Step) -> [FeatureMap] {
    let written = step.edges.map(\.map) + step.edges.compactMap { $0.base?.map }
    let read = ([step.output].compactMap(\.self) + step.completes).compactMap {
      $0.gradientOwner?.map
    }
    return written + read
  }
}
