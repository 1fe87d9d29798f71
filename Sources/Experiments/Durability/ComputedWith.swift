/// What the bits of a run depend on besides its config: the program, the kernels it chose and the
/// library of mathematical functions.
public struct ComputedWith: Sendable, Codable, Equatable {
  /// The program's version and build.
  public var program: String
  /// The instruction sets the kernels were compiled for.
  public var instructionSets: String
  /// The kernels that OpenBLAS chose.
  public var blasCore: String
  /// The C library; `nil` in checkpoints of programs that did not note it.
  public var cLibrary: String?

  /// All four.
  public init(
    program: String, instructionSets: String, blasCore: String, cLibrary: String? = nil
  ) {
    self.program = program
    self.instructionSets = instructionSets
    self.blasCore = blasCore
    self.cLibrary = cLibrary
  }

  /// How another one differs, for a person; empty if it does not.
  public func differences(from earlier: ComputedWith) -> [String] {
    let pairs = [
      ("program", earlier.program, program),
      ("instruction sets", earlier.instructionSets, instructionSets),
      ("OpenBLAS kernels", earlier.blasCore, blasCore),
      ("C library", earlier.cLibrary ?? "unknown", cLibrary ?? "unknown"),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1) then, \($0.2) now" }
  }
}
