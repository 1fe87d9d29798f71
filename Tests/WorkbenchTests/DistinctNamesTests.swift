import Testing
import Workbench

/// What tells names apart.
@Suite struct DistinctNamesTests {
  @Test("of a sweep's names only what was varied stays, with and without its key")
  func sweep() {
    let names = DistinctNames([
      "demo-prune_count=1024,criterion=random,learning_rate=1e-3-1",
      "demo-prune_count=1024,criterion=random,learning_rate=1e-4-1",
      "demo-prune_count=2048,criterion=random,learning_rate=1e-4-1",
    ])
    #expect(
      names.names == [
        "prune_count=1024,learning_rate=1e-3", "prune_count=1024,learning_rate=1e-4",
        "prune_count=2048,learning_rate=1e-4",
      ])
    #expect(names.values == ["1024,1e-3", "1024,1e-4", "2048,1e-4"])
    #expect(names.pattern == "demo-prune_count=…,criterion=random,learning_rate=…-1")
  }

  @Test("seeds stay where they differ, lists are one value")
  func seeds() {
    let names = DistinctNames(["demo-targets=[0.25,0.5]-1", "demo-targets=[0.25,0.75]-2"])
    #expect(names.names == ["targets=[0.25,0.5]-1", "targets=[0.25,0.75]-2"])
    #expect(names.values == ["[0.25,0.5]-1", "[0.25,0.75]-2"])
    #expect(names.pattern == "demo-targets=…-…")
    #expect(DistinctNames(["a-x=-1", "a-x=-2"]).values == ["-1", "-2"])
  }

  @Test("names of other shapes lose only what all begin and end with")
  func others() {
    let names = DistinctNames(["cifar10-imp_single-1", "cifar10-quick-rtl-1", "cifar10-rtl-1"])
    #expect(names.names == ["imp_single", "quick-rtl", "rtl"])
    #expect(names.values == names.names)
    #expect(names.pattern == "cifar10-…-1")
    #expect(DistinctNames(["demo", "demo-2"]).names == ["demo", "demo-2"])
    #expect(DistinctNames(["alpha", "beta-2"]).pattern == nil)
  }

  @Test("names that are the same, or one alone, stay as they are")
  func same() {
    for names in [[], ["demo-1"], ["demo-1", "demo-1"], ["", ""], ["", "-"], ["=", "==,["]] {
      let distinct = DistinctNames(names)
      #expect(distinct.names.count == names.count)
      if Set(names).count < 2 {
        #expect(distinct.names == names && distinct.values == names && distinct.pattern == nil)
      }
    }
  }

  @Test("names that differ still do", arguments: 0..<200)
  func distinct(_ seed: Int) {
    var dice = RandomTests.Dice(state: UInt64(seed))
    let words = ["a", "b", "x=1", "x=2", "y=1e-3", "y=1e-4", "[1,2]", "", "=", "é"]
    let names = (0..<Int.random(in: 2..<6, using: &dice)).map { _ in
      (0..<Int.random(in: 1..<5, using: &dice)).map { _ in
        (words.randomElement(using: &dice) ?? "") + ["-", ","][Int.random(in: 0..<2, using: &dice)]
      }.joined()
    }
    // Separators tell nothing: parts are what names are made of.
    let parts = Set(names.map { $0.replacing(",", with: "-") })
    let distinct = DistinctNames(names)
    #expect(Set(distinct.names.map { $0.replacing(",", with: "-") }).count >= parts.count)
  }
}
