import Foundation
import Testing

/// Damaged inputs for every reader: none may trap, none may end in an error that is not ours.
///
/// `RTL_FUZZ=100000 swift test -c release --filter FuzzTests` reads so many per reader,
/// `RTL_FUZZ_SEED` begins another series, `RTL_FUZZ_READER` names one reader. The number of the input
/// at hand is kept in `rtl-fuzz-READER.last` in the temporary folder (eight bytes, little-endian):
/// after a trap it names the input, and `RTL_FUZZ_FROM=NUMBER RTL_FUZZ=1` reads it again.
@Suite(.serialized)
struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seed = environment["RTL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
  private static let first = environment["RTL_FUZZ_FROM"].flatMap { Int($0) } ?? 0
  private static let count = environment["RTL_FUZZ"].flatMap { Int($0) }
  /// Only this reader, if set.
  private static let only = environment["RTL_FUZZ_READER"]

  @Test("damaged inputs end in a result or one of our errors", arguments: try FuzzTarget.all())
  func read(_ target: FuzzTarget) async throws {
    guard Self.only == nil || Self.only == target.name else { return }
    let count = Self.count ?? target.usual
    let mark = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rtl-fuzz-\(target.name).last"
    ).path
    let descriptor = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer {
      close(descriptor)
      unlink(mark)
    }
    var complaints = 0
    var slowest = (number: 0, duration: Duration.zero)
    for number in Self.first..<Self.first + count {
      // Other tests wait for their turn on the same few threads, some with a run going on.
      if number % 4 == 0 { await Task.yield() }
      withUnsafeBytes(of: number) { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      var mutator = Mutator(seed: Self.seed, reader: target.name, number: number)
      let input = mutator.input(
        samples: target.samples, words: target.words, limit: target.limit)
      let begun = ContinuousClock.now
      if let complaint = target.complaint(about: input) {
        complaints += 1
        Issue.record("\(target.name), seed \(Self.seed), input \(number): \(complaint)")
        // One fault shows in many inputs; a few are enough to find it.
        guard complaints < 5 else { return }
      }
      let duration = ContinuousClock.now - begun
      if duration > slowest.duration { slowest = (number, duration) }
    }
    if Self.count != nil {
      print("\(target.name): \(count) inputs, slowest \(slowest.number) in \(slowest.duration)")
    }
  }

  @Test("good inputs are taken", arguments: try FuzzTarget.all())
  func samples(_ target: FuzzTarget) throws {
    for sample in target.samples { #expect(try target.read(sample) == nil) }
  }

  @Test("the same seed and number make the same input, others another")
  func reproducible() throws {
    let samples = [Array("some text to damage".utf8)]
    func input(_ seed: UInt64, _ number: Int) -> [UInt8] {
      var mutator = Mutator(seed: seed, reader: "x", number: number)
      return mutator.input(samples: samples, words: [[1, 2, 3]], limit: 100)
    }
    let inputs = (0..<50).map { input(1, $0) }
    #expect(inputs == (0..<50).map { input(1, $0) })
    #expect(Set(inputs).count > 30)
    #expect(inputs != (0..<50).map { input(2, $0) })
  }
}
