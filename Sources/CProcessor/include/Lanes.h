// The vector operations that Swift has no dependable form of: its SIMD `addingProduct`,
// `squareRoot` and `clamped` are loops over lanes that the optimiser sometimes leaves as such.
#pragma once

typedef float lanes16 __attribute__((ext_vector_type(16)));
typedef float lanes8 __attribute__((ext_vector_type(8)));

/// Whether a vector of sixteen floats is one register, of which there are thirty-two; else it takes two
/// of sixteen.
static inline __attribute__((always_inline)) _Bool lanes16_fill_one_register(void) {
#ifdef __AVX512F__
  return 1;
#else
  return 0;
#endif
}

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_fma(lanes16 sum, lanes16 a, lanes16 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes8 lanes8_fma(lanes8 sum, lanes8 a, lanes8 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// The larger of a and b, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_max(lanes16 a, lanes16 b) {
  return __builtin_elementwise_max(a, b);
}

/// The smaller of a and b, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_min(lanes16 a, lanes16 b) {
  return __builtin_elementwise_min(a, b);
}

/// The square root, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_sqrt(lanes16 a) {
  return __builtin_elementwise_sqrt(a);
}

/// `one` where a bit of `bits` is one, else `zero`; bit i belongs to lane i.
static inline __attribute__((always_inline)) lanes16 lanes16_select(
    unsigned bits, lanes16 one, lanes16 zero) {
  typedef int ints16 __attribute__((ext_vector_type(16)));
  const ints16 places = {1 << 0,  1 << 1,  1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
                         1 << 8,  1 << 9,  1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
  ints16 all = (int)bits;
  return (all & places) != 0 ? one : zero;
}
