/// What the bits of a run depend on besides its config: the program and the kernels it chose.
public struct ComputedWith: Sendable, Codable, Equatable {
  /// The program's version.
  public var program: String
  /// The instruction sets the kernels were compiled for.
  public var instructionSets: String
  /// The kernels that OpenBLAS chose.
  public var blasCore: String

  /// All three.
  public init(program: String, instructionSets: String, blasCore: String) {
    self.program = program
    self.instructionSets = instructionSets
    self.blasCore = blasCore
  }

  /// How another one differs, for a person; empty if it does not.
  public func differences(from earlier: ComputedWith) -> [String] {
    let pairs = [
      ("program", earlier.program, program),
      ("instruction sets", earlier.instructionSets, instructionSets),
      ("OpenBLAS kernels", earlier.blasCore, blasCore),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1) then, \($0.2) now" }
  }
}

/// The version of this program.
public enum ProgramVersion {
  /// As `rtl --version` prints it.
  public static let current = "0.1.0"
}
