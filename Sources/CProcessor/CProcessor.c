#include "CProcessor.h"

unsigned processor_compiled_features(void) {
  unsigned features = 0;
#ifdef __AVX__
  features |= PROCESSOR_AVX;
#endif
#ifdef __AVX2__
  features |= PROCESSOR_AVX2;
#endif
#ifdef __FMA__
  features |= PROCESSOR_FMA;
#endif
#ifdef __AVX512F__
  features |= PROCESSOR_AVX512F;
#endif
#ifdef __AVX512BW__
  features |= PROCESSOR_AVX512BW;
#endif
#ifdef __AVX512DQ__
  features |= PROCESSOR_AVX512DQ;
#endif
#ifdef __AVX512VL__
  features |= PROCESSOR_AVX512VL;
#endif
#ifdef __BMI2__
  features |= PROCESSOR_BMI2;
#endif
#ifdef __POPCNT__
  features |= PROCESSOR_POPCNT;
#endif
  return features;
}

unsigned processor_present_features(void) {
  unsigned features = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx")) features |= PROCESSOR_AVX;
  if (__builtin_cpu_supports("avx2")) features |= PROCESSOR_AVX2;
  if (__builtin_cpu_supports("fma")) features |= PROCESSOR_FMA;
  if (__builtin_cpu_supports("avx512f")) features |= PROCESSOR_AVX512F;
  if (__builtin_cpu_supports("avx512bw")) features |= PROCESSOR_AVX512BW;
  if (__builtin_cpu_supports("avx512dq")) features |= PROCESSOR_AVX512DQ;
  if (__builtin_cpu_supports("avx512vl")) features |= PROCESSOR_AVX512VL;
  if (__builtin_cpu_supports("bmi2")) features |= PROCESSOR_BMI2;
  if (__builtin_cpu_supports("popcnt")) features |= PROCESSOR_POPCNT;
#endif
  return features;
}
