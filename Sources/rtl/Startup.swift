import CProcessor
import Foundation
import Glibc

/// What must be right before anything else runs.
enum Startup {
  /// Checks the processor, then gives OpenBLAS the right kernels.
  static func prepare() {
    checkProcessor()
    chooseBLASKernels()
  }

  /// Ends the program with a clear message if the kernels were compiled for instructions that this
  /// processor lacks; the alternative is an illegal instruction some time later.
  private static func checkProcessor() {
    let missing = missingInstructionSets
    guard !missing.isEmpty else { return }
    let message = """
      rtl: this program was built for a processor with \(missing.joined(separator: ", ")), which \
      this one does not have.
      Build it again here (`make release`), or for an older processor: \
      `RTL_MARCH=x86-64-v2 make release`.

      """
    FileHandle.standardError.write(Data(message.utf8))
    exit(1)
  }

  /// Instruction sets the kernels were compiled for and the processor does not offer.
  static var missingInstructionSets: [String] {
    let missing = processor_compiled_features() & ~processor_present_features()
    return instructionSets.filter { missing & $0.bit != 0 }.map(\.name)
  }

  /// Instruction sets the kernels were compiled for.
  static var compiledInstructionSets: [String] {
    let compiled = processor_compiled_features()
    return instructionSets.filter { compiled & $0.bit != 0 }.map(\.name)
  }

  private static let instructionSets: [(bit: UInt32, name: String)] = [
    (PROCESSOR_AVX.rawValue, "AVX"), (PROCESSOR_AVX2.rawValue, "AVX2"),
    (PROCESSOR_FMA.rawValue, "FMA"), (PROCESSOR_AVX512F.rawValue, "AVX-512F"),
    (PROCESSOR_AVX512BW.rawValue, "AVX-512BW"), (PROCESSOR_AVX512DQ.rawValue, "AVX-512DQ"),
    (PROCESSOR_AVX512VL.rawValue, "AVX-512VL"), (PROCESSOR_BMI2.rawValue, "BMI2"),
    (PROCESSOR_POPCNT.rawValue, "POPCNT"),
  ]

  /// Starts the program anew with `OPENBLAS_CORETYPE` set, if it is not.
  ///
  /// OpenBLAS reads the variable while it is loaded, which is before any line of ours; and versions
  /// that are older than the processor fall back to SSE kernels, several times slower.
  private static func chooseBLASKernels() {
    guard getenv("OPENBLAS_CORETYPE") == nil, let core = recommendedBLASCore else { return }
    setenv("OPENBLAS_CORETYPE", core, 1)
    setenv("OPENBLAS_NUM_THREADS", "1", 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // Still here: /proc is not mounted. Slower BLAS is no reason not to start.
    for argument in arguments { free(argument) }
  }

  /// The name OpenBLAS gives to the best kernels for this processor.
  static var recommendedBLASCore: String? {
    let present = processor_present_features()
    func has(_ bits: UInt32...) -> Bool { bits.allSatisfy { present & $0 != 0 } }
    if has(
      PROCESSOR_AVX512F.rawValue, PROCESSOR_AVX512BW.rawValue, PROCESSOR_AVX512DQ.rawValue,
      PROCESSOR_AVX512VL.rawValue)
    {
      return "SkylakeX"
    }
    return has(PROCESSOR_AVX2.rawValue, PROCESSOR_FMA.rawValue) ? "Haswell" : nil
  }
}
