internal import COpenBLAS
internal import CProcessor

/// OpenBLAS as this program uses it: on one thread, under the program's own worker pool, with the
/// kernels that fit the processor.
public enum BLAS {
  /// The kernels OpenBLAS chose when it was loaded, by its own name for the processor.
  public static var coreName: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  /// The kernels OpenBLAS should use here, as a value of `OPENBLAS_CORETYPE`; `nil` where its own
  /// choice is as good as ours.
  ///
  /// A version that is older than the processor does not recognise it and falls back to SSE
  /// kernels, several times slower.
  public static func recommendedCoreType() -> String? {
    if Processor.offers(
      PROCESSOR_AVX512F, PROCESSOR_AVX512BW, PROCESSOR_AVX512DQ, PROCESSOR_AVX512VL)
    {
      return "SkylakeX"
    }
    return Processor.offers(PROCESSOR_AVX2, PROCESSOR_FMA) ? "Haswell" : nil
  }
}
