internal import COpenBLAS

/// The BLAS library underneath.
///
/// Its kernels are chosen when the library loads, from the processor or from the environment
/// variable `OPENBLAS_CORETYPE`; old releases do not know newer processors and fall back to slow
/// ones. A program sets the variable to `recommendedCoreType()` and starts itself again.
public enum BLAS {
  /// The environment variable that chooses the kernels.
  public static let coreTypeVariable = "OPENBLAS_CORETYPE"

  /// The kernels in use, such as `SkylakeX`, `Zen`, `Haswell` or `Prescott`.
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// The kernels that suit this processor; `nil` where the library's own choice will do.
  public static func recommendedCoreType() -> String? {
    recommendedCoreType(presentFeatures: Processor.presentFeatures)
  }

  /// The kernels that suit a processor with some features.
  package static func recommendedCoreType(presentFeatures: [String]) -> String? {
    let present = Set(presentFeatures)
    let wide: Set = ["AVX-512F", "AVX-512BW", "AVX-512DQ", "AVX-512VL"]
    if wide.isSubset(of: present) { return "SkylakeX" }
    if Set(["AVX2", "FMA"]).isSubset(of: present) { return "Haswell" }
    return nil
  }

  /// Keeps the library on the calling thread: the worker pool divides the work.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// C ← A·B + β·C for row-major matrices.
  /// - Parameters:
  ///   - a: `[rows][inner]`.
  ///   - b: `[inner][columns]`.
  ///   - c: `[rows][columns]`.
  package static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    rows: Int, inner: Int, columns: Int, beta: Float = 0
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
      Int32(inner), b, Int32(columns), beta, c, Int32(columns))
  }
}
