import Testing

@Suite("Help", .enabled(if: Program.path != nil, Program.absence))
struct HelpTests {
  @Test(
    "every verb's help has an example",
    arguments: [
      [], ["run"], ["runs"], ["show"], ["masks"], ["eval"], ["export"], ["check"], ["doctor"],
      ["bench"], ["bench", "step"], ["bench", "gemm"], ["bench", "masks"],
      ["bench", "extraction"], ["bench", "catalogue"],
      ["calibrate"], ["route"], ["predict"],
      ["attach"], ["ctl"], ["reproduce"], ["status"], ["resume"], ["branch"], ["verify"], ["tag"],
      ["note"],
      ["keys"], ["render"],
    ])
  func example(verb: [String]) async throws {
    let outcome = try await Program.run(try #require(Program.path), verb + ["--help"])
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.errors.isEmpty)
    let example = outcome.output.split(separator: "\n").first { $0.contains("Example: rtl") }
    let line = try #require(example, "no example in\n\(outcome.output)")
    #expect(line.contains((["rtl"] + verb).joined(separator: " ")))
  }

  @Test("an unknown verb or flag is refused with status 2", arguments: [["frobnicate"], ["--wat"]])
  func unknown(arguments: [String]) async throws {
    let outcome = try await Program.run(try #require(Program.path), arguments)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(!outcome.errors.isEmpty)
  }

  @Test("a misspelt verb gets the nearest one")
  func misspelt() async throws {
    let outcome = try await Program.rtl("chek", "demo")
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("did you mean 'check'?"), "\(outcome.errors)")
  }

  @Test("the doctor looks at the processor, BLAS and the runs folder")
  func doctor() async throws {
    let outcome = try await Program.rtl("doctor")
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.contains("OpenBLAS"))
    #expect(outcome.output.contains("./runs"))
  }
}
