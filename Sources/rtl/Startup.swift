import Foundation
import Glibc
import Tensors

/// What must be right before anything else runs.
enum Startup {
  /// Checks the processor, then gives the libraries the environment they read while they are loaded.
  static func prepare() {
    checkProcessor()
    settleLibraries()
    takeName()
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

  /// Takes the program's name, for started anew through `/proc/self/exe` it is `exe` to top and ps.
  private static func takeName() {
    let file = open("/proc/self/comm", O_WRONLY)
    guard file >= 0 else { return }
    _ = write(file, "rtl", 3)
    close(file)
  }

  /// The variable by which Swift's runtime is told what to do in a crash.
  private static let backtraceVariable = "SWIFT_BACKTRACE"

  /// Starts the program anew with the environment that libraries read while they are loaded, which is
  /// before any line of ours, if it is not there yet.
  ///
  /// Without `OPENBLAS_CORETYPE`, versions of OpenBLAS that are older than the processor fall back to
  /// SSE kernels, several times slower. And in a terminal, Swift's runtime would ask after a crash
  /// what to do next, half a minute long, with the terminal in its own modes.
  private static func settleLibraries() {
    var isSettled = true
    if getenv(BLAS.coreTypeVariable) == nil, let core = BLAS.recommendedCoreType() {
      setenv(BLAS.coreTypeVariable, core, 1)
      setenv("OPENBLAS_NUM_THREADS", "1", 0)
      isSettled = false
    }
    if getenv(backtraceVariable) == nil {
      setenv(backtraceVariable, "interactive=no", 1)
      isSettled = false
    }
    guard !isSettled else { return }
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // Still here: /proc is not mounted. That is no reason not to start.
    for argument in arguments { free(argument) }
  }
}
