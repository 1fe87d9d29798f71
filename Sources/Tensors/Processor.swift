internal import CProcessor

/// The instruction sets that matter to the kernels: what they were compiled for and what the
/// processor underneath offers.
public enum Processor {
  /// The instruction sets the kernels may use.
  public static var compiledFeatures: [String] { names(processor_compiled_features()) }

  /// The instruction sets this processor and its operating system offer.
  public static var presentFeatures: [String] { names(processor_present_features()) }

  /// What the kernels may use and the processor does not have; not empty means they cannot run.
  public static var missingFeatures: [String] {
    names(processor_compiled_features() & ~processor_present_features())
  }

  /// Whether all of some features are present.
  static func offers(_ features: Int...) -> Bool {
    let present = processor_present_features()
    return features.allSatisfy { present & UInt32($0) != 0 }
  }

  private static func names(_ bits: UInt32) -> [String] {
    let all: [(Int, String)] = [
      (PROCESSOR_AVX, "AVX"), (PROCESSOR_AVX2, "AVX2"), (PROCESSOR_FMA, "FMA"),
      (PROCESSOR_AVX512F, "AVX-512F"), (PROCESSOR_AVX512BW, "AVX-512BW"),
      (PROCESSOR_AVX512DQ, "AVX-512DQ"), (PROCESSOR_AVX512VL, "AVX-512VL"),
      (PROCESSOR_BMI2, "BMI2"), (PROCESSOR_POPCNT, "POPCNT"),
    ]
    return all.filter { bits & UInt32($0.0) != 0 }.map(\.1)
  }
}
