// The one vector operation that Swift has no dependable form of: its SIMD `addingProduct` is a loop
// over lanes that the optimiser sometimes leaves as one.
#pragma once

typedef float lanes16 __attribute__((ext_vector_type(16)));
typedef float lanes8 __attribute__((ext_vector_type(8)));

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes16 lanes16_fma(lanes16 sum, lanes16 a, lanes16 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// sum + a · b, rounded once, lane by lane.
static inline __attribute__((always_inline)) lanes8 lanes8_fma(lanes8 sum, lanes8 a, lanes8 b) {
  return __builtin_elementwise_fma(a, b, sum);
}
