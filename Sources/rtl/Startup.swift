import Foundation
import Glibc
import Tensors

/// What must be right before anything else runs.
enum Startup {
  /// Checks the processor, then gives the libraries the environment they read while they are loaded.
  static func prepare() {
    checkProcessor()
    settleLibraries()
  }

  /// Ends the program with a clear message if the kernels were compiled for instructions that this
  /// processor lacks; the alternative is an illegal instruction some time later.
  private static func checkProcessor() {
    let missing = Processor.missingFeatures
    guard !missing.isEmpty else { return }
    let message = """
      rtl: this program was built for a processor with \(missing.joined(separator: ", ")), which \
      this one does not have.
      Build it again here (`make release`), or for an older processor: \
      `RTL_MARCH=x86-64-v2 make release`.
      """
    ErrorReport.write(message)
    exit(1)
  }

  /// Starts the program anew with `OPENBLAS_CORETYPE` set, if it is not.
  ///
  /// OpenBLAS reads the variable while it is loaded, which is before any line of ours; and versions
  /// that are older than the processor fall back to SSE kernels, several times slower.
  private static func settleLibraries() {
    guard getenv(BLAS.coreTypeVariable) == nil, let core = BLAS.recommendedCoreType() else {
      return
    }
    setenv(BLAS.coreTypeVariable, core, 1)
    setenv("OPENBLAS_NUM_THREADS", "1", 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // Still here: /proc is not mounted. Slower BLAS is no reason not to start.
    for argument in arguments { free(argument) }
  }
}
